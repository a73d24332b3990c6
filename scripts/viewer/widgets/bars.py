"""Horizontal bars with names and numbers."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.envs.rendering.palette import RGB

LARGEST = 26  # height of the letters in pixels


class Bars(NamedTuple):
    """The contents of a bar chart.

    Attributes:
        names: The names [A].
        values: The values [A].
        chosen: The index of a row to highlight, or None.
        label: The heading.
        probabilities: Whether the values are probabilities; these are written as percentages.
    """

    names: Sequence[str]
    values: Sequence[float]
    chosen: int | None = None
    label: str = ""
    probabilities: bool = False


class _Columns(NamedTuple):
    """The columns of each row, in pixels."""

    em: int
    name: int  # left end of the names
    bars: int  # left end of the bars
    bars_end: int
    zero: float
    number_end: int
    scale: float  # pixels for a value of 1


def draw_bars(surface: pygame.Surface, rect: pygame.Rect, bars: Bars) -> None:
    """Draw a row for each value: its name, a bar from the zero line, and the number.

    The greatest value is marked; all of them if several are equal. NaN is shown as a dash.

    Raises:
        ValueError: If the numbers of values and names differ.
    """
    names, values = bars.names, bars.values
    if len(names) != len(values):
        raise ValueError(f"bars: expected one value for each of {len(names)} names, got {len(values)}")
    if not names:
        return
    head = round(min(LARGEST * 1.7, rect.height / (len(names) + 1.6) * 1.25)) if bars.label else 0
    if bars.label:
        _write_heading(surface, rect, bars.label, head)
    height, top = (rect.height - head) / len(names), rect.top + head
    numbers = [_format_value(value, bars.probabilities) for value in values]
    columns = _columns(rect, bars, numbers, height)
    best = max((value for value in values if isfinite(value)), default=None)
    if bars.chosen is not None:
        row = pygame.Rect(rect.left, round(top + bars.chosen * height), rect.width, round(height))
        round_box(surface, palette.PAPER_DARK, row, max(3, row.height // 4))
    for index, (name, value, number) in enumerate(zip(names, values, numbers, strict=True)):
        middle, is_best = top + (index + 0.5) * height, best is not None and value == best
        _draw_row(surface, columns, name, value, number, middle, height, is_best)
    bottom = top + height * len(names) - 1
    pygame.draw.line(surface, palette.MUTED, (columns.zero, top), (columns.zero, bottom))


def _write_heading(surface: pygame.Surface, rect: pygame.Rect, label: str, height: int) -> None:
    em = lettering.fit(label, round(height * 0.6), rect.width)
    text = lettering.ellipsis(label, em, rect.width)
    lettering.write(surface, text, em, palette.INK, left=rect.left + 4, middle=rect.top + height * 0.42)


def _columns(rect: pygame.Rect, bars: Bars, numbers: Sequence[str], height: float) -> _Columns:
    """Return columns with names and numbers as wide as necessary, and the rest for the bars."""
    em = max(lettering.SMALLEST, min(LARGEST, round(height * 0.6), rect.width // 15))
    name_width = max(lettering.width(name, em) for name in bars.names)
    name_width = min(name_width, round(rect.width * 0.4))
    number_width = max(lettering.width(number, em) for number in numbers)
    left = rect.left + 4
    start = left + name_width + round(em * 0.7)
    number_end = rect.right - round(em * 1.1)
    end = max(start + 4, number_end - number_width - round(em * 0.5))
    known = [value for value in bars.values if isfinite(value)]
    low, high = min([0.0, *known]), 1.0 if bars.probabilities else max([0.0, *known])
    scale = (end - start) / (high - low) if high > low else 0.0
    return _Columns(em, left, start, end, start - low * scale, number_end, scale)


def _draw_row(
    surface: pygame.Surface,
    columns: _Columns,
    name: str,
    value: float,
    number: str,
    middle: float,
    height: float,
    best: bool,
) -> None:
    em = columns.em
    room = columns.bars - columns.name - round(em * 0.3)
    colour = palette.INK if best else palette.MUTED
    text = lettering.ellipsis(name, em, room)
    lettering.write(surface, text, em, colour, left=columns.name, middle=middle + 1)
    if isfinite(value):
        end = columns.zero + value * columns.scale
        thick = max(3, round(height * 0.56))
        left, right = sorted((round(columns.zero), round(end)))
        bar = pygame.Rect(left, round(middle - thick / 2), right - left, thick)
        _draw_bar(surface, _bar_colour(value, best), bar, thick // 4, value < 0)
    lettering.write(surface, number, em, colour, right=columns.number_end, middle=middle + 1)
    if best:
        _draw_marker(surface, columns.number_end + em * 0.62, middle, em * 0.36)


def _draw_bar(surface: pygame.Surface, colour: RGB, bar: pygame.Rect, radius: int, leftwards: bool) -> None:
    """Draw a bar of any length, with a flat end on the zero line and a round end."""
    whole = bar.inflate(2 * radius + 2, 0)
    if leftwards:
        whole.left = bar.left
    else:
        whole.right = bar.right
    before = surface.get_clip()
    surface.set_clip(bar.clip(before))
    round_box(surface, colour, whole, radius)
    surface.set_clip(before)


def _draw_marker(surface: pygame.Surface, x: float, y: float, size: float) -> None:
    """Draw a small triangle that points at the greatest value."""
    points = [(x - size, y), (x + size * 0.6, y - size), (x + size * 0.6, y + size)]
    pygame.draw.polygon(surface, palette.INK, points)
    for start, end in zip(points, [*points[1:], points[0]], strict=True):
        pygame.draw.aaline(surface, palette.INK, start, end)


def _bar_colour(value: float, best: bool) -> RGB:
    if value >= 0:
        return palette.BAR_BEST if best else palette.BAR
    return palette.BAR_MINUS_BEST if best else palette.BAR_MINUS


def _format_value(value: float, probability: bool) -> str:
    if not isfinite(value):
        return "-"
    if probability:
        return f"{100 * value:.0f} %"
    return f"{value:.2f}" if abs(value) < 1000 else f"{value:.0f}"
