"""The errors of the environments: what was expected, what came, what to do."""

from collections.abc import Sequence

from gymnasium.error import ResetNeeded


class CookieJarError(Exception):
    """The base of every error that the environments raise on purpose."""


class KitchenError(CookieJarError, ValueError):
    """A map that is malformed or cannot be solved; shows the map with the place marked.

    Args:
        reason: what was expected and what came.
        rows: the lines of the map.
        line: the line of the fault, counted from 1, or None when it has no place.
        column: the column of the fault, counted from 1.
    """

    def __init__(self, reason: str, rows: Sequence[str], line: int | None = None, column: int = 1) -> None:
        self.reason, self.line, self.column = reason, line, column
        place = "" if line is None else f", line {line}, column {column}"
        shown = [f"    {row}" for row in rows]
        if line is not None:
            shown.insert(line, " " * (column + 3) + "^ here")
        super().__init__("\n".join([f"kitchen{place}: {reason}", *shown]))


class OptionError(CookieJarError, ValueError):
    """An option of the environment that does not exist or has an impossible value."""


class ActionError(CookieJarError, ValueError):
    """An action that the environment does not have."""


class StateError(CookieJarError, ValueError):
    """A state that the kitchen does not have."""


class ResetNeededError(CookieJarError, ResetNeeded):
    """A step before the first reset, or after the end of an episode."""
