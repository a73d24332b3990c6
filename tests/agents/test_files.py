import csv
import os
import socket

import pytest
from needs import needs_devices, needs_links, needs_pipes, needs_posix

from cookie_jar.agents.errors import FileError
from cookie_jar.agents.files import (
    append,
    delete,
    parse_json,
    read_bytes,
    read_json,
    read_text,
    write_atomically,
    write_table,
)


def test_a_file_of_exactly_the_limit_is_read(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"12345")
    assert read_bytes(path, 5) == b"12345"
    with pytest.raises(FileError, match="at most 4 bytes"):
        read_bytes(path, 4)


@needs_posix
def test_a_sparse_file_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "file"
    path.touch()
    os.truncate(path, 50 << 30)
    with pytest.raises(FileError, match="at most"):
        read_bytes(path)


@needs_links
@needs_pipes
@needs_devices
def test_only_regular_files_are_read(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "device").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    listening = socket.socket(socket.AF_UNIX)
    before = os.getcwd()
    os.chdir(tmp_path)  # the path of a socket is short
    listening.bind("socket")
    os.chdir(before)
    for name in ("folder", "device", "pipe", "loop", "socket", "missing", "a\0b"):
        with pytest.raises(FileError, match=r"expected a file|cannot be read|not a valid path"):
            read_bytes(tmp_path / name)
    listening.close()


@needs_links
def test_a_linked_regular_file_is_read(tmp_path):
    (tmp_path / "file").write_text("text")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert read_text(tmp_path / "link") == "text"


def test_a_pointer_of_git_lfs_is_named(tmp_path):
    (tmp_path / "file").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n")
    with pytest.raises(FileError, match="git lfs pull"):
        read_bytes(tmp_path / "file")


def test_text_is_utf_8_with_or_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "file"
    path.write_bytes("é".encode("utf-8-sig"))
    assert read_text(path) == "é"
    path.write_bytes(b"a\xff")
    with pytest.raises(FileError, match="UTF-8, got other bytes at 1"):
        read_text(path)


@pytest.mark.parametrize(
    "text", ["", "{", "NaN", "[Infinity]", "1e999", '{"a": 1, "a": 2}', "[" * 100_000, "9" * 5_000]
)
def test_json_is_valid_with_unique_keys_and_finite_numbers(tmp_path, text):
    (tmp_path / "file").write_text(text)
    with pytest.raises(FileError, match="expected JSON"):
        read_json(tmp_path / "file")


def test_json_is_parsed():
    assert parse_json('{"a": [1, 2.5, null]}', "line 1") == {"a": [1, 2.5, None]}


def test_a_failing_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "memory"
    write_atomically(path, b"old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["memory"]


def test_folders_are_made_and_nothing_is_left_beside_the_file(tmp_path):
    write_atomically(tmp_path / "a" / "b" / "file", b"new")
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"new"
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["file"]


def test_a_table_is_comma_separated_with_a_header(tmp_path):
    write_table(tmp_path / "table.csv", ("name", "value"), [("a", 0.1), ("b, c", float("nan"))])
    assert (tmp_path / "table.csv").read_bytes() == b'name,value\na,0.1\n"b, c",nan\n'


@pytest.mark.parametrize("text", ["=HYPERLINK(0)", "+1+2", "-2+3", "@SUM(A1)", "\tx", "\n=1", "-x"])
def test_a_cell_is_no_formula(text, tmp_path):
    path = tmp_path / "table.csv"
    write_table(path, [text, "b"], [[1, text]])
    with path.open(newline="") as file:
        assert list(csv.reader(file)) == [[f"'{text}", "b"], ["1", f"'{text}"]]


@pytest.mark.parametrize("text", ["\r=1", "a\r=1", "a\r\nb", 'a"b', "a,b", "a\n=1"])
def test_a_text_remains_one_cell(text, tmp_path):
    path = tmp_path / "table.csv"
    write_table(path, ["a", "b"], [[text, 1]])
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    assert [len(row) for row in rows] == [2, 2]
    assert not rows[1][0].startswith(("\r", "\n"))


@pytest.mark.parametrize("number", [-1, -1.5, "-1", "+2.5", "-.5", "-1e-06", "-inf", "", "a=b"])
def test_numbers_and_plain_texts_remain_as_they_are(number, tmp_path):
    write_table(tmp_path / "table.csv", ["a"], [[number, 0]])
    assert (tmp_path / "table.csv").read_text() == f"a\n{number},0\n"


def test_a_repeated_key_is_found_among_many():
    keys = ",".join(f'"{number}":0' for number in range(100_000))
    with pytest.raises(FileError, match="expected each key once, got '99999' again"):
        parse_json(f'{{{keys},"99999":1}}', "file")


@needs_links
def test_writing_replaces_a_link_and_appending_refuses_it(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(OSError, match="link"):
        append(tmp_path / "link", b"new")
    with pytest.raises(FileNotFoundError):
        append(tmp_path / "nothing", b"new")
    write_atomically(tmp_path / "link", b"new")
    append(tmp_path / "link", b"er")
    assert (tmp_path / "link").read_bytes() == b"newer"
    assert (tmp_path / "file").read_bytes() == b"old"


@needs_links
def test_a_planted_temporary_file_is_not_written_through(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / f".memory.{os.getpid()}.part").symlink_to(tmp_path / "file")
    write_atomically(tmp_path / "memory", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert not (tmp_path / "memory").is_symlink()


def test_an_error_of_writing_names_the_file(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "folder", tmp_path / "file" / "below"):
        with pytest.raises(OSError, match=r"Is a directory|Not a directory|File exists") as caught:
            write_atomically(path, b"new")
        assert caught.value.filename == str(path)


@needs_links
def test_only_regular_files_are_deleted(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for name in ("folder", "link", "nothing"):
        delete(tmp_path / name)
    assert {path.name for path in tmp_path.iterdir()} == {"file", "folder", "link"}
    delete(tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_unprintable_characters_of_a_name_are_escaped(tmp_path):
    with pytest.raises(FileError, match=r"a\\nb\\x1b\]0: cannot be read"):
        read_bytes(tmp_path / "a\nb\x1b]0")


@needs_pipes
def test_a_pipe_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="expected a regular file"):
        write_atomically(tmp_path / "pipe", b"data")
    assert (tmp_path / "pipe").is_fifo()
    assert os.listdir(tmp_path) == ["pipe"]
