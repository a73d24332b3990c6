"""The panel beside the picture: three phases, some numbers, and bars."""

from collections.abc import Sequence
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.scripts.viewer.widgets.bars import Bars, draw_bars

ROW = 1.85  # em of a row of bars, at most
PHASES = "Initialisation", "Doing", "Learning"


class Fact(NamedTuple):
    """A number, its name and its colour."""

    number: str
    name: str
    colour: palette.RGB = palette.INK


class Panel(NamedTuple):
    """The contents of a panel.

    Attributes:
        title: The title.
        phase: The index of the current phase.
        phases: The text of each phase.
        facts: The numbers.
        bars: The bars, or None.
        note: Text in the place of the bars.
    """

    title: str
    phase: int
    phases: tuple[str, str, str]
    facts: tuple[Fact, ...]
    bars: Bars | None = None
    note: str = ""


def draw_panel(surface: pygame.Surface, area: pygame.Rect, panel: Panel, em: int) -> None:
    """Draw a panel with letters of a given height; parts that do not fit are left out."""
    inside = area.inflate(-2 * em, -round(1.4 * em))
    title = lettering.fit(panel.title, round(em * 1.25), inside.width)
    text = lettering.ellipsis(panel.title, title, inside.width)
    lettering.write(surface, text, title, palette.INK, left=inside.left, middle=inside.top + em * 0.7)
    top = inside.top + round(em * 1.9)
    for number in range(len(PHASES)):
        row = pygame.Rect(inside.left, top, inside.width, round(em * 2.95))
        if row.bottom > area.bottom:
            return
        _draw_phase(surface, row, number, panel, em)
        top = row.bottom + round(em * 0.3)
    facts = pygame.Rect(inside.left, top + round(em * 0.4), inside.width, round(em * 3.2))
    if facts.bottom > area.bottom:
        return
    _draw_facts(surface, facts, panel.facts, em)
    top = facts.bottom + round(em * 0.5)
    rest = pygame.Rect(inside.left, top, inside.width, inside.bottom - top)
    if panel.bars is not None and rest.height >= (len(panel.bars.names) + 2) * lettering.SMALLEST:
        rest.height = min(rest.height, round(em * ROW * (len(panel.bars.names) + 1.6)))
        draw_bars(surface, rest, panel.bars)
    elif panel.note:
        _write_lines(surface, rest, panel.note, em, palette.MUTED)


def _draw_phase(surface: pygame.Surface, row: pygame.Rect, number: int, panel: Panel, em: int) -> None:
    """Draw the number of a phase in a circle, its name and its text."""
    now = number == panel.phase
    if now:
        round_box(surface, palette.PAPER_DARK, row, em // 2)
    radius = round(em * 0.85)
    middle = row.left + round(em * 1.4), row.centery
    pygame.draw.aacircle(surface, palette.SHIRT if now else palette.LINE, middle, radius)
    ink = palette.WHITE if now else palette.MUTED
    lettering.write(surface, str(number + 1), em, ink, center=middle[0], middle=middle[1] + 1)
    left, room = row.left + round(em * 2.8), row.width - round(em * 3.2)
    name = palette.INK if now else palette.MUTED
    lettering.write(surface, PHASES[number], em, name, left=left, middle=row.top + row.height * 0.3)
    words = panel.phases[number]
    small = lettering.fit(words, round(em * 0.86), room)
    text = lettering.ellipsis(words, small, room)
    lettering.write(surface, text, small, name, left=left, middle=row.top + row.height * 0.71)


def _draw_facts(surface: pygame.Surface, row: pygame.Rect, facts: Sequence[Fact], em: int) -> None:
    """Draw the numbers side by side, each above its name."""
    width = row.width / max(1, len(facts))
    for index, fact in enumerate(facts):
        center, room = row.left + width * (index + 0.5), round(width - em * 0.4)
        big = lettering.fit(fact.number, round(em * 1.55), room)
        middle = row.top + row.height * 0.36
        lettering.write(surface, fact.number, big, fact.colour, center=center, middle=middle)
        small = lettering.fit(fact.name, round(em * 0.8), room)
        middle = row.top + row.height * 0.8
        lettering.write(surface, fact.name, small, palette.MUTED, center=center, middle=middle)


def _write_lines(
    surface: pygame.Surface, area: pygame.Rect, words: str, em: int, colour: palette.RGB
) -> None:
    """Draw text in as many lines as necessary; lines that do not fit are left out."""
    middle = area.top + em * 0.7
    for line in lettering.wrap(words, em, area.width):
        if middle + em / 2 > area.bottom:
            return
        lettering.write(surface, line, em, colour, left=area.left, middle=middle)
        middle += em * 1.4
