import pytest

from cookie_jar.agents import FileError
from cookie_jar.scripts.classification.metadata import Entry, read_metadata

FILES = {"a/1.png", "b/2.png"}
ATTRIBUTES = "size,dots,dot_size,darkness,stretch"


def read(tmp_path, text, files=FILES):
    (tmp_path / "metadata.csv").write_text(text)
    return read_metadata(tmp_path / "metadata.csv", files)


def test_labels_numbers_and_attributes_are_read(tmp_path):
    text = (
        f"file_name,label,other,number,{ATTRIBUTES}\nb/2.png,b,x,7,.1,2,3,4,5e-1\na/1.png,a,y,3,1,2,3,4,5\n"
    )
    assert read(tmp_path, text) == {
        "b/2.png": Entry("b", 7, (0.1, 2.0, 3.0, 4.0, 0.5)),
        "a/1.png": Entry("a", 3, (1.0, 2.0, 3.0, 4.0, 5.0)),
    }


def test_file_names_alone_are_enough(tmp_path):
    found = read(tmp_path, "\ufefffile_name\r\na/1.png\r\nb/2.png\r\n")
    assert found == dict.fromkeys(FILES, Entry(None, None, None))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a column file_name"),
        ("name\na/1.png\n", "expected a column file_name"),
        ("file_name,file_name\n", "each column once"),
        ("file_name,size\na/1.png,1\n", "got no column dots, dot_size, darkness, stretch"),
        ("file_name\na/1.png\n", "got no line for 'b/2.png'"),
        ("file_name\na/1.png\na/1.png\n", "line 3: .* listed twice"),
        ("file_name\n../a/1.png\n", "line 2: .* not in the folder"),
        ("file_name\n/etc/passwd\n", "line 2: .* not in the folder"),
        ("file_name,label\na/1.png\n", "line 2: expected 2 values, got 1"),
        ("file_name,number\na/1.png,3\nb/2.png,3\n", "expected each number once"),
        ("file_name,number\na/1.png,-3\n", "expected the number of a picture"),
        ("file_name,number\na/1.png,9999999999999999\n", "expected the number of a picture"),
        ("file_name,number\na/1.png,٣\n", "expected the number of a picture"),
        (f"file_name,{ATTRIBUTES}\na/1.png,1,2,3,4,nan\n", "expected a finite number for stretch"),
        (f"file_name,{ATTRIBUTES}\na/1.png,1,2,3,4,1e999\n", "expected a finite number for stretch"),
        (f"file_name,{ATTRIBUTES}\na/1.png,1,x,3,4,1\n", "expected a finite number for dots, got 'x'"),
        ('file_name\n"a/1.png\n', "expected a csv file"),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, text, message):
    with pytest.raises(FileError, match=message):
        read(tmp_path, text)
