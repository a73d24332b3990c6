import pytest

from cookie_jar.agents.files import write_atomically, write_table


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
