"""The timeline of a run: its learning curve, a tick for each snapshot, and a marker to drag."""

from bisect import bisect_right
from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.scripts.viewer.widgets.chart import Axis, draw_line, short_number, value_range
from cookie_jar.scripts.viewer.widgets.levels import Level, draw_levels, room_for

HEIGHT = 6.2  # em of a timeline
AGENT = "agent"  # the name of the curve
KNOB = 0.42  # in em
LINE = 6  # thirds of a pixel


class Timeline(NamedTuple):
    """The contents of a timeline.

    Attributes:
        steps: The steps of training at each snapshot [n], ascending; snapshots are drawn at equal distances.
        curve: (steps, mean return) of each evaluation of the greedy policy.
        lines: Horizontal lines as (mean return, name): the random policy, the optimum.
        now: The index of the current snapshot.
    """

    steps: tuple[int, ...]
    curve: tuple[tuple[float, float], ...] = ()
    lines: tuple[tuple[float, str], ...] = ()
    now: int = 0


def snapshot_at(area: pygame.Rect, timeline: Timeline, x: float) -> int:
    """Return the index of the snapshot nearest to a pixel."""
    plot = _plot(area, timeline)
    share = (x - plot.left) / max(1, plot.width - 1)
    last = len(timeline.steps) - 1
    return min(last, max(0, round(share * last)))


def draw_timeline(surface: pygame.Surface, area: pygame.Rect, timeline: Timeline, held: bool = False) -> None:
    """Draw a timeline; the knob is larger while the user drags it."""
    plot, em = _plot(area, timeline), _em(area)
    xs = [_pixel(plot, timeline, position(timeline.steps, step)) for step, _ in timeline.curve]
    heights = [height for _, height in timeline.curve]
    low, high = value_range([*heights, *(height for height, _ in timeline.lines)])
    room = 0.08 * (high - low)
    axis = Axis(low - room, high + room, plot.bottom - 1, plot.top)
    flag = _flag(plot, timeline, em, area.right)
    _draw_steps(surface, plot, timeline, em, flag)
    levels = [Level(axis.pixel(height), name) for height, name in timeline.lines]
    if known := [height for height in heights if isfinite(height)]:
        levels.append(Level(axis.pixel(known[-1]), AGENT, palette.BAR_BEST, dashed=False))
    draw_levels(surface, plot, levels, em, area.width)
    points = [(x, axis.pixel(y)) for x, y in zip(xs, heights, strict=True) if isfinite(y)]
    draw_line(surface, plot, points, palette.BAR_BEST, width=LINE)
    _draw_knob(surface, plot, timeline, flag, em, held)


def position(steps: Sequence[int], step: float) -> float:
    """Return the position of a number of steps among the snapshots: 2.5 is between indices 2 and 3."""
    after = bisect_right(steps, step)
    if after == 0:
        return 0.0
    if after == len(steps):
        return float(after - 1)
    before = steps[after - 1]
    return after - 1 + (step - before) / (steps[after] - before)


def _em(area: pygame.Rect) -> int:
    return max(lettering.SMALLEST, round(area.height / HEIGHT))


def _plot(area: pygame.Rect, timeline: Timeline) -> pygame.Rect:
    em = _em(area)
    names = [name for _, name in timeline.lines] + [AGENT] * bool(timeline.curve)
    left, right = area.left + em, area.right - em - room_for(names, em, area.width)
    top, bottom = area.top + round(em * 0.7), area.bottom - round(em * 2.0)
    return pygame.Rect(left, top, max(1, right - left), max(1, bottom - top))


def _pixel(plot: pygame.Rect, timeline: Timeline, place: float) -> float:
    return plot.left + (plot.width - 1) * place / max(1, len(timeline.steps) - 1)


def _flag(plot: pygame.Rect, timeline: Timeline, em: int, right: int) -> pygame.Rect:
    """Return the place of the label with the number of steps."""
    x, wide = (round(_pixel(plot, timeline, timeline.now)), lettering.width(_words(timeline), em) + em)
    flag = pygame.Rect(0, plot.bottom + round(em * 0.3), wide, round(em * 1.4))
    flag.centerx = min(max(x, plot.left + wide // 2), right - em // 2 - wide // 2)
    return flag


def _words(timeline: Timeline) -> str:
    return f"{timeline.steps[timeline.now]:,} steps"


def _draw_steps(
    surface: pygame.Surface, plot: pygame.Rect, timeline: Timeline, em: int, flag: pygame.Rect
) -> None:
    """Draw a tick for each snapshot, and as many numbers as fit beside the flag."""
    pygame.draw.line(surface, palette.MUTED, plot.bottomleft, plot.bottomright)
    middle, free = plot.bottom + em, float(plot.left - em)
    last = len(timeline.steps) - 1
    words = [short_number(step) for step in timeline.steps]
    end = _pixel(plot, timeline, last) - lettering.width(words[-1], em) * 0.6
    for number, text in enumerate(words):
        x, wide = _pixel(plot, timeline, number), lettering.width(text, em)
        pygame.draw.line(surface, palette.MUTED, (round(x), plot.bottom), (round(x), plot.bottom + 3))
        room = x - wide / 2 >= free and (number == last or x + wide / 2 + em < end)
        if room and _is_round(timeline.steps, number):
            center = min(max(x, plot.left + wide / 2), plot.right - wide / 2 + em * 0.8)
            if center + wide / 2 < flag.left or center - wide / 2 > flag.right:
                lettering.write(surface, text, em, palette.MUTED, center=center, middle=middle)
            free = x + wide / 2 + em * 0.8


def _is_round(steps: Sequence[int], number: int) -> bool:
    """Return whether a number of steps gets a label: the ends, and numbers with one significant digit."""
    digits = str(steps[number]).rstrip("0")
    return number in (0, len(steps) - 1) or len(digits) <= 1 or len(steps) < 8


def _draw_knob(
    surface: pygame.Surface, plot: pygame.Rect, timeline: Timeline, flag: pygame.Rect, em: int, held: bool
) -> None:
    """Draw a line from top to bottom, a knob at its end, and the number of steps below."""
    x = round(_pixel(plot, timeline, timeline.now))
    pygame.draw.line(surface, palette.SHIRT, (x, plot.top), (x, plot.bottom), 2)
    round_box(surface, palette.SHIRT, flag, em // 3)
    words, middle = _words(timeline), flag.centery + 1
    lettering.write(surface, words, em, palette.WHITE, center=flag.centerx, middle=middle)
    radius = round(em * KNOB * (1.4 if held else 1.0))
    pygame.draw.aacircle(surface, palette.PAPER, (x, plot.bottom), radius + 2)
    pygame.draw.aacircle(surface, palette.SHIRT, (x, plot.bottom), radius)
