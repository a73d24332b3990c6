"""Console output of the programs: error messages, progress bars, and suggested commands."""

import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Any

import gymnasium as gym
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from threadpoolctl import threadpool_limits

from cookie_jar.agents import AgentError, UnregisteredError
from cookie_jar.envs import CookieJarError


class UsageError(Exception):
    """An error that the user can correct: the message says what was expected and found, and what to do."""


def run(main: Callable[[Sequence[str] | None], None], argv: Sequence[str] | None = None) -> int:
    """Run a program and return its exit status; a usage error prints one message and returns 2.

    Args:
        main: The program: a function of its arguments.
        argv: The arguments; by default those of the command line.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # for terminals that cannot print all characters
    try:
        with threadpool_limits(1, user_api="blas"):  # matrices are small: more threads are slower
            main(argv)
    except UnregisteredError as error:
        print(f"error: {error.found}; add --env-module {error.module or 'MODULE'}", file=sys.stderr)
        return 2
    except (UsageError, AgentError, CookieJarError, gym.error.Error) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the program that reads the output has ended
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        print(f"error: {error.filename or 'file'}: {error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


def command(program: str, *arguments: object) -> str:
    """Return the shell command for another program, called in the same way as this one."""
    called = Path(sys.argv[0])
    by_path = called.suffix == ".py" and called.parent.name == "scripts"
    words = ["python", called.with_name(f"{program}.py")] if by_path else ["cookie-jar", program]
    return shlex.join(str(word) for word in (*words, *arguments))


def progress_bar(console: Console, *fields: str, transient: bool = True) -> Progress:
    """Return a progress bar: description, bar, count, further fields, and the time that remains.

    Args:
        console: The console to draw on.
        fields: Templates of further columns, such as "greedy happiness [bold]{task.fields[score]}".
        transient: Whether the bar is removed when it ends.
    """
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        *map(TextColumn, fields),
        TimeRemainingColumn(),
        console=console,
        transient=transient,
    )


class Interrupt:
    """Context manager that turns Ctrl-C into a request to stop and save; the third Ctrl-C stops at once."""

    def __init__(self) -> None:
        self._times = 0
        self._before: Any = None

    @property
    def asked(self) -> bool:
        """Whether the user has asked to stop."""
        return self._times > 0

    def __enter__(self) -> "Interrupt":
        self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._times += 1
        if self._times > 2:
            raise KeyboardInterrupt
