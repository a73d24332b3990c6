"""The errors that the environments raise, and foreign values in their messages."""

import reprlib
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from gymnasium.error import ResetNeeded

SHOWN = 80  # characters of a foreign value in a message
SHOWN_WIDTH, SHOWN_LINES = 80, 20  # the part of a map in a message


class CookieJarError(Exception):
    """Base class of all errors of the environments."""


class KitchenError(CookieJarError, ValueError):
    """A map is malformed or cannot be solved. The message shows the map with the place marked.

    Of a large map, the message shows the part around the place. Characters that cannot be printed are shown
    as question marks.

    Args:
        reason: The expected and the actual content.
        rows: The lines of the map.
        line: The line of the error, counted from 1, or None if the error has no place.
        column: The column of the error, counted from 1.
    """

    def __init__(self, reason: str, rows: Sequence[str], line: int | None = None, column: int = 1) -> None:
        self.reason, self.line, self.column, self._rows = reason, line, column, tuple(rows)
        place = "" if line is None else f", line {line}, column {column}"
        top = _first(line or 1, len(rows), SHOWN_LINES)
        left = _first(column, max(map(len, rows), default=0), SHOWN_WIDTH)
        part = [row[left : left + SHOWN_WIDTH] for row in rows[top : top + SHOWN_LINES]]
        shown = [f"    {printable(row)}" for row in part]
        if line is not None:
            shown.insert(line - top, " " * (column - left + 3) + "^ here")
        super().__init__("\n".join([f"kitchen{place}: {reason}", *shown]))

    def __reduce__(self) -> tuple[object, ...]:
        """Return the arguments for pickles, which worker processes send."""
        return type(self), (self.reason, self._rows, self.line, self.column)


class OptionError(CookieJarError, ValueError):
    """An option does not exist or has an invalid value."""


class UnknownOptionError(OptionError, TypeError):
    """A constructor has no such option. As for any function, this is a `TypeError` in Python's words."""


class UnknownAttributeError(CookieJarError, AttributeError):
    """An environment has no such attribute, as several levels have no tabular model in common."""


class ActionError(CookieJarError, ValueError):
    """An action does not exist."""


class StateError(CookieJarError, ValueError):
    """A state does not exist in the kitchen, or no first state leads to it."""


class ResetNeededError(CookieJarError, ResetNeeded):
    """`step` was called before the first reset, or after the end of an episode."""


def shown(value: object) -> str:
    """Return a foreign value for a message: its `repr`, cut, on one line, without control characters."""
    brief = reprlib.Repr()
    brief.maxstring = brief.maxother = brief.maxlong = SHOWN
    try:
        text = brief.repr(value)
    except Exception:  # `repr` may run foreign code, and refuses integers of thousands of digits
        text = f"a value of type {type(value).__name__}"
    text = printable(" ".join(text.split()))
    return text if len(text) <= 2 * SHOWN else f"{text[: 2 * SHOWN - 3]}..."


def printable(text: str) -> str:
    """Replace the characters of a text that cannot be printed with question marks."""
    return "".join(character if character.isprintable() else "?" for character in text)


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean ...?" if one of the known names is similar, else an empty text."""
    near = nearest(name, known)
    return f"; did you mean {near!r}?" if near is not None else ""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most similar to a name, or None if none is similar.

    Case, spaces and punctuation do not count. A part of at least three characters is similar to the whole.
    """
    names = {_letters(other): other for other in reversed(list(known))}
    given = _letters(name[:SHOWN])
    near = get_close_matches(given, names, 1, 0.7)
    near += [other for other in reversed(names) if len(given) >= 3 and given in other]
    near += get_close_matches(given, names, 1)
    return names[near[0]] if near else None


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _first(place: int, length: int, size: int) -> int:
    """Return the index of the first item of a part of `size` items around a place, counted from 1."""
    return max(0, min(place - 1 - size // 2, length - size))
