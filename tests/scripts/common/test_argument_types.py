from pathlib import Path

import pytest
from needs import needs_links

from cookie_jar.scripts.common import argument_types
from cookie_jar.scripts.common.argument_types import Parser, at_least, file_of, more_than
from cookie_jar.scripts.common.console import UsageError

AT_END = "Windows drops a dot or a space at the end of a name"


def parsed(kind, text):
    parser = Parser(prog="test")
    parser.add_argument("--value", type=kind)
    return parser.parse_args([f"--value={text}"]).value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("positive", "1", 1),
        ("positive", "1e5", 100_000),
        ("positive", "100,000", 100_000),
        ("positive", "100_000", 100_000),
        ("positive", " 2.5E+3 ", 2_500),
        ("non_negative", str(2**128 - 1), 2**128 - 1),
        (at_least(-1), "-1", -1),
        ("non_negative", "0", 0),
        (at_least(5), "5", 5),
        ("finite", "-1e3", -1000.0),
        (more_than(1), "1.5", 1.5),
        ("fraction", "0", 0.0),
        ("fraction", "1", 1.0),
        ("image_size", "160x4096", (160, 4096)),
        ("image_size", "640X480", (640, 480)),
        ("folder_name", "[red] q", "[red] q"),
        ("folder_name", "küche 0.3 a@b", "küche 0.3 a@b"),
        ("parent_folder", "a/b", Path("a/b")),
        ("new_run", "a/b@3/c", Path("a/b@3/c")),
        (file_of(".json", ".txt"), "a/b.txt", Path("a/b.txt")),
        ("run_folder", ".", Path()),
        ("new_file", "new/a.txt", Path("new/a.txt")),
        ("named_number", "act=-0.1", ("act", -0.1)),
    ],
)
def test_a_possible_value_is_returned(kind, text, value):
    assert parsed(getattr(argument_types, kind) if isinstance(kind, str) else kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("positive", "0", "expected at least 1, got 0"),
        ("positive", "many", "expected a whole number, got 'many'"),
        *(
            ("positive", text, f"expected a whole number, got {text!r}")
            for text in ("1.5", "1.5e0", "1e-1", "1,00", "1_00", "1,000_000", "", "0x10", "nan", "٣")
        ),
        ("positive", "1e16", "expected at most 1,000,000,000,000, got 1e16"),
        ("positive", "1e999", "expected at most 1,000,000,000,000, got 1e999"),
        ("positive", "9" * 500, f"expected at most 1,000,000,000,000, got {'9' * 100}"),
        ("non_negative", "-1", "expected at least 0, got -1"),
        (at_least(5), "4", "expected at least 5, got 4"),
        ("finite", "nan", "expected a finite number, got nan"),
        ("finite", "inf", "expected a finite number, got inf"),
        ("finite", "much", "expected a number, got 'much'"),
        (more_than(1), "1", "expected more than 1, got 1"),
        ("fraction", "1.01", "expected a number from 0 to 1, got 1.01"),
        ("fraction", "-0.1", "expected a number from 0 to 1, got -0.1"),
        ("image_size", "159x640", "expected WIDTHxHEIGHT from 160x160 to 4096x4096, got 159x640"),
        ("image_size", "640x4097", "expected WIDTHxHEIGHT from 160x160 to 4096x4096, got 640x4097"),
        ("image_size", "wide", "expected WIDTHxHEIGHT from 160x160 to 4096x4096, got wide"),
        (
            "folder_name",
            "a/b",
            "expected a plain name for a folder, got 'a/b': the character / is not allowed on every system; "
            "for example: a-b",
        ),
        (
            "folder_name",
            " .",
            f"expected a plain name for a folder, got ' .': {AT_END}; for example: name-1",
        ),
        (
            "folder_name",
            "a@300",
            "expected a name that does not end in @300, which stands for a snapshot, got 'a@300'",
        ),
        ("folder_name", "a" * 101, "expected a name of at most 100 characters, got 101"),
        ("parent_folder", "", "expected a folder, got ''"),
        ("parent_folder", "a\x1b]0;", "expected a folder, got 'a\\x1b]0;'"),
        ("parent_folder", "nowhere/..", "expected a folder, but nowhere of nowhere/.. is none"),
        ("new_run", "a/..", "expected a folder, but a of a/.. is none"),
        (
            "new_run",
            "..",
            f"expected a plain name for a folder, got '..': {AT_END}; for example: name-1",
        ),
        (file_of(".json", ".txt"), "a.gif", "expected a file name that ends in .json, .txt, got a.gif"),
        ("new_file", ".", "expected a file to write, got the folder '.'"),
        ("new_file", "", "expected a file to write, got the folder ''"),
        ("folder_name", "--", "expected a value, got '--'"),
        ("named_number", "act", "expected NAME=NUMBER, got 'act'"),
    ],
)
def test_an_impossible_value_is_named_with_its_option(kind, text, message):
    with pytest.raises(UsageError) as caught:
        parsed(getattr(argument_types, kind) if isinstance(kind, str) else kind, text)
    assert str(caught.value) == f"--value: {message}"


