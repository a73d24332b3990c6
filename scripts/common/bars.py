"""The contents of a bar chart: values, what is known of them, and how they are written."""

from collections.abc import Sequence
from math import floor, log10
from typing import NamedTuple

from cookie_jar.envs.rendering.words import LARGE, number, signed

UNTRIED = "?"
GREATEST = 1e300  # values beyond are shown as NaN: their differences are infinite
MOST_DECIMALS = 6


class Bars(NamedTuple):
    """The contents of a bar chart.

    The bars reach from the least value at the left to the greatest at the right. With `probabilities` they
    begin at 0 and end at 1; with `from_zero` they begin at 0 and go to both sides.

    Attributes:
        names: The names [A].
        values: The values [A]; NaN and what is beyond `GREATEST` are shown as a dash.
        chosen: The index of a row to highlight, or None.
        label: The heading.
        probabilities: Whether the values are probabilities; these are written as percentages.
        tried: Whether each value was learned [A]; others have a question mark and no bar. None for all.
        from_zero: Whether the bars begin at 0.
    """

    names: Sequence[str]
    values: Sequence[float]
    chosen: int | None = None
    label: str = ""
    probabilities: bool = False
    tried: Sequence[bool] | None = None
    from_zero: bool = False

    @property
    def learned(self) -> list[float]:
        """The finite values that were learned."""
        return [value for index, value in enumerate(self.values) if self.is_learned(index)]

    @property
    def best(self) -> float | None:
        """The greatest value, learned or not; None without a finite value."""
        return max((value for value in self.values if _is_shown(value)), default=None)

    @property
    def span(self) -> tuple[float, float]:
        """The values at the left and at the right end of the bars."""
        if self.probabilities:
            return 0.0, 1.0
        ends = [*self.learned, *([] if self.best is None else [self.best]), *([0.0] * self.from_zero)]
        return (min(ends), max(ends)) if ends else (0.0, 0.0)

    @property
    def compares(self) -> bool:
        """Whether the distance of each value from the best is shown."""
        return not (self.probabilities or self.from_zero)

    def is_learned(self, index: int) -> bool:
        """Return whether a value is finite and was learned."""
        return _is_shown(self.values[index]) and (self.tried is None or bool(self.tried[index]))

    def is_best(self, index: int) -> bool:
        """Return whether a value was learned and none is greater, learned or not."""
        return self.is_learned(index) and self.values[index] == self.best

    def write(self, value: float) -> str:
        """Return a value as text."""
        return percent(value) if self.probabilities else signed_with(value, decimals_for(self.span))

    def number_of(self, index: int) -> str:
        """Return the value of a row as text."""
        if not _is_shown(self.values[index]):
            return "-"
        return self.write(self.values[index]) if self.is_learned(index) else UNTRIED

    def distances(self) -> list[str]:
        """Return the distance of each row from the best as text, all with the same decimals."""
        best, rows = self.best, range(len(self.values))
        if best is None:
            return [""] * len(self.values)
        smallest = min((best - value for value in self.learned if value < best), default=1.0)
        least = decimals_for(self.span)
        decimals = max(least, min(least + 2, -floor(log10(smallest))))
        return [
            "best"
            if self.is_best(row)
            else signed_with(self.values[row] - best, decimals)
            if self.is_learned(row)
            else ""
            for row in rows
        ]

    def part(self, most: int) -> "Bars":
        """Return at most this many rows: those with the greatest values, and the highlighted one."""
        if len(self.names) <= most:
            return self

        def rank(index: int) -> tuple[bool, float]:
            value = self.values[index]
            return index != self.chosen, -value if _is_shown(value) else float("inf")

        kept = sorted(sorted(range(len(self.names)), key=rank)[:most])
        return self._replace(
            names=[self.names[index] for index in kept],
            values=[self.values[index] for index in kept],
            chosen=None if self.chosen is None else kept.index(self.chosen),
            tried=None if self.tried is None else [self.tried[index] for index in kept],
        )

    def note(self) -> str:
        """Return what is not known, as a line of text; often empty."""
        tried = self.tried or [True] * len(self.values)
        untried = [value for value, known in zip(self.values, tried, strict=True) if not known]
        if untried and self.compares:
            return f"{UNTRIED}: never tried, counts as {number(untried[0])}"
        equal = sum(self.is_best(index) for index in range(len(self.values)))
        return "no best action yet" if self.tried is not None and equal > 1 else ""


def _is_shown(value: float) -> bool:
    return abs(value) <= GREATEST


def percent(probability: float) -> str:
    """Return a probability as text, which reads 0 % or 100 % only if that is true."""
    if 0 < probability < 0.005 or 0.995 <= probability < 1:
        return "<1 %" if probability < 0.5 else ">99 %"
    return f"{100 * probability:.0f} %"


def decimals_for(span: tuple[float, float]) -> int:
    """Return the decimals with which values between two others can be told apart; at least two below 100."""
    low, high = span
    usual = 2 if max(abs(low), abs(high)) < 100 else 0
    return max(usual, -floor(log10(high - low))) if high > low else usual


def signed_with(value: float, decimals: int) -> str:
    """Return a value with its sign and some decimals; as `words.signed` if it would read zero."""
    if decimals > MOST_DECIMALS or abs(value) >= LARGE or not round(value, decimals):
        return signed(value)
    return f"{value:+.{decimals}f}"
