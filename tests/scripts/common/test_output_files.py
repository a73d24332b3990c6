import os

import pytest
from needs import needs_pipes

from cookie_jar.scripts.common.output_files import MEMORY_JSON, MODEL_CARD, NUMBERS_CSV, obstacle

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("name", "beginning", "contents"),
    [
        ("a.png", None, PNG),
        ("a.PNG", None, PNG),
        ("a.gif", None, b"GIF89a"),
        ("a.webp", None, b"RIFF\n\n\r\nWEBPVP8X"),
        ("a.mp4", None, b"\0\0\0\x1cftypisom"),
        ("a.json", MEMORY_JSON, b'{\n "description": {}}'),
        ("a.csv", NUMBERS_CSV, b"state,meaning,up\n"),
        ("a.csv", NUMBERS_CSV, b"name,index,value\n"),
        ("README.md", MODEL_CARD, b"---\nlibrary_name: cookie-jar\n---\n"),
        ("a.json", b"", b"a list to shop"),
        ("a.png", None, b""),
    ],
)
def test_a_file_of_the_same_kind_may_be_replaced(tmp_path, name, beginning, contents):
    file = tmp_path / name
    assert obstacle(file, beginning) is None
    file.write_bytes(contents)
    assert obstacle(file, beginning) is None


@pytest.mark.parametrize(
    ("name", "beginning", "contents"),
    [
        ("thesis.png", None, b"%PDF-1.7"),
        ("a.gif", None, PNG),
        ("package.json", MEMORY_JSON, b'{"name": "mine", "description": "a package"}'),
        ("a.csv", NUMBERS_CSV, b"name,price\n"),
        ("README.md", MODEL_CARD, b"# Mine\n\nlibrary_name: cookie-jar\n"),
        ("notes", None, b"mine"),
    ],
)
def test_another_file_is_kept(tmp_path, name, beginning, contents):
    file = tmp_path / name
    file.write_bytes(contents)
    assert "holds something else, and is kept" in obstacle(file, beginning)
    assert file.read_bytes() == contents


@needs_pipes
def test_what_is_no_file_is_refused_without_reading_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    assert "expected a regular file" in obstacle(tmp_path / "pipe.png")
    assert "got the folder" in obstacle(tmp_path)
