"""The panel beside the kitchen: the three phases, the numbers of this moment, the values of the actions."""

from collections.abc import Sequence
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.scripts.viewer.widgets.bars import draw_bars

ROW = 1.85  # letter heights of a row of bars, at most
PHASES = "Initialisation", "Doing", "Learning"


class Fact(NamedTuple):
    """A number, what it is, and its colour."""

    number: str
    name: str
    colour: palette.RGB = palette.INK


class Bars(NamedTuple):
    """The values of the actions, as for `draw_bars`."""

    names: Sequence[str]
    values: Sequence[float]
    chosen: int | None = None
    label: str = ""
    probabilities: bool = False


class Panel(NamedTuple):
    """What a panel says.

    Attributes:
        title: who is watched.
        phase: the number of the phase that is on, from 0.
        phases: what happens in each of the three.
        facts: the numbers.
        bars: what the memory holds, or None.
        note: words in the place of the bars.
    """

    title: str
    phase: int
    phases: tuple[str, str, str]
    facts: tuple[Fact, ...]
    bars: Bars | None = None
    note: str = ""


def draw_panel(surface: pygame.Surface, area: pygame.Rect, panel: Panel, font_size: int) -> None:
    """Draw a panel in its area, with letters of that height; what has no room is left out."""
    inside = area.inflate(-2 * font_size, -round(1.4 * font_size))
    title = lettering.fit(panel.title, round(font_size * 1.25), inside.width)
    text = lettering.ellipsis(panel.title, title, inside.width)
    lettering.write(surface, text, title, palette.INK, left=inside.left, middle=inside.top + font_size * 0.7)
    top = inside.top + round(font_size * 1.9)
    for number in range(len(PHASES)):
        row = pygame.Rect(inside.left, top, inside.width, round(font_size * 2.95))
        if row.bottom > area.bottom:
            return
        _draw_phase(surface, row, number, panel, font_size)
        top = row.bottom + round(font_size * 0.3)
    facts = pygame.Rect(inside.left, top + round(font_size * 0.4), inside.width, round(font_size * 3.2))
    if facts.bottom > area.bottom:
        return
    _draw_facts(surface, facts, panel.facts, font_size)
    top = facts.bottom + round(font_size * 0.5)
    rest = pygame.Rect(inside.left, top, inside.width, inside.bottom - top)
    if panel.bars is not None and rest.height >= (len(panel.bars.names) + 2) * lettering.SMALLEST:
        bars = panel.bars
        rest.height = min(rest.height, round(font_size * ROW * (len(bars.names) + 1.6)))
        draw_bars(
            surface, rest, bars.names, bars.values, bars.chosen, bars.label, probabilities=bars.probabilities
        )
    elif panel.note:
        _write_lines(surface, rest, panel.note, font_size, palette.MUTED)


def _draw_phase(surface: pygame.Surface, row: pygame.Rect, number: int, panel: Panel, font_size: int) -> None:
    """A number in a circle, the name of the phase, and what happens in it."""
    now = number == panel.phase
    if now:
        round_box(surface, palette.PAPER_DARK, row, font_size // 2)
    radius = round(font_size * 0.85)
    middle = row.left + round(font_size * 1.4), row.centery
    pygame.draw.aacircle(surface, palette.SHIRT if now else palette.LINE, middle, radius)
    ink = palette.WHITE if now else palette.MUTED
    lettering.write(surface, str(number + 1), font_size, ink, center=middle[0], middle=middle[1] + 1)
    left, room = row.left + round(font_size * 2.8), row.width - round(font_size * 3.2)
    name = palette.INK if now else palette.MUTED
    lettering.write(surface, PHASES[number], font_size, name, left=left, middle=row.top + row.height * 0.3)
    words = panel.phases[number]
    small = lettering.fit(words, round(font_size * 0.86), room)
    text = lettering.ellipsis(words, small, room)
    lettering.write(surface, text, small, name, left=left, middle=row.top + row.height * 0.71)


def _draw_facts(surface: pygame.Surface, row: pygame.Rect, facts: Sequence[Fact], font_size: int) -> None:
    """The numbers side by side, each above its name."""
    width = row.width / max(1, len(facts))
    for index, fact in enumerate(facts):
        center, room = row.left + width * (index + 0.5), round(width - font_size * 0.4)
        big = lettering.fit(fact.number, round(font_size * 1.55), room)
        middle = row.top + row.height * 0.36
        lettering.write(surface, fact.number, big, fact.colour, center=center, middle=middle)
        small = lettering.fit(fact.name, round(font_size * 0.8), room)
        middle = row.top + row.height * 0.8
        lettering.write(surface, fact.name, small, palette.MUTED, center=center, middle=middle)


def _write_lines(
    surface: pygame.Surface, area: pygame.Rect, words: str, font_size: int, colour: palette.RGB
) -> None:
    """Words in as many lines as they need and have room for."""
    middle = area.top + font_size * 0.7
    for line in lettering.wrap(words, font_size, area.width):
        if middle + font_size / 2 > area.bottom:
            return
        lettering.write(surface, line, font_size, colour, left=area.left, middle=middle)
        middle += font_size * 1.4
