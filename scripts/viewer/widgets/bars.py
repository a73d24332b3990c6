"""Horizontal bars with names and numbers, which show what decides between values."""

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.envs.rendering.palette import RGB
from cookie_jar.scripts.common.bars import Bars
from cookie_jar.scripts.viewer.widgets.bar_layout import (
    HEADING,
    LINE,
    BarLayout,
    lay_out_bars,
    rows_in,
)

SHORTEST = 3  # pixels: also the bar of the least value is seen
THICKNESS = 0.56  # of a row


def draw_bars(surface: pygame.Surface, rect: pygame.Rect, bars: Bars, em: int) -> None:
    """Draw a row for each value: its name, a bar, the number, and the distance from the best.

    The greatest value is marked; all of them if several are equal. If there is no room for all rows, those
    with the greatest values and the highlighted row are shown.

    Args:
        surface: The surface to draw on.
        rect: The place on it.
        bars: The contents.
        em: The height of the letters, at most.

    Raises:
        ValueError: If the numbers of values and names differ.
    """
    if len(bars.names) != len(bars.values):
        count = len(bars.names)
        raise ValueError(f"bars: expected one value for each of {count} names, got {len(bars.values)}")
    if not bars.names:
        return
    most, count = rows_in(rect.height, bars, em), len(bars.names)
    if count > most:
        bars = bars.part(max(1, most - 1))
    rest = count - len(bars.names)
    layout = lay_out_bars(rect, bars, em, len(bars.names) + bool(rest))
    _write_heading(surface, rect, layout, bars.label)
    for index in range(len(bars.names)):
        row = pygame.Rect(0, 0, rect.width, round(layout.height))
        row.midleft = rect.left, round(layout.top + (index + 0.5) * layout.height)
        _draw_row(surface, layout, bars, index, row)
    bottom = layout.top + len(bars.names) * layout.height
    _draw_axes(surface, layout, bars, bottom - 1)
    if rest:
        _write_line(surface, layout, f"and {rest:,} more", bottom + layout.height / 2)
        bottom += layout.height
    _write_scale(surface, layout, bars, bottom + layout.small * LINE * 0.5)


def _write_heading(surface: pygame.Surface, rect: pygame.Rect, layout: BarLayout, label: str) -> None:
    """Write the heading, smaller if it is long."""
    height = max(layout.small, lettering.fit(label, round(layout.em * 1.05), rect.width - 4))
    text = lettering.ellipsis(label, height, rect.width - 4)
    middle = rect.top + HEADING * layout.em * 0.42
    lettering.write(surface, text, height, palette.INK, left=layout.name, middle=middle)


def _draw_row(surface: pygame.Surface, layout: BarLayout, bars: Bars, index: int, row: pygame.Rect) -> None:
    """Draw a row; a value that was not learned has a question mark and no bar."""
    value, best = bars.values[index], bars.is_best(index)
    if index == bars.chosen:
        round_box(surface, palette.PAPER_DARK, row, max(3, layout.em // 3))
    colour = palette.INK if best else palette.MUTED
    middle, line = float(row.centery), layout.height
    name = lettering.ellipsis(bars.names[index], layout.em, layout.room)
    if layout.stacked:
        line = layout.height / 2
        lettering.write(surface, name, layout.em, colour, left=layout.name, middle=middle - line * 0.42)
        middle += line * 0.42
    else:
        lettering.write(surface, name, layout.em, colour, left=layout.name, middle=middle + 1)
    if bars.is_learned(index):
        _draw_bar(surface, layout, value, best, middle, line * THICKNESS)
    written = bars.number_of(index)
    lettering.write(surface, written, layout.em, colour, right=layout.number, middle=middle + 1)
    if layout.distance is not None:
        text = bars.distances()[index]
        lettering.write(surface, text, layout.em, colour, right=layout.distance, middle=middle + 1)
    elif best:
        _draw_marker(surface, layout.number + layout.em * 0.72, middle, layout.em * 0.36)


def _draw_bar(
    surface: pygame.Surface, layout: BarLayout, value: float, best: bool, middle: float, thick: float
) -> None:
    """Draw a bar from the origin to a value, with a flat end at the origin and a round end."""
    start, end = round(layout.origin), round(layout.x_of(value))
    if value == 0 and not layout.from_least:
        return
    left, right = (start, max(end, start + SHORTEST)) if end >= start else (min(end, start - SHORTEST), start)
    bar = pygame.Rect(left, round(middle - thick / 2), right - left, max(3, round(thick)))
    radius = bar.height // 4
    whole = bar.inflate(2 * radius + 2, 0)
    if end < start:
        whole.left = bar.left
    else:
        whole.right = bar.right
    before = surface.get_clip()
    surface.set_clip(bar.clip(before))
    round_box(surface, _bar_colour(value, best), whole, radius)
    surface.set_clip(before)


def _bar_colour(value: float, best: bool) -> RGB:
    if value >= 0:
        return palette.BAR_BEST if best else palette.BAR
    return palette.BAR_MINUS_BEST if best else palette.BAR_MINUS


def _draw_marker(surface: pygame.Surface, x: float, y: float, size: float) -> None:
    """Draw a small triangle that points at the greatest value."""
    points = [(x - size, y), (x + size * 0.6, y - size), (x + size * 0.6, y + size)]
    pygame.draw.polygon(surface, palette.INK, points)
    for start, end in zip(points, [*points[1:], points[0]], strict=True):
        pygame.draw.aaline(surface, palette.INK, start, end)


def _draw_axes(surface: pygame.Surface, layout: BarLayout, bars: Bars, bottom: float) -> None:
    """Draw the line where the bars begin, and a fainter line at 0 if they begin below."""
    low, high = bars.span
    if layout.stacked:
        return  # they would cross the names
    if layout.from_least and low < 0 < high:
        zero = round(layout.x_of(0.0))
        pygame.draw.line(surface, palette.LINE, (zero, layout.top), (zero, bottom))
    start = round(layout.origin)
    pygame.draw.line(surface, palette.MUTED, (start, layout.top), (start, bottom))


def _write_scale(surface: pygame.Surface, layout: BarLayout, bars: Bars, middle: float) -> None:
    """Write the values of both ends below the bars, and in the next line what is not known."""
    if bars.learned:
        low, high = (bars.write(value) for value in bars.span)
        lettering.write(surface, low, layout.small, palette.MUTED, left=layout.left, middle=middle)
        if low != high:
            lettering.write(surface, high, layout.small, palette.MUTED, right=layout.right, middle=middle)
        if layout.distance is not None:
            right = layout.distance
            lettering.write(surface, "to best", layout.small, palette.MUTED, right=right, middle=middle)
    if note := bars.note():
        _write_line(surface, layout, note, middle + layout.small * LINE)


def _write_line(surface: pygame.Surface, layout: BarLayout, text: str, middle: float) -> None:
    """Write a muted line of text over all columns."""
    room = (layout.distance or layout.number) - layout.name
    height = max(layout.small, lettering.fit(text, layout.em, room))
    text = lettering.ellipsis(text, height, room)
    lettering.write(surface, text, height, palette.MUTED, left=layout.name, middle=middle)
