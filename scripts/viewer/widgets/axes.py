"""Axes: the pixels of values, and round numbers for ticks."""

from collections.abc import Sequence
from math import ceil, floor, isfinite, log10
from typing import NamedTuple

_STEPS = (1, 2, 2.5, 5, 10)


class Axis(NamedTuple):
    """A linear map of values from `low` to `high` to pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def pixel(self, value: float) -> float:
        """Return the pixel of a value."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return self.start + (self.end - self.start) * share

    def ticks(self, most: int) -> list[float]:
        """Return about `most` round numbers, at most `most` + 1."""
        step = _round_step((self.high - self.low) / most)
        first = ceil(self.low / step - 1e-9)
        return [index * step for index in range(first, floor(self.high / step + 1e-9) + 1)]


def value_range(values: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and the highest finite value; if they are equal, a range around them."""
    known = [value for value in values if isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def short_number(value: float) -> str:
    """Format a number in a few letters: 20k, 1.5M, 0.25."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.4g}{letter}"
    return f"{round(value, 6):.4g}"


def _round_step(least: float) -> float:
    """Return the smallest round number that is at least `least`."""
    power = 10.0 ** floor(log10(least)) if least > 0 else 1.0
    return next(step * power for step in _STEPS if step * power >= least * (1 - 1e-9))
