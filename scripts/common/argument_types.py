"""Types of command-line values, for argparse.

Each type is a function of the text. An invalid text raises `argparse.ArgumentTypeError`, and `Parser` puts
the option's name before the message: "error: --seeds: expected at least 1, got 0".
"""

import argparse
import math
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

from cookie_jar.agents.hyperparameters import MAX_SEED, whole_number
from cookie_jar.envs.errors import suggestion
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.help_format import HelpFormatter
from cookie_jar.scripts.common.known_runs import known_runs
from cookie_jar.scripts.common.names import NO_FOLDER, is_plain, name_fault, path_fault, portable
from cookie_jar.scripts.common.output_files import obstacle

SMALLEST, LARGEST = 160, 4096  # limits of width and height in pixels
LARGEST_WHOLE = 10**12  # of counts
LONGEST_NAME = 100  # characters
LISTS = 'a list with commas needs quotes in PowerShell: "A,B"'  # which splits it without them


class Parser(argparse.ArgumentParser):
    """An argument parser that reports every error as a `UsageError`: one line, without the usage text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": HelpFormatter} | options)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the arguments.

        Raises:
            UsageError: If an argument is invalid.
        """
        parsed, unknown = self.parse_known_args(args, namespace)
        if unknown:
            option = unknown[0].partition("=")[0]
            known = self._all_options()  # an option of another command is none of this one
            similar = suggestion(option, known) if option.startswith("-") and option not in known else ""
            lists = f"; {LISTS}" if sys.platform == "win32" and not similar else ""
            self.error(f"unrecognized arguments: {' '.join(unknown)}{similar}{lists}")
        return parsed

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the arguments; refuse those that contain a NUL, and `--option=--`, which argparse loses.

        Raises:
            UsageError: If an argument is invalid.
        """
        for argument in sys.argv[1:] if args is None else args:
            if "\0" in argument:
                self.error(f"expected arguments without NUL, got {argument!r}")
            if re.fullmatch(r"--[^=]+=--|-\w--", argument):
                self.error(f"{argument.rstrip('-').rstrip('=')}: expected a value, got '--'")
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise the error.

        Raises:
            UsageError: Always.
        """
        raise UsageError(message.removeprefix("argument "))

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print a help text; unlike argparse, do not hide that the output cannot be written."""
        print(message, end="", file=file)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a value that is not among the choices, in the words of `expected_one`."""
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, expected_one(value, action.choices))

    def _all_options(self) -> list[str]:
        """Return the options of the parser and of its commands."""
        names = list(self._option_string_actions)
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                names += [name for parser in action.choices.values() for name in parser._all_options()]
        return names


def expected_one(value: object, names: Iterable[object], which: str = "one of") -> str:
    """Return the message that a value is not among names, with the most similar name."""
    known = [str(name) for name in names]
    similar = suggestion(value, known) if isinstance(value, str) else ""
    return f"expected {which} {', '.join(known)}, got {value!r:.100}{similar}"


def add_command(commands: Any, name: str, help_text: str) -> argparse.ArgumentParser:
    """Add a command to subparsers; its description is the help text as a sentence."""
    description = f"{help_text[:1].upper()}{help_text[1:]}."
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_text, description=description)
    return parser


def whole_between(low: int, high: int) -> Callable[[str], int]:
    """Return the type of whole numbers from `low` to `high`, such as "100000", "100,000" or "1e5"."""

    def whole(text: str) -> int:
        value = whole_number(text.strip())
        if value is None and not _is_above(text, high):
            raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r:.100}")
        if value is None or value > high:
            raise argparse.ArgumentTypeError(f"expected at most {high:,}, got {text:.100}")
        if value < low:
            raise argparse.ArgumentTypeError(f"expected at least {low:,}, got {value:,}")
        return value

    return whole


def _is_above(text: str, high: int) -> bool:
    try:
        return float(text.replace(",", "")) > high
    except ValueError:
        return False


def at_least(low: int) -> Callable[[str], int]:
    """Return the type of whole numbers of at least `low`."""
    return whole_between(low, LARGEST_WHOLE)


positive = at_least(1)
non_negative = whole_between(0, MAX_SEED)


