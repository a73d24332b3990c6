"""Axes: few round numbers, and where they lie in pixels."""

from collections.abc import Sequence
from math import ceil, floor, isfinite, log10
from typing import NamedTuple

_STEPS = (1, 2, 2.5, 5, 10)


class Axis(NamedTuple):
    """Values from `low` to `high` laid on pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def pixel(self, value: float) -> float:
        """Where a value lies."""
        low, high, value = (_log(v) if self.log else v for v in (self.low, self.high, value))
        share = (value - low) / (high - low) if high > low else 0.5
        return self.start + (self.end - self.start) * share

    def ticks(self, most: int) -> list[float]:
        """About so many round numbers, at most one more."""
        if self.log:
            powers = range(ceil(_log(self.low) - 1e-9), floor(_log(self.high) + 1e-9) + 1)
            return [10.0**power for power in powers][:: max(1, ceil(len(powers) / most))]
        step = _round_step((self.high - self.low) / most)
        first = ceil(self.low / step - 1e-9)
        return [index * step for index in range(first, floor(self.high / step + 1e-9) + 1)]


def value_range(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest of the finite values; something around them when they are one."""
    known = [value for value in values if isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def short_number(value: float) -> str:
    """A number in few letters: 20k, 1.5M, 0.25."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.4g}{letter}"
    return f"{round(value, 6):.4g}"


def _round_step(least: float) -> float:
    """The smallest round number that is at least that."""
    power = 10.0 ** floor(log10(least)) if least > 0 else 1.0
    return next(step * power for step in _STEPS if step * power >= least * (1 - 1e-9))


def _log(value: float) -> float:
    return log10(max(value, 1e-12))
