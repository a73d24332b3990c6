"""The command `cookie-jar` and the help of all programs."""

import argparse
import os
import re
import subprocess
import sys
from importlib import import_module

import pytest
from needs import needs_posix

import cookie_jar.envs
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


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_the_list_fits_the_terminal(monkeypatch, capsys, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = call(monkeypatch, capsys, "help")[1].out.splitlines()
    assert max(map(len, lines)) <= columns
    assert lines.index("Learn:") < lines.index("Compare:") < lines.index("Maintain:")
    if columns == 80:
        assert len(lines) == len(cli.PROGRAMS) + 2 * len(cli.GROUPS) + 4  # one line for each program


def test_it_knows_its_version(monkeypatch, capsys):
    status, shown = call(monkeypatch, capsys, "--version")
    assert status == 0
    assert shown.out[0].isdecimal()


def test_an_unknown_program_is_refused(monkeypatch, capsys):
    status, shown = call(monkeypatch, capsys, "dance")
    assert status == 2
    assert "got 'dance'" in shown.err
    assert "did you mean 'train'?" in call(monkeypatch, capsys, "trian")[1].err


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


ALL = [
    *((name, []) for name in cli.PROGRAMS),
    *((program, [name]) for program, names in COMMANDS.items() for name in names),
]


@pytest.mark.parametrize(("program", "words"), ALL)
def test_every_option_has_a_line_of_help(monkeypatch, capsys, program, words):
    original = argparse.ArgumentParser.__init__

    def checked(self, *args, **options):
        original(self, *args, **options | {"formatter_class": CheckedHelp})

    monkeypatch.setattr(argparse.ArgumentParser, "__init__", checked)
    with pytest.raises(SystemExit) as caught:
        import_module(f"cookie_jar.scripts.{program}").main([*words, "--help"])
    assert caught.value.code == 0
    assert f"usage: cookie-jar {' '.join([program, *words])}" in capsys.readouterr().out


@pytest.mark.parametrize(("program", "words"), ALL)
def test_help_fits_narrow_terminals_and_keeps_names_whole(monkeypatch, capsys, program, words):
    options = []
    for columns in (40, 60):
        monkeypatch.setenv("COLUMNS", str(columns))
        with pytest.raises(SystemExit):
            import_module(f"cookie_jar.scripts.{program}").main([*words, "--help"])
        shown = capsys.readouterr().out
        assert max(map(len, shown.splitlines())) <= columns
        assert not re.search(r"CookieJar\w*-$", shown, re.MULTILINE)
        assert not re.search(r"^\[", shown, re.MULTILINE)  # the usage stays indented
        options.append(set(re.findall(r"--[\w-]+", shown)))
    assert options[0] == options[1]


def test_ids_in_help_are_those_of_the_environments(monkeypatch, capsys):
    for program in ("train", "play", "compare", "sweep"):
        with pytest.raises(SystemExit):
            import_module(f"cookie_jar.scripts.{program}").main(["--help"])
        shown = capsys.readouterr().out
        assert set(re.findall(r"CookieJar\w*-v\d", shown)) == set(cookie_jar.envs.IDS)


@needs_posix
def test_help_into_a_pipe_that_nobody_reads_says_nothing():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "cookie_jar.scripts.cli", "--help"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
