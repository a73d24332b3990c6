"""Loops at the end of episodes: the same situation leads to the same acts again."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np


class Repeat(NamedTuple):
    """The acts that an episode repeats until its end.

    Attributes:
        first: The number of the first act of the loop, from 1.
        last: The number of the last act of the loop.
    """

    first: int
    last: int

    @property
    def twice(self) -> int:
        """The number of the act at which the loop has been done twice."""
        return 2 * self.last - self.first + 1

    @property
    def words(self) -> str:
        """The repeated acts as text, such as "acts 3 to 6 repeat"."""
        if self.first == self.last:
            return f"act {self.first} repeats"
        return f"acts {self.first} to {self.last} repeat"


def find_repeat(situations: Sequence[Any], actions: Sequence[int]) -> Repeat | None:
    """Return the loop that an episode repeats until its end, more than twice; None without such a loop.

    Args:
        situations: Whatever tells two time steps apart, from the start to the end [n + 1].
        actions: The action of each act [n].
    """
    end = len(actions)
    keys = [_comparable(situation) for situation in situations]
    period = next((period for period in range(1, end) if keys[end - period] == keys[end]), end)
    first = end - period
    while first > 0 and (keys[first - 1], actions[first - 1]) == (
        keys[first - 1 + period],
        actions[first - 1 + period],
    ):
        first -= 1
    return Repeat(first + 1, first + period) if end - first > 2 * period else None


def _comparable(value: Any) -> Any:
    """Return a value that is equal for equal observations; arrays are compared by their bytes."""
    if isinstance(value, Mapping):
        return tuple((name, _comparable(part)) for name, part in value.items())
    if isinstance(value, tuple):
        return tuple(_comparable(part) for part in value)
    array = np.asarray(value)
    return array.shape, array.tobytes()