def finite(text: str) -> float:
    """Return a number that is neither infinite nor NaN."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a number, got {text!r}") from None
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"expected a finite number, got {text}")
    return value


def more_than(low: float) -> Callable[[str], float]:
    """Return the type of finite numbers above `low`."""

    def number(text: str) -> float:
        value = finite(text)
        if value <= low:
            raise argparse.ArgumentTypeError(f"expected more than {low:g}, got {value:g}")
        return value

    return number


def fraction(text: str) -> float:
    """Return a number from 0 to 1."""
    value = finite(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 1, got {value:g}")
    return value


def image_size(text: str) -> tuple[int, int]:
    """Return the width and the height in pixels of "WIDTHxHEIGHT"."""
    match = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", text)
    if match is not None:
        width, height = int(match[1]), int(match[2])
        if min(width, height) >= SMALLEST and max(width, height) <= LARGEST:
            return width, height
    limits = f"from {SMALLEST}x{SMALLEST} to {LARGEST}x{LARGEST}"
    raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT {limits}, got {text}")


def run_folder(text: str) -> Path:
    """Return the path of a run's folder, which must exist."""
    path = Path(text)
    if not text or not path.is_dir():
        raise argparse.ArgumentTypeError(f"expected the folder of a run, got {text}; {known_runs(text)}")
    return path


def add_run(parser: argparse.ArgumentParser, kind: Callable[[str], Any] = str) -> None:
    """Add the argument RUN, by default None for the newest run (see `run_folders.given_or_newest`).

    Args:
        parser: The parser.
        kind: `run_folder` if the run must be a folder; by default, RUN may also be a snapshot or a file.
    """
    text = "the folder of a run, such as runs/NAME" if kind is run_folder else "a run or a snapshot"
    parser.add_argument(
        "run", nargs="?", type=kind, metavar="RUN", help=f"{text} (default: the newest run in runs/)"
    )


def folder_name(text: str) -> str:
    """Return a name for a folder: a single name, and the same on all systems."""
    end = re.search(r"@(\d+)$", text)
    if end is not None:
        raise argparse.ArgumentTypeError(
            f"expected a name that does not end in {end[0]}, which stands for a snapshot, got {text!r:.200}"
        )
    if len(text) > LONGEST_NAME:
        raise argparse.ArgumentTypeError(
            f"expected a name of at most {LONGEST_NAME} characters, got {len(text):,}"
        )
    if not is_plain(text):
        reason = name_fault(text)
        why = "" if reason is None else f": {reason}"
        plain = portable(re.sub(NO_FOLDER, "", text, flags=re.IGNORECASE))
        raise argparse.ArgumentTypeError(
            f"expected a plain name for a folder, got {text!r}{why}; for example: {plain}"
        )
    return text


def parent_folder(text: str) -> Path:
    """Return the path of a folder that exists or can be created."""
    path = Path(text)
    if not text or any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise argparse.ArgumentTypeError(f"expected a folder, got {text!r}")
    existing = next((place for place in (path, *path.parents) if os.path.lexists(place)), Path())
    if not existing.is_dir():
        raise argparse.ArgumentTypeError(f"expected a folder, but {existing} is none")
    for place in (path, *path.parents):
        if place.name == ".." and not place.exists():  # after its creation, it would be a folder with files
            raise argparse.ArgumentTypeError(f"expected a folder, but {place.parent} of {text} is none")
    if reason := path_fault(path):
        raise argparse.ArgumentTypeError(reason)
    return path


def existing_folder(text: str) -> Path:
    """Return the path of a folder that exists."""
    path = Path(text)
    if not text or not path.is_dir():
        raise argparse.ArgumentTypeError(f"expected a folder that exists, got {text!r}")
    return path


def new_run(text: str) -> Path:
    """Return the path of a folder for a new run."""
    folder = parent_folder(text)
    folder_name(folder.name)
    return folder


def file_of(*suffixes: str, beginning: bytes | None = None) -> Callable[[str], Path]:
    """Return the type of files to write with one of these suffixes, such as ".json".

    Args:
        suffixes: The suffixes.
        beginning: Beginning of the files that may be replaced, see `output_files.obstacle`; b"" for a program
            that replaces none.
    """

    def file(text: str) -> Path:
        path = Path(text)
        if path.suffix.lower() not in suffixes and not os.path.isdir(path):
            raise argparse.ArgumentTypeError(
                f"expected a file name that ends in {', '.join(suffixes)}, got {text}"
            )
        return new_file(text, beginning)

    return file


def new_file(text: str, beginning: bytes | None = None) -> Path:
    """Return the path of a file to write; its folder may be new. See `output_files.obstacle`."""
    path = Path(text)
    if not path.name:
        raise argparse.ArgumentTypeError(f"expected a file to write, got the folder {text!r}")
    parent_folder(str(path.parent))
    if reason := path_fault(path):
        raise argparse.ArgumentTypeError(reason)
    try:
        reason = obstacle(path, beginning)
    except OSError as error:
        reason = f"expected a file to write; {text}: {error.strerror}"
    if reason is not None:
        raise argparse.ArgumentTypeError(reason)
    return path


def named_number(text: str) -> tuple[str, float]:
    """Return the name and the number of "NAME=NUMBER"."""
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected NAME=NUMBER, got {text!r}") from None