NAMES = [  # that are read otherwise, or cannot be a folder on every system
    *("", ".", "..", "...", "/", "a/b", "a/", "/a", "../a", "a\\b", "~/a", "C:", "C:a", "a:b"),
    *("-", "-a", "--resume", ".a", ".git", "a.", "a ", " a", "a\t", "\na", "a\n", "\u3000a", "a\u00a0", " "),
    *(
        "a\nb",
        "a\tb",
        "a\x1b[2J",
        "a\x7fb",
        "a\x85b",
        "a\u202eb",
        "a\u200bb",
        "a\u2028b",
        "a\ud800",
        "\ufeffa",
    ),
    *("a<b", "a>b", 'a"b', "a|b", "a?", "a*", "con", "NUL", "aux.txt", "Com1", "lpt9.a", "PRN"),
    *("a.json", "A.JSON", "agent.safetensors", "a@0", "a@300", "@7", "a@b@12", "a@٣", "a@\uff13", "a@1\n"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_read_otherwise_is_refused(name):
    with pytest.raises(UsageError, match="--value: expected a"):
        parsed(argument_types.folder_name, name)


@pytest.mark.parametrize("name", ["a@", "a@b", "@", "a@1.5", "a@-1", "a@1k", "a@²", "con2", "a.b", "a" * 100])
def test_a_name_that_is_not_read_otherwise_is_taken(name):
    assert parsed(argument_types.folder_name, name) == name


@needs_links
def test_a_file_in_the_way_of_a_folder_is_named(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("file", "link"):
        with pytest.raises(UsageError, match=f"--value: expected a folder, but .*{name} is none"):
            parsed(argument_types.parent_folder, tmp_path / name / "deep")


def test_a_nul_is_refused_in_every_argument():
    with pytest.raises(UsageError, match="expected arguments without NUL, got "):
        parsed(str, "a\0b")


def test_a_list_that_powershell_has_split_is_explained(monkeypatch):
    parser = Parser(prog="test")
    parser.add_argument("--value")
    monkeypatch.setattr(argument_types.sys, "platform", "win32")
    with pytest.raises(UsageError, match=r': 2 3; .* needs quotes in PowerShell: "A,B"'):
        parser.parse_args(["--value", "1", "2", "3"])


def test_mistakes_of_any_kind_give_one_line(capsys):
    parser = Parser(prog="test")
    parser.add_argument("run", metavar="RUN")
    commands = parser.add_subparsers(metavar="COMMAND")
    commands.add_parser("go").add_argument("--speed", choices=["slow"])
    commands.add_parser("stay").add_argument("--long")
    for words, message in (
        ([], "the following arguments are required: RUN"),
        (["x", "--loud"], "unrecognized arguments: --loud"),
        (["x", "go", "--speed", "fast"], "--speed: expected one of slow, got 'fast'"),
        (["x", "go", "--sped", "slow"], r"unrecognized arguments: --sped slow; did you mean '--speed'\?"),
        (["x", "go", "--long", "1"], "unrecognized arguments: --long 1$"),
        (["x", "goo"], "COMMAND: expected one of go, stay, got 'goo'; did you mean 'go'"),
    ):
        with pytest.raises(UsageError, match=message):
            parser.parse_args(words)
    shown = capsys.readouterr()
    assert shown.out == shown.err == ""
