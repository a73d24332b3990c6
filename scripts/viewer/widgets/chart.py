"""A small line chart with axes: mean return against steps, random policy and optimum as lines."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor, isfinite, log10
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.scripts.viewer.widgets.levels import Level, draw_levels, room_for

LARGEST = 18  # height of the letters in pixels
COLOURS = palette.BAR_BEST, palette.BAR_MINUS_BEST
_STEPS = (1, 2, 2.5, 5, 10)
_TIMES = 3  # lines are drawn this many times larger, then scaled down


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


class Series(NamedTuple):
    """A line: its points [n] and its name."""

    xs: Sequence[float]
    ys: Sequence[float]
    name: str = ""

    def finite_points(self) -> list[tuple[float, float]]:
        """Return the points without those whose y is NaN or infinite."""
        return [(x, y) for x, y in zip(self.xs, self.ys, strict=True) if isfinite(y)]


def draw_chart(
    surface: pygame.Surface,
    rect: pygame.Rect,
    series: Sequence[Series],
    *,
    lines: Sequence[tuple[float, str]] = (),
    label: str = "",
    em: int = LARGEST,
    last: float | None = None,
) -> None:
    """Draw one or two series with axes; NaN is left out.

    Args:
        surface: The surface to draw on.
        rect: The place.
        series: One or two series.
        lines: Horizontal lines as (y, name).
        label: The heading.
        em: The height of letters in pixels; less where the place is small.
        last: The end of the x axis, which then starts at 0 (default: from the least to the greatest x).
    """
    em = max(lettering.SMALLEST, min(em, rect.height // 7, rect.width // 14))
    plot = _plot(rect, em, bool(label) or any(one.name for one in series), [name for _, name in lines])
    if plot.width < 8 or plot.height < 8:
        return
    xs = [x for one in series for x in one.xs] if last is None else [0.0, last]
    x_axis, y_axis = _axes(plot, xs, [y for one in series for y in one.ys] + [y for y, _ in lines])
    _draw_axes(surface, plot, x_axis, y_axis, em)
    _write_heading(surface, rect, em, label, series)
    levels = [Level(y_axis.pixel(height), name) for height, name in lines]
    draw_levels(surface, plot, levels, em, rect.width)
    for colour, one in zip(COLOURS, series, strict=False):
        points = [(x_axis.pixel(x), y_axis.pixel(y)) for x, y in one.finite_points()]
        draw_line(surface, plot, points, colour)


def draw_line(
    surface: pygame.Surface,
    plot: pygame.Rect,
    pixels: Sequence[tuple[float, float]],
    colour: palette.RGB,
    width: int | None = None,
) -> None:
    """Draw a smooth line through some pixels of a plot; `width` is in thirds of a pixel."""
    points = tuple((round(x - plot.left, 1), round(y - plot.top, 1)) for x, y in pixels)
    surface.blit(
        _curve(plot.size, points, colour, width or max(5, min(9, plot.height // 18))),
        plot,
        special_flags=pygame.BLEND_PREMULTIPLIED,
    )


def _plot(rect: pygame.Rect, em: int, heading: bool, names: Sequence[str]) -> pygame.Rect:
    """Return the area inside the axes; at its right is room for the names of lines."""
    left, top = rect.left + round(em * 2.6), rect.top + round(em * (1.9 if heading else 0.7))
    room = max(round(em * 0.8), room_for(names, em, rect.width))
    return pygame.Rect(left, top, rect.right - room - left, rect.bottom - round(em * 1.7) - top)


def _axes(plot: pygame.Rect, xs: Sequence[float], ys: Sequence[float]) -> tuple[Axis, Axis]:
    (low_x, high_x), (low, high) = value_range(xs), value_range(ys)
    room = 0.06 * (high - low)
    x_axis = Axis(low_x, high_x, plot.left, plot.right - 1)
    return x_axis, Axis(low - room, high + room, plot.bottom - 1, plot.top)


def _draw_axes(surface: pygame.Surface, plot: pygame.Rect, x_axis: Axis, y_axis: Axis, em: int) -> None:
    for value in y_axis.ticks(max(2, min(5, plot.height // (em * 2)))):
        y = round(y_axis.pixel(value))
        pygame.draw.line(surface, palette.PAPER_DARK, (plot.left, y), (plot.right - 1, y))
        right = plot.left - em * 0.4
        lettering.write(surface, short_number(value), em, palette.MUTED, right=right, middle=y + 1)
    for value in x_axis.ticks(max(2, min(5, plot.width // (em * 4)))):
        x, text = round(x_axis.pixel(value)), short_number(value)
        pygame.draw.line(surface, palette.MUTED, (x, plot.bottom), (x, plot.bottom + em // 4))
        wide = lettering.width(text, em) / 2
        center = min(x, plot.right + em * 0.8 - wide)
        lettering.write(surface, text, em, palette.MUTED, center=center, middle=plot.bottom + em * 0.95)
    pygame.draw.line(surface, palette.MUTED, plot.bottomleft, (plot.right - 1, plot.bottom))


def _write_heading(
    surface: pygame.Surface, rect: pygame.Rect, em: int, label: str, series: Sequence[Series]
) -> None:
    """Write the heading at the left, if there is room, and the names of the series at the right."""
    middle, right = rect.top + em * 0.8, float(rect.right - 2)
    for colour, one in reversed(list(zip(COLOURS, series, strict=False))):
        if one.name:
            place = lettering.write(surface, one.name, em, colour, right=right, middle=middle)
            start, end = (place.left - em * 1.3, middle), (place.left - em * 0.4, middle)
            pygame.draw.line(surface, colour, start, end, max(2, em // 5))
            right = place.left - em * 2.0
    if lettering.width(label, em) + em <= right - rect.left:
        lettering.write(surface, label, em, palette.INK, left=rect.left + 4, middle=middle)


@lru_cache(maxsize=16)
def _curve(
    size: tuple[int, int], points: tuple[tuple[float, float], ...], colour: palette.RGB, width: int
) -> pygame.Surface:
    """Return a smooth line through points, on a transparent ground."""
    sheet = pygame.Surface((size[0] * _TIMES, size[1] * _TIMES), pygame.SRCALPHA)
    large = [(x * _TIMES, y * _TIMES) for x, y in points]
    for start, end in pairwise(large):
        pygame.draw.line(sheet, colour, start, end, width)
    if len(large) <= 60:
        for point in large:
            pygame.draw.circle(sheet, colour, point, width * 0.5 if len(large) > 1 else width)
    return pygame.transform.smoothscale(sheet.premul_alpha(), size)
