"""Each option of a program that names a file or a folder to make refuses names that a system cannot hold."""

import argparse
from functools import partial
from importlib import import_module

import pytest

from cookie_jar.scripts import cli

SUFFIXES = ("", ".json", ".csv", ".png", ".html", ".md")
BAD = (
    *("NUL", "nul", "COM1.txt", "con", "aux.tar", "LPT9", "com\u00b9", "CON .x", "conin$", "a/nul/b", "a./b"),
    *("a:b?", "a|b", "<a>", "a\x07b", "a\x1b[31mb", "a\nb", "a\0b", "\udcff", "x" * 300, "ä" * 200),
)


def makes(kind):
    """Whether a type of arguments is that of files or folders that a program makes."""
    kind = kind.func if isinstance(kind, partial) else kind
    names = "folder_name", "parent_folder", "new_run", "new_file", "file_of", "replay_file"
    return getattr(kind, "__qualname__", "").split(".")[0] in names


def options(parser, program):
    """Yield the program, the name and the type of each such option of a parser and of its commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield from options(command, f"{program} {name}")
        elif makes(action.type):
            yield program, (action.option_strings or [action.dest])[-1], action.type


PARSERS = {name: import_module(f"cookie_jar.scripts.{name}").parser() for name in cli.PROGRAMS}
ALL = [option for name, parser in PARSERS.items() for option in options(parser, name)]


def refused(kind, text):
    try:
        kind(text)
    except argparse.ArgumentTypeError:
        return True
    return False


def test_the_options_are_found():
    found = {(program, name) for program, name, _ in ALL}
    assert len(found) > 35
    assert {
        *(("train", "--name"), ("train", "--run-dir"), ("compare", "--out"), ("watch", "--save")),
        *(
            ("memory edit", "--output"),
            ("cookies gather", "data"),
            ("benchmark", "--json"),
            ("play", "--save"),
        ),
    } <= found
    assert (
        not {("train", "--resume"), ("compare", "--from"), ("exercise", "--check")} & found
    )  # these are read


@pytest.mark.parametrize(
    ("program", "name", "kind"), ALL, ids=lambda value: value if isinstance(value, str) else ""
)
def test_names_that_a_system_cannot_hold_are_refused(program, name, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    suffix = next(suffix for suffix in SUFFIXES if not refused(kind, f"fine{suffix}"))
    assert [bad for bad in BAD if not refused(kind, bad + suffix)] == []
    if not suffix:
        assert refused(kind, "a.")
        assert refused(kind, "a ")
    if name != "--name":  # of which `new_folder` knows the parent
        (tmp_path / f"Twin{suffix}").touch() if suffix else (tmp_path / "Twin").mkdir()
        assert refused(kind, f"twin{suffix}")
