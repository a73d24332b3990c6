"""Console output of the programs: foreign text, error messages, progress bars, and suggested commands."""

import atexit
import gc
import os
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium as gym
import rich.console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
from rich.text import Text

from cookie_jar.agents import AgentError, UnregisteredError
from cookie_jar.agents.errors import MissingRunError, UnwritableRunError
from cookie_jar.agents.held import FULL
from cookie_jar.agents.notebook import in_notebook
from cookie_jar.agents.progress_lines import ProgressLines
from cookie_jar.agents.time_left import COUNT, TimeLeftColumn
from cookie_jar.envs import CookieJarError, KitchenError
from cookie_jar.scripts.common.env_errors import environment_error
from cookie_jar.scripts.common.exit_status import FAILED, exit_status
from cookie_jar.scripts.common.quoting import quoted

DEBUG = "COOKIE_JAR_DEBUG"  # environment variable: print the traceback of every error
MOST = 1000  # characters of a line; longer lines are cut in the middle
NARROW, WIDE = 60, 80  # characters of a terminal from which a progress bar shows its fields, and all


class UsageError(Exception):
    """An error that the user can correct: the message says what was expected and found, and what to do."""


def printable(text: object, most: int = MOST) -> str:
    """Return a text as one line that is safe to print, for text that comes from a file or the command line.

    Control characters (also newlines), invisible characters and those that change the direction of writing
    are replaced by their escape sequences.

    Args:
        text: The text, or an object that is converted with `str`.
        most: Maximum number of characters; a longer text is cut in the middle.
    """
    whole, head = str(text), most * 2 // 3
    start = "".join(map(_escaped, whole[: most + 1]))
    if len(start) <= most:
        return start
    end = "".join(map(_escaped, whole[-most:]))
    return f"{start[:head]} ... {end[head + 5 - most :]}"


def _escaped(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


class Console(rich.console.Console):
    """A console that prints text as it is: no markup, no emoji codes, no highlighting; see `printable`.

    Styles are given with `style=` or `rich.text.Text`. Lines of `print` and cells of tables are escaped and
    cut, newlines in them remain; `out` prints one line. In a notebook, the text is plain.
    """

    def __init__(self, **options: Any) -> None:
        usual = {"markup": False, "emoji": False, "highlight": False}
        if in_notebook():  # which has no cursor to move, and perhaps no widgets
            usual |= {"force_terminal": False, "force_jupyter": False}
        super().__init__(**usual | options)

    def render_str(self, text: str, **options: Any) -> Text:
        """Return the text without control characters, as an object of rich."""
        return super().render_str("\n".join(map(printable, text.split("\n"))), **options)

    def on_broken_pipe(self) -> None:
        """Let `run` end the program when the reader of the output has ended."""
        raise BrokenPipeError

    def out(self, *objects: Any, **options: Any) -> None:
        """Print one line; newlines are escaped, except those before the text."""
        line = " ".join(map(str, objects))
        text = line.lstrip("\n")
        super().out("\n" * (len(line) - len(text)) + printable(text), **options)


def run(main: Callable[[Sequence[str] | None], None], argv: Sequence[str] | None = None) -> int:
    """Run a program and return its exit status; a usage error prints one message and returns 2.

    See `exit_status` for what else ends a program.

    Args:
        main: The program: a function of its arguments.
        argv: The arguments; by default those of the command line.
    """
    atexit.register(gc.freeze)  # or Python looks for garbage among all objects before it ends: 0.2 s
    return exit_status(partial(_status, main, argv))


def _status(main: Callable[[Sequence[str] | None], None], argv: Sequence[str] | None) -> int:
    """Run a program, print its error if there is one, and return its exit status."""
    try:
        with _short_warnings():
            main(argv)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also what a foreign environment raises to end the program
        lines = _error_lines(error)
        if os.environ.get(DEBUG) and (lines or not isinstance(error, SystemExit | BrokenPipeError)):
            traceback.print_exception(error)
        if lines is None:
            raise
        return fail(*lines)
    return 0


def _error_lines(error: BaseException) -> list[str] | None:
    """Return the message of an error that the user can correct, and lines of details; None for another."""
    foreign = environment_error(error)
    if foreign is not None:
        return [f"{foreign}; for the traceback, set {DEBUG}=1"]
    match error:
        case UnregisteredError():
            return [f"{error.found}; add --env-module {error.module or 'MODULE'}"]
        case MissingRunError():
            from cookie_jar.scripts.common.known_runs import known_runs  # imports this module

            return [f"{error.found}; {known_runs(error.run)}"]
        case UnwritableRunError() if error.resume:
            return [f"{error.found}; then continue with: {command(*error.resume)}"]
        case KitchenError():  # the lines after the first show the map
            return str(error).split("\n")
        case UsageError() | AgentError() | CookieJarError() | gym.error.Error():
            return [str(error)]
        case OSError() if error.filename is not None:
            advice = "; free some space, then try again" if error.errno in FULL else ""
            return [f"{error.filename}: {error.strerror or error}{advice}"]
        case UnicodeEncodeError():  # for example, a file name that is not UTF-8
            return [f"expected text in UTF-8, got {printable(error.object, 100)}"]
    return None


def fail(message: object, *details: object) -> int:
    """Print an error as one line, then lines of details, and return the exit status of a usage error."""
    print(f"error: {printable(message)}", *map(printable, details), sep="\n", file=sys.stderr)
    return FAILED


@contextmanager
def _short_warnings() -> Iterator[None]:
    """Print each warning as one line, without the line of code that it comes from."""
    before = warnings.formatwarning
    warnings.formatwarning = _one_line
    try:
        yield
    finally:
        warnings.formatwarning = before


def _one_line(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
) -> str:
    """Return a warning as one line, without the colours and the label of Gymnasium's warnings."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(message)).removeprefix("WARN: ")
    return f"warning: {printable(text)}\n"


def command(program: str, *arguments: object) -> str:
    """Return the shell command for another program, called in the same way as this one."""
    called = Path(sys.argv[0])
    by_path = called.suffix == ".py" and called.parent.name == "scripts"
    words = ["python", called.with_name(f"{program}.py")] if by_path else ["cookie-jar", program]
    texts = (word.as_posix() if isinstance(word, Path) else str(word) for word in (*words, *arguments))
    return " ".join(map(quoted, texts))


def progress_bar(console: Console, *fields: str, count: str = COUNT, transient: bool = True) -> Progress:
    """Return a progress bar: description, bar, count, further fields, and the time that remains.

    In a notebook, the bar prints a line now and then; see `ProgressLines`.

    Below `WIDE` characters there are no description and no bar, below `NARROW` no further fields. Steps of
    unequal cost are told by the field `costs` of a task; see `TimeLeftColumn`.

    Args:
        console: The console to draw on.
        fields: Templates of further columns, such as "greedy happiness [bold]{task.fields[score]}".
        count: Template of the column that counts.
        transient: Whether the bar is removed when it ends.
    """
    columns: list[ProgressColumn] = [TextColumn(count), TimeLeftColumn()]
    if console.width >= NARROW:
        columns[1:1] = map(TextColumn, fields)
    if console.width >= WIDE:
        columns[:0] = TextColumn("{task.description}", markup=False), BarColumn()
    kind = ProgressLines if in_notebook() else Progress
    return kind(*columns, console=console, transient=transient)
