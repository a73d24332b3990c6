"""The contents of a bar chart, and the places of its rows and columns."""

from collections.abc import Sequence
from math import floor, isfinite, log10
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering
from cookie_jar.envs.rendering.words import number, signed

HEADING = 1.6  # height of the heading, in heights of letters
LINE = 1.2  # height of a line below the bars
ROW = 1.12  # least height of a row
STACKED_ROW = 2.2  # least height of a row with a bar below the name
BAR = 4  # least width of the bars
UNTRIED = "?"
MOST_DECIMALS = 6


class Bars(NamedTuple):
    """The contents of a bar chart.

    The bars reach from the least value at the left to the greatest at the right. With `probabilities` they
    begin at 0 and end at 1; with `from_zero` they begin at 0 and go to both sides.

    Attributes:
        names: The names [A].
        values: The values [A]; NaN is shown as a dash.
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
        return max((value for value in self.values if isfinite(value)), default=None)

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
        return isfinite(self.values[index]) and (self.tried is None or bool(self.tried[index]))

    def is_best(self, index: int) -> bool:
        """Return whether a value was learned and none is greater, learned or not."""
        return self.is_learned(index) and self.values[index] == self.best

    def write(self, value: float) -> str:
        """Return a value as text."""
        if not self.probabilities:
            return signed_with(value, decimals_for(self.span))
        if 0 < value < 0.005 or 0.995 <= value < 1:
            return "<1 %" if value < 0.5 else ">99 %"
        return f"{100 * value:.0f} %"

    def number_of(self, index: int) -> str:
        """Return the value of a row as text."""
        if not isfinite(self.values[index]):
            return "-"
        return self.write(self.values[index]) if self.is_learned(index) else UNTRIED

    def distance_of(self, index: int) -> str:
        """Return the distance of a row from the best as text."""
        if self.is_best(index):
            return "best"
        if self.best is None or not self.is_learned(index):
            return ""
        return number(self.values[index] - self.best)

    def part(self, most: int) -> "Bars":
        """Return at most this many rows: those with the greatest values, and the highlighted one."""
        if len(self.names) <= most:
            return self

        def rank(index: int) -> tuple[bool, float]:
            value = self.values[index]
            return index != self.chosen, -value if isfinite(value) else float("inf")

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


def decimals_for(span: tuple[float, float]) -> int:
    """Return the decimals with which values between two others can be told apart; at least two below 100."""
    low, high = span
    usual = 2 if max(abs(low), abs(high)) < 100 else 0
    return max(usual, -floor(log10(high - low))) if high > low else usual


def signed_with(value: float, decimals: int) -> str:
    """Return a value with its sign and some decimals; as `words.signed` if it would read zero."""
    if decimals > MOST_DECIMALS or not round(value, decimals):
        return signed(value)
    return f"{value:+.{decimals}f}"


class BarLayout(NamedTuple):
    """The places of rows and columns, in pixels.

    Attributes:
        em: The height of the letters.
        small: The height of the smallest letters.
        top: The top of the first row.
        height: The height of a row.
        stacked: Whether each name stands above its bar.
        name: The left of the names.
        room: The width of the names.
        left: The left of the bars.
        right: Their right.
        number: The right of the numbers.
        distance: The right of the distances from the best; None if they are not shown.
        span: The values at the left and at the right of the bars.
        from_least: Whether the bars begin at the least value, not at 0.
    """

    em: int
    small: int
    top: float
    height: float
    stacked: bool
    name: int
    room: int
    left: int
    right: int
    number: int
    distance: int | None
    span: tuple[float, float]
    from_least: bool

    @property
    def origin(self) -> float:
        """Where the bars begin."""
        return self.left if self.from_least else self.x_of(0.0)

    def x_of(self, value: float) -> float:
        """Return where a value stands."""
        low, high = self.span
        share = (value - low) / (high - low) if high > low else float(self.from_least)
        return self.left + (self.right - self.left) * share


def smallest(em: int) -> int:
    """Return the height of the smallest letters in a window with this em."""
    return max(lettering.SMALLEST, round(em * 0.8))


def rows_in(height: int, bars: Bars, em: int) -> int:
    """Return how many rows there is room for in a height in pixels."""
    return int((height / smallest(em) - _around(bars)) / ROW)


def _around(bars: Bars) -> float:
    """Return the height of the heading and of the lines below the bars, in heights of letters."""
    return HEADING * bool(bars.label) + LINE * (1 + bars.compares)


def lay_out_bars(rect: pygame.Rect, bars: Bars, em: int, lines: int) -> BarLayout:
    """Return the places of rows and columns, with letters as large as possible.

    First the distances from the best are left out for want of room, then the names stand above the bars; at
    last names are shortened.

    Args:
        rect: The place of all.
        bars: The contents.
        em: The height of the letters, at most.
        lines: The number of rows, and one more for a line of text if there is one.
    """
    small = smallest(em)
    for stacked, row in ((False, ROW), (True, STACKED_ROW)):
        for distances in (True, False)[not bars.compares :]:
            for size in range(max(em, small), small - 1, -1):
                layout = _columns(rect, bars, size, small, lines, stacked=stacked, distances=distances)
                width = layout.right - layout.left
                if layout.height >= size * row and width >= _least_width(bars, size, small):
                    return layout
    layout = _columns(rect, bars, small, small, lines, stacked=False, distances=False)
    room = min(layout.room, rect.width // 3)
    left = layout.left - (layout.room - room)
    return layout._replace(room=room, left=left, right=max(left + BAR * small, layout.right))


def _least_width(bars: Bars, em: int, small: int) -> float:
    """Return the width of bars below which there is no room for the values of both ends."""
    ends = sum(lettering.width(bars.write(value), small) for value in bars.span)
    return max(BAR * em, ends + 0.6 * small)


def _columns(
    rect: pygame.Rect, bars: Bars, em: int, small: int, lines: int, *, stacked: bool, distances: bool
) -> BarLayout:
    """Return columns with names and numbers as wide as necessary, and the rest for the bars."""
    rows = range(len(bars.names))
    gap, name, right = round(em * 0.6), rect.left + 4, rect.right - 4
    distance = right if distances else None
    if distances:
        right -= max(lettering.width(bars.distance_of(index), em) for index in rows) + gap
    else:
        right -= round(em * 1.1)  # the marker
    numbers = max(lettering.width(bars.number_of(index), em) for index in rows)
    room = max(lettering.width(text, em) for text in bars.names)
    left, end = name if stacked else name + room + gap, right - numbers - gap
    if stacked:
        room = min(room, rect.right - name)
    top = rect.top + HEADING * em * bool(bars.label)
    height = (rect.height - _around(bars) * em) / lines
    columns = stacked, name, room, left, end, right, distance
    return BarLayout(em, small, top, height, *columns, bars.span, bars.compares)
