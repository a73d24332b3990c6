import os
import unicodedata
from pathlib import Path

import pytest

from cookie_jar.agents.errors import FileError
from cookie_jar.agents.files import read_bytes
from cookie_jar.scripts.common.names import first_twins, name_fault, path_fault, portable, twin_of

FAULTS = {
    "NUL": "NUL is a device on Windows",
    "con.txt": "con is a device on Windows",
    "Aux.tar.gz": "Aux is a device",
    "com1": "com1 is a device",
    "LPT².png": "is a device",
    "nul .png": "nul is a device",
    "conin$": "is a device",
    "a:b?": ": is not allowed on every system",
    "a?": "? is not allowed on every system",
    "a\\b": "is not allowed on every system",
    'a"': "is not allowed on every system",
    "a<b>": "< is not allowed on every system",
    "a|b": "| is not allowed on every system",
    "*": "* is not allowed on every system",
    "a.": "Windows drops a dot or a space",
    "a ": "Windows drops a dot or a space",
    "...": "Windows drops a dot",
    "a\tb": r"'\t' is a control character",
    "a\x1b[0m": r"'\x1b' is a control character",
    "a\nb.png": r"'\n' is a control character",
    "a\u2028": "is a control character",
    "a\udcff": "is a control character",
    "a" * 231: "at most 230 bytes, and this one 231",
    "🍪" * 100: "at most 230 bytes, and this one 400",
    "": "not empty",
}
FINE = [
    *(
        "a",
        "a b",
        " a",
        ".a",
        "-a",
        "a.b.c",
        "Größe 漢字 🍪",
        "console",
        "com",
        "com10",
        "nul2",
        "a~1",
        "a'b",
    ),
    *("👩\u200d🍳.png", unicodedata.normalize("NFD", "é"), "a" * 230, "null", "auxiliary.txt", "a&b", "a%b%"),
]
TWINS = [("Home", "home"), ("É", "é"), ("é", unicodedata.normalize("NFD", "é")), ("Ångström", "ÅNGSTRÖM")]


@pytest.mark.parametrize(("name", "reason"), FAULTS.items())
def test_a_name_that_a_system_cannot_hold_has_a_reason(name, reason):
    assert reason in name_fault(name)


@pytest.mark.parametrize("name", FINE)
def test_other_names_have_none(name):
    assert name_fault(name) is None
    assert path_fault(Path("nowhere") / name) is None


@pytest.mark.parametrize("name", [*FAULTS, *FINE])
def test_a_similar_name_is_one_for_all_systems(name):
    other = portable(name)
    assert name_fault(other) is None
    assert not other.startswith((".", "-", " "))
    assert portable(other) == other


def test_the_suffix_stays():
    assert portable("a:b?.png") == "a-b.png"
    assert portable("nul.png") == "nul-1.png"
    assert portable("a" * 300 + ".png").endswith("a.png")


@pytest.mark.parametrize("name", [name for name in FAULTS if name and "\\" not in name])
def test_what_is_made_has_a_name_for_all_systems_also_the_folders_above(name, tmp_path):
    for path in (tmp_path / name, tmp_path / name / "below" / "file.png"):
        assert path_fault(path).startswith("expected a name for all systems, got ")
        assert f"; for example: {tmp_path}" in path_fault(path)
        assert "\n" not in path_fault(path)


def test_what_exists_may_have_any_name(tmp_path):
    folder = tmp_path / "a:b?"
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this system cannot hold the name")
    (folder / "nul").write_bytes(b"data")
    assert path_fault(folder / "file") is None
    assert path_fault(folder / "nul") is None
    assert read_bytes(folder / "nul") == b"data"
    with pytest.raises(FileError):
        read_bytes(folder / "con")


@pytest.mark.parametrize(("name", "twin"), TWINS)
def test_names_that_differ_in_case_or_in_the_form_of_accents_are_one(name, twin, tmp_path):
    assert first_twins(["a", name, "b", twin]) == (name, twin)
    (tmp_path / name).mkdir()
    if os.path.lexists(tmp_path / twin):
        pytest.skip("this system does not tell the names apart")
    assert twin_of(tmp_path / twin) == tmp_path / name
    assert "differs only in case or in the form of accents" in path_fault(tmp_path / twin)
    assert path_fault(tmp_path / twin / "file") is not None
    assert twin_of(tmp_path / name) is None


def test_other_names_are_no_twins(tmp_path):
    (tmp_path / "Straße").mkdir()
    assert twin_of(tmp_path / "Strasse") is None
    assert first_twins(["a", "b", "a"]) is None
    assert twin_of(tmp_path / "nothing" / "a") is None
