import pytest

from cookie_jar.agents.errors import FileError
from cookie_jar.scripts.comparison.yaml_files import MAX_BYTES, read_yaml

BOMB = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.fixture
def read(tmp_path):
    def call(text):
        (tmp_path / "x.yml").write_text(text)
        return read_yaml(tmp_path / "x.yml")

    return call


def test_plain_values(read):
    text = "a: [1, 0.5, .5, 1e-3, 1e5, !!float 1e5, -2.5e-1]\nb: {c: yes, d: off, e: ~, f: text, g: '1e-3'}\n"
    assert read(text) == {
        "a": [1, 0.5, 0.5, 0.001, 100_000, 100_000.0, -0.25],
        "b": {"c": True, "d": False, "e": None, "f": "text", "g": "1e-3"},
    }
    assert read("a: &a {b: 1, c: 2}\nd: {<<: *a, c: 3}\n")["d"] == {"b": 1, "c": 3}
    assert read("\ufeffa: 1") == {"a": 1}
    assert read("") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "expected each key once, got 'a' again, line 3"),
        (BOMB, "expected at most 10,000 values"),
        ("a: &a [*a]", "at most 10,000 values, 20 deep"),
        ("[" * 5_000, "x.yml: "),
        ("a: !!python/object/apply:os.system [id]", "expected plain values, got the tag"),
        ("a: !!python/tuple [1]", "expected plain values"),
        ("a: !!binary aGk=", "expected plain values"),
        ("a: 2024-01-01", "expected plain values"),
        ("a: 010", "expected a number such as 10 or 0.5, got '010', line 1"),
        ("a: 1:30", "expected a number"),
        ("a: .inf", "expected a number"),
        ("a: .nan", "expected a number"),
        ("a: 1e999", "expected a finite number"),
        ("1: 2", "expected texts as keys"),
        ("yes: 2", "expected texts as keys"),
        ("? [a]\n: 2", "expected texts as keys"),
        ("a: 1\n---\nb: 2", "another document"),
        ("a: [", "line"),
        ("a: *b", "undefined alias"),
        ("a: " + "x" * MAX_BYTES, "at most 65,536 bytes"),
    ],
)
def test_other_files_are_refused(read, text, message):
    with pytest.raises(FileError, match=message) as error:
        read(text)
    assert "\n" not in str(error.value)
