"""The layout of --help: choices as text, and no line that is wider than the terminal."""

import argparse
import re
import shutil
import textwrap
from collections.abc import Callable
from typing import Any

NARROWEST = 24  # characters of a line
MARGIN = 2  # characters that stay free at the right, as in argparse
LARGEST_INDENT = 24  # of the help of an option


class HelpFormatter(argparse.HelpFormatter):
    """Breaks lines at spaces alone, so that ids and options stay whole, and lists choices in the help."""

    def __init__(self, prog: str, **options: Any) -> None:
        columns = max(shutil.get_terminal_size().columns - MARGIN, NARROWEST)
        indent = LARGEST_INDENT if columns > 2 * LARGEST_INDENT + MARGIN else columns // 6
        super().__init__(prog, **{"width": columns, "max_help_position": indent} | options)
        self._columns = columns

    def format_help(self) -> str:
        """Return the help; what cannot be broken at spaces is broken where the line ends."""
        usage, blank, rest = super().format_help().partition("\n\n")
        if max(map(len, usage.split("\n"))) > self._columns:
            usage = re.sub("\n +", "\n" + " " * len("usage: "), usage)  # not below the program's name
        lines = f"{usage}{blank}{rest}".split("\n")
        return "\n".join(part for line in lines for part in _folded(line, self._columns))

    def _metavar_formatter(
        self, action: argparse.Action, default_metavar: str
    ) -> Callable[[int], tuple[str, ...]]:
        if _listed(action):
            return lambda size: ("NAME",) * size
        return super()._metavar_formatter(action, default_metavar)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return f"{action.help}; one of %(choices)s" if _listed(action) else action.help

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in _wrapped(text, width - len(indent)))


def _listed(action: argparse.Action) -> bool:
    """Return whether the choices of an option are listed in its help."""
    return action.choices is not None and action.metavar is None and bool(action.option_strings)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)


def _folded(line: str, width: int) -> list[str]:
    """Return a line as lines of at most this width, less indented if need be; the further ones more."""
    if len(line) <= width:
        return [line]
    words = line.lstrip(" ")
    first = " " * min(len(line) - len(words), width // 4)
    return textwrap.wrap(
        words, width, initial_indent=first, subsequent_indent=f"{first}  ", break_on_hyphens=False
    )
