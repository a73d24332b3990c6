"""The errors that the environments raise."""

from collections.abc import Sequence

from gymnasium.error import ResetNeeded


class CookieJarError(Exception):
    """Base class of all errors of the environments."""


class KitchenError(CookieJarError, ValueError):
    """A map is malformed or cannot be solved. The message shows the map with the place marked.

    Args:
        reason: The expected and the actual content.
        rows: The lines of the map.
        line: The line of the error, counted from 1, or None if the error has no place.
        column: The column of the error, counted from 1.
    """

    def __init__(self, reason: str, rows: Sequence[str], line: int | None = None, column: int = 1) -> None:
        self.reason, self.line, self.column = reason, line, column
        place = "" if line is None else f", line {line}, column {column}"
        shown = [f"    {row}" for row in rows]
        if line is not None:
            shown.insert(line, " " * (column + 3) + "^ here")
        super().__init__("\n".join([f"kitchen{place}: {reason}", *shown]))


class OptionError(CookieJarError, ValueError):
    """An option does not exist or has an impossible value."""


class ActionError(CookieJarError, ValueError):
    """An action does not exist."""


class StateError(CookieJarError, ValueError):
    """A state does not exist in the kitchen, or no first state leads to it."""


class ResetNeededError(CookieJarError, ResetNeeded):
    """`step` was called before the first reset, or after the end of an episode."""
