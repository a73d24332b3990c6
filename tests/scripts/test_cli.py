"""The command `cookie-jar` and the help of all programs."""

import argparse
import subprocess
import sys
from importlib import import_module

import pytest

from cookie_jar.scripts import cli

COMMANDS = {
    "memory": ("show", "explain", "diff", "edit", "forget", "lesion", "replay"),
    "cookies": (
        *("gather", "look", "split", "train", "test", "confused", "weights", "explain", "shift", "quiz"),
        "lesson",
    ),
}


def call(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["cookie-jar", *words])
    return cli.main(), capsys.readouterr()


def test_without_a_program_all_are_listed(monkeypatch, capsys):
    status, shown = call(monkeypatch, capsys, "--help")
    assert status == 0
    assert all(name in shown.out for name in cli.PROGRAMS)
    assert call(monkeypatch, capsys)[1].out == shown.out


def test_it_knows_its_version(monkeypatch, capsys):
    status, shown = call(monkeypatch, capsys, "--version")
    assert status == 0
    assert shown.out[0].isdecimal()


def test_an_unknown_program_is_refused(monkeypatch, capsys):
    status, shown = call(monkeypatch, capsys, "dance")
    assert status == 2
    assert "got 'dance'" in shown.err


def test_a_program_gets_its_options(inside, monkeypatch, capsys):
    words = ["train", "--env", "CookieJarCorner-v0", "--timesteps", "200", "--name", "x"]
    status, shown = call(monkeypatch, capsys, *words)
    assert status == 0
    assert "Next: cookie-jar watch runs/x" in shown.out


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(name, marks=() if name in ("train", "cookies") else pytest.mark.slow)
        for name in cli.PROGRAMS
    ],
)
def test_three_ways_to_the_same_program(program):
    path = import_module(f"cookie_jar.scripts.{program}").__file__
    ways = [[path], ["-m", f"cookie_jar.scripts.{program}"], ["-m", "cookie_jar.scripts.cli", program]]
    shown = {
        subprocess.run([sys.executable, *way, "--help"], capture_output=True, text=True, check=True).stdout
        for way in ways
    }
    assert len(shown) == 1


class CheckedHelp(argparse.HelpFormatter):
    """Refuses options without a line of help."""

    def add_argument(self, action):
        assert action.help or action.metavar == "COMMAND", action.option_strings or action.dest
        super().add_argument(action)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        *((name, []) for name in cli.PROGRAMS),
        *((program, [name]) for program, names in COMMANDS.items() for name in names),
    ],
)
def test_every_option_has_a_line_of_help(monkeypatch, capsys, program, words):
    original = argparse.ArgumentParser.__init__

    def checked(self, *args, **options):
        original(self, *args, **options | {"formatter_class": CheckedHelp})

    monkeypatch.setattr(argparse.ArgumentParser, "__init__", checked)
    with pytest.raises(SystemExit) as caught:
        import_module(f"cookie_jar.scripts.{program}").main([*words, "--help"])
    assert caught.value.code == 0
    assert f"usage: cookie-jar {' '.join([program, *words])}" in capsys.readouterr().out
