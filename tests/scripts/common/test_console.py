import signal
import sys
from io import StringIO

import gymnasium as gym
import pytest
from rich.console import Console

from cookie_jar.agents import AgentError
from cookie_jar.envs import CookieJarError
from cookie_jar.scripts.common.console import Interrupt, UsageError, command, progress_bar, run


def raising(error):
    def main(argv):
        raise error

    return main


@pytest.mark.parametrize("kind", [UsageError, AgentError, CookieJarError, gym.error.Error])
def test_a_mistake_ends_with_one_message(kind, capsys):
    assert run(raising(kind("what was wrong"))) == 2
    assert capsys.readouterr().err == "error: what was wrong\n"


def test_a_file_that_fails_is_named(capsys):
    assert run(raising(FileNotFoundError(2, "No such file", "a.txt"))) == 2
    assert capsys.readouterr().err == "error: a.txt: No such file\n"


def test_ctrl_c_ends_without_a_traceback(capsys):
    assert run(raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "stopped\n"


def test_an_error_of_ours_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        run(raising(ZeroDivisionError()))


def test_a_program_gets_its_arguments():
    seen = []
    assert run(seen.append, ["--a", "b"]) == 0
    assert seen == [["--a", "b"]]


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("/usr/bin/cookie-jar", "cookie-jar watch 'runs/my run'"),
        ("scripts/train.py", "python scripts/watch.py 'runs/my run'"),
    ],
)
def test_the_next_command_is_called_as_this_one(monkeypatch, called, expected):
    monkeypatch.setattr(sys, "argv", [called])
    assert command("watch", "runs/my run") == expected


def test_ctrl_c_is_a_wish_until_the_third_time():
    before = signal.getsignal(signal.SIGINT)
    with Interrupt() as interrupt:
        assert not interrupt.asked
        signal.raise_signal(signal.SIGINT)
        assert interrupt.asked
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_progress_bar_shows_its_fields():
    console = Console(file=StringIO(), force_terminal=True, width=100)
    with progress_bar(console, "score {task.fields[score]}", transient=False) as bar:
        task = bar.add_task("training", total=4, score="+1.00")
        bar.update(task, completed=3, score="+1.45")
    shown = console.file.getvalue()
    assert "training" in shown
    assert "3/4" in shown
    assert "score +1.45" in shown
