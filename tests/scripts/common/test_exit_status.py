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


STREAMS = """
import os, subprocess, sys
for number in map(int, sys.argv[1]):
    os.close(number)
    setattr(sys, ("stdin", "stdout", "stderr")[number], None)
from cookie_jar.scripts.common.exit_status import exit_status

def main():
    print("out", sys.stdin.read())
    print("err", file=sys.stderr)
    number = "import os; os._exit(os.open(os.devnull, os.O_RDONLY))"
    assert subprocess.run([sys.executable, "-c", number]).returncode > 2  # a file of another process
    with open("file", "w") as file:
        return file.fileno()

os._exit(exit_status(main))
"""


@pytest.mark.parametrize("closed", ["0", "1", "2", "12", "012"])
def test_no_file_gets_the_number_of_a_closed_stream(closed, inside):
    command = [sys.executable, "-c", STREAMS, closed]
    done = subprocess.run(command, input="in", capture_output=True, text=True, timeout=300)
    assert done.returncode > 2
    assert done.stdout == ("" if "1" in closed else "out \n" if "0" in closed else "out in\n")
    assert done.stderr == ("" if "2" in closed else "err\n")


def fail():
    raise OSError(24, "Too many open files")


def test_an_error_without_a_file_names_none(capsys):
    assert exit_status(fail) == 2
    assert capsys.readouterr().err == "error: Too many open files\n"


def test_windows_has_another_error_for_an_output_that_nobody_reads(monkeypatch, capsys):
    monkeypatch.setattr("cookie_jar.scripts.common.exit_status.WINDOWS", True)
    monkeypatch.setattr("cookie_jar.scripts.common.exit_status._discard_output", lambda: None)

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
