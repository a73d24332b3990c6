import os
import signal
import subprocess
import sys

import pytest
from needs import needs, needs_posix

from cookie_jar.scripts.common import program
from cookie_jar.scripts.common.exit_status import exit_status

FULL = "/dev/full"
WAYS = {
    "list": ["cli"],
    "version": ["cli", "--version"],
    "help": ["cli", "train", "--help"],
    "table": ["cli", "exercise", "list"],
    "doctor": ["doctor"],
}


def started(words, **options):
    """Run a program, with a buffered output as usual."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-m", f"cookie_jar.scripts.{words[0]}", *words[1:]]
    return subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, timeout=300, **options)


@needs(os.path.exists(FULL), "a device that is always full")
@pytest.mark.parametrize("name", WAYS)
def test_a_full_output_is_named(name, inside):
    with open(FULL, "w") as full:
        done = started(WAYS[name], stdout=full)
    expected = "error: the standard output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, expected)


@needs_posix
@pytest.mark.parametrize("name", WAYS)
def test_an_output_that_nobody_reads_says_nothing(name, inside):
    reader, writer = os.pipe()
    os.close(reader)
    done = started(WAYS[name], stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def fail():
    raise OSError(24, "Too many open files")


def test_an_error_without_a_file_names_none(capsys):
    assert exit_status(fail) == 2
    assert capsys.readouterr().err == "error: Too many open files\n"


def test_windows_has_another_error_for_an_output_that_nobody_reads(monkeypatch, capsys):
    monkeypatch.setattr("cookie_jar.scripts.common.exit_status.WINDOWS", True)
    monkeypatch.setattr("sys.stdout", None)

    def write():
        raise OSError(22, "Invalid argument")

    assert exit_status(write) == 141
    assert capsys.readouterr().err == ""


def interrupt():
    signal.raise_signal(signal.SIGINT)
    return 0


def test_ctrl_c_raises_an_exception_again(capsys):
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, program.end)
    try:
        assert exit_status(interrupt) == 130
        assert signal.getsignal(signal.SIGINT) is program.end
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr().err == "stopped\n"
