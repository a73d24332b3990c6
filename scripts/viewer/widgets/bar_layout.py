"""The places of the rows and columns of a bar chart."""

from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering
from cookie_jar.scripts.common.bars import Bars

HEADING = 1.45  # height of the heading, in heights of letters
LINE = 1.1  # height of a line below the bars
ROW = 1.08  # least height of a row
STACKED_ROW = 2.2  # least height of a row with a bar below the name
BAR = 4  # least width of the bars


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
        right -= max(lettering.width(text, em) for text in bars.distances()) + gap
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
