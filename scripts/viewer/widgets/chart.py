"""A small line chart: happiness against experience, beside what chance and the optimum would give."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.scripts.viewer.widgets.axes import Axis, short_number, value_range

LARGEST = 18  # pixels: of the letters
DASH = 6  # pixels
SERIES = palette.BAR_BEST, palette.BAR_MINUS_BEST
_TIMES = 3  # lines are drawn so much larger, then scaled down


class Series(NamedTuple):
    """A line: its points and its name."""

    xs: Sequence[float]
    ys: Sequence[float]
    name: str = ""


def draw_chart(
    surface: pygame.Surface,
    rect: pygame.Rect,
    xs: Sequence[float],
    ys: Sequence[float],
    *,
    name: str = "",
    second: Series | None = None,
    lines: Sequence[tuple[float, str]] = (),
    marker: float | None = None,
    log_x: bool = False,
    label: str = "",
    x_label: str = "",
) -> None:
    """Draw one or two lines with axes; points that are NaN are left out.

    Args:
        surface: what to draw on.
        rect: where.
        xs: of the first line [n], rising; above 0 when `log_x`.
        ys: of the first line [n].
        name: of the first line.
        second: another line.
        lines: heights with names, drawn across: the random child, the optimum.
        marker: an x that is marked from top to bottom.
        log_x: whether equal factors of x have equal widths.
        label: a heading.
        x_label: what x is.
    """
    series = [Series(xs, ys, name), *([second] if second is not None else [])]
    font_size = max(lettering.SMALLEST, min(LARGEST, rect.height // 13, rect.width // 18))
    plot = _plot(rect, font_size, bool(label) or any(one.name for one in series), bool(x_label))
    if plot.width < 8 or plot.height < 8:
        return
    x_axis, y_axis = _axes(plot, series, lines, marker, log_x)
    _draw_axes(surface, plot, x_axis, y_axis, font_size)
    _write_heading(surface, rect, font_size, label, series)
    if x_label:
        text = lettering.ellipsis(x_label, font_size, rect.width)
        middle = rect.bottom - font_size * 0.6
        lettering.write(surface, text, font_size, palette.MUTED, center=plot.centerx, middle=middle)
    for height, words in lines:
        at_left = is_free_at_left(ys, height)
        draw_level(surface, plot, round(y_axis.pixel(height)), words, font_size, at_left)
    if marker is not None:
        _draw_marker(surface, plot, x_axis.pixel(marker))
    for colour, one in zip(SERIES, series, strict=False):
        known = [(x, y) for x, y in zip(one.xs, one.ys, strict=True) if isfinite(y)]
        draw_line(surface, plot, [(x_axis.pixel(x), y_axis.pixel(y)) for x, y in known], colour)


def draw_line(
    surface: pygame.Surface,
    plot: pygame.Rect,
    pixels: Sequence[tuple[float, float]],
    colour: palette.RGB,
    width: int | None = None,
) -> None:
    """Draw a smooth line through some pixels of a plot, so many thirds of a pixel wide."""
    points = tuple((round(x - plot.left, 1), round(y - plot.top, 1)) for x, y in pixels)
    surface.blit(
        _curve(plot.size, points, colour, width or max(5, min(9, plot.height // 18))),
        plot,
        special_flags=pygame.BLEND_PREMULTIPLIED,
    )


def _plot(rect: pygame.Rect, font_size: int, heading: bool, x_label: bool) -> pygame.Rect:
    """What the axes leave for the lines."""
    left, top = rect.left + round(font_size * 3.1), rect.top + round(font_size * (1.9 if heading else 0.7))
    bottom = rect.bottom - round(font_size * (3.0 if x_label else 1.7))
    return pygame.Rect(left, top, rect.right - round(font_size * 0.8) - left, bottom - top)


def _axes(
    plot: pygame.Rect,
    series: Sequence[Series],
    lines: Sequence[tuple[float, str]],
    marker: float | None,
    log_x: bool,
) -> tuple[Axis, Axis]:
    xs = [x for one in series for x in one.xs] + ([] if marker is None else [marker])
    low_x, high_x = value_range([x for x in xs if x > 0] if log_x else xs)
    if log_x:
        low_x = max(low_x, high_x / 1e9)
    low, high = value_range([y for one in series for y in one.ys] + [height for height, _ in lines])
    room = 0.06 * (high - low)
    x_axis = Axis(low_x, high_x, plot.left, plot.right - 1, log_x)
    return x_axis, Axis(low - room, high + room, plot.bottom - 1, plot.top)


def _draw_axes(
    surface: pygame.Surface, plot: pygame.Rect, x_axis: Axis, y_axis: Axis, font_size: int
) -> None:
    for value in y_axis.ticks(max(2, min(5, plot.height // (font_size * 2)))):
        y = round(y_axis.pixel(value))
        pygame.draw.line(surface, palette.PAPER_DARK, (plot.left, y), (plot.right - 1, y))
        right = plot.left - font_size * 0.4
        lettering.write(surface, short_number(value), font_size, palette.MUTED, right=right, middle=y + 1)
    for value in x_axis.ticks(max(2, min(5, plot.width // (font_size * 4)))):
        x, text = round(x_axis.pixel(value)), short_number(value)
        pygame.draw.line(surface, palette.MUTED, (x, plot.bottom), (x, plot.bottom + font_size // 4))
        wide = lettering.width(text, font_size) / 2
        center = min(x, plot.right + font_size * 0.8 - wide)
        lettering.write(
            surface, text, font_size, palette.MUTED, center=center, middle=plot.bottom + font_size * 0.95
        )
    pygame.draw.line(surface, palette.MUTED, plot.bottomleft, (plot.right - 1, plot.bottom))


def _write_heading(
    surface: pygame.Surface, rect: pygame.Rect, font_size: int, label: str, series: Sequence[Series]
) -> None:
    """The heading at the left, the names of the lines at the right."""
    middle, right = rect.top + font_size * 0.8, float(rect.right - 2)
    for colour, one in reversed(list(zip(SERIES, series, strict=False))):
        if one.name:
            place = lettering.write(surface, one.name, font_size, colour, right=right, middle=middle)
            start, end = (place.left - font_size * 1.3, middle), (place.left - font_size * 0.4, middle)
            pygame.draw.line(surface, colour, start, end, max(2, font_size // 5))
            right = place.left - font_size * 2.0
    room = max(0, round(right - rect.left - font_size))
    text = lettering.ellipsis(label, font_size, room)
    lettering.write(surface, text, font_size, palette.INK, left=rect.left + 4, middle=middle)


def is_free_at_left(ys: Sequence[float], height: float) -> bool:
    """Whether a line is further away from a height at its start than at its end."""
    known = [y for y in ys if isfinite(y)]
    return bool(known) and abs(known[0] - height) > abs(known[-1] - height)


def draw_level(
    surface: pygame.Surface, plot: pygame.Rect, y: int, words: str, font_size: int, at_left: bool
) -> None:
    """A dashed line across, with its name at one end."""
    small = max(lettering.SMALLEST, round(font_size * 0.9))
    text = lettering.line(words, small, palette.MUTED)
    place = text.get_rect(centery=y + 1, left=plot.left + font_size // 3)
    if not at_left:
        place.right = plot.right - font_size // 3
    gap = place.inflate(font_size // 2, 0) if words else pygame.Rect(0, 0, 0, 0)
    for x in range(plot.left, plot.right - DASH, 2 * DASH):
        if not gap.left - DASH < x < gap.right:
            pygame.draw.line(surface, palette.MUTED, (x, y), (x + DASH, y))
    surface.blit(text, place)


def _draw_marker(surface: pygame.Surface, plot: pygame.Rect, x: float) -> None:
    """A line from top to bottom, with a handle."""
    pygame.draw.line(surface, palette.SHIRT, (round(x), plot.top), (round(x), plot.bottom), 2)
    pygame.draw.aacircle(surface, palette.SHIRT, (round(x), plot.top), 5)


@lru_cache(maxsize=16)
def _curve(
    size: tuple[int, int], points: tuple[tuple[float, float], ...], colour: palette.RGB, width: int
) -> pygame.Surface:
    """A smooth line through points, on a transparent ground."""
    sheet = pygame.Surface((size[0] * _TIMES, size[1] * _TIMES), pygame.SRCALPHA)
    large = [(x * _TIMES, y * _TIMES) for x, y in points]
    for start, end in pairwise(large):
        pygame.draw.line(sheet, colour, start, end, width)
    if len(large) <= 60:
        for point in large:
            pygame.draw.circle(sheet, colour, point, width * 0.5 if len(large) > 1 else width)
    return pygame.transform.smoothscale(sheet.premul_alpha(), size)
