"""The panel beside the picture: three phases, some numbers, and bars."""

from collections.abc import Sequence
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.scripts.common.bars import Bars
from cookie_jar.scripts.viewer.widgets.bar_layout import rows_in, smallest
from cookie_jar.scripts.viewer.widgets.bars import draw_bars

ROW = 1.85  # em of a row of bars, at most
FACTS = 2.9  # em of the row of numbers
WIDE = 30  # em from which the name of a phase stands beside its text
SMALL = 0.86  # em of the text of a phase
LEADING = 1.25  # distance of lines of text, in heights of letters
ACTING = "Sense", "Act", "Check"  # the phases of an action
TRAINING = "Initialisation", "Doing", "Learning"  # the phases of machine learning


class Fact(NamedTuple):
    """A number, its name and its colour."""

    number: str
    name: str
    colour: palette.RGB = palette.INK


class Panel(NamedTuple):
    """The contents of a panel.

    Attributes:
        title: The title.
        phase: The index of the current phase; None for none.
        phases: The text of each phase.
        facts: The numbers.
        bars: The bars, or None.
        note: Text in the place of the bars.
        names: The name of each phase.
        subtitle: Text below the title.
    """

    title: str
    phase: int | None
    phases: tuple[str, str, str]
    facts: tuple[Fact, ...]
    bars: Bars | None = None
    note: str = ""
    names: tuple[str, str, str] = ACTING
    subtitle: str = ""


def draw_panel(surface: pygame.Surface, area: pygame.Rect, panel: Panel, em: int) -> None:
    """Draw a panel with letters of a height; text is wrapped, what does not fit is left out."""
    rest = area.inflate(-2 * em, -round(1.1 * em))
    _draw_title(surface, rest, panel, em)
    for number in range(len(panel.phases)):
        if not _draw_phase(surface, rest, number, panel, em):
            return
    _take(rest, round(0.3 * em))
    if rest.height < FACTS * em:
        return
    _draw_facts(surface, _take(rest, round(FACTS * em)), panel.facts, em)
    _take(rest, round(0.4 * em))
    bars = panel.bars
    if bars is not None and rows_in(rest.height, bars, em) >= min(3, len(bars.names)):
        rest.height = min(rest.height, round(em * ROW * (len(bars.names) + 2.6)))
        draw_bars(surface, rest, bars, em)
    elif panel.note:
        _write_lines(surface, rest, panel.note, em, palette.MUTED)


def _take(rest: pygame.Rect, height: int) -> pygame.Rect:
    """Take a part of some height from the top of an area, and return it."""
    part = pygame.Rect(rest.left, rest.top, rest.width, height)
    rest.top += height
    rest.height -= height
    return part


def _draw_title(surface: pygame.Surface, rest: pygame.Rect, panel: Panel, em: int) -> None:
    """Draw the title, and the subtitle at its right or below it; take their place from the rest."""
    row = _take(rest, round(em * 1.6))
    big = max(smallest(em), lettering.fit(panel.title, round(em * 1.25), row.width))
    text = lettering.ellipsis(panel.title, big, row.width)
    title = lettering.write(surface, text, big, palette.INK, left=row.left, middle=row.top + em * 0.7)
    small, words = round(em * 0.9), panel.subtitle
    if not words:
        return
    if title.right + em + lettering.width(words, small) <= row.right:
        lettering.write(surface, words, small, palette.MUTED, right=row.right, middle=title.centery + 1)
        return
    lines = lettering.wrap(words, small, row.width)
    area = _take(rest, round(small * LEADING * len(lines)) + em // 3)
    _write_lines(surface, area, words, small, palette.MUTED)


def _draw_phase(surface: pygame.Surface, rest: pygame.Rect, number: int, panel: Panel, em: int) -> bool:
    """Draw a phase at the top of the rest and take its place; return False if there is no room."""
    words, name, wide = panel.phases[number], panel.names[number], rest.width >= WIDE * em
    indent = round(em * 2.5)
    beside = round(max(lettering.width(text, em) for text in panel.names) + em) if wide else 0
    room = rest.width - indent - beside - em // 2
    small = round(em * SMALL)
    lines = lettering.wrap(words, small, room)
    tall = small * LEADING * max(1, len(lines))
    height = round(max(em * 1.75, tall + em * 0.5) if wide else em * 1.6 + tall)
    if height > rest.height:
        return False
    row = _take(rest, height)
    _take(rest, max(1, round(em * 0.25)))
    now = number == panel.phase
    if now:
        round_box(surface, palette.PAPER_DARK, row, em // 2)
    ink = palette.INK if now else palette.MUTED
    first = row.top + em * (0.875 if wide else 0.88)
    _draw_number(
        surface, number, (row.left + round(em * 1.2), round(first if wide else row.centery)), now, em
    )
    left = row.left + indent
    lettering.write(surface, name, em, ink, left=left, middle=first)
    top = row.top + (em * 0.875 - small * LEADING / 2 if wide else em * 1.42)
    _write_lines(surface, pygame.Rect(left + beside, top, room, height), words, small, ink)
    return True


def _draw_number(surface: pygame.Surface, number: int, middle: tuple[int, int], now: bool, em: int) -> None:
    """Draw the number of a phase in a circle."""
    pygame.draw.aacircle(surface, palette.SHIRT if now else palette.LINE, middle, round(em * 0.8))
    ink = palette.WHITE if now else palette.MUTED
    lettering.write(surface, str(number + 1), em, ink, center=middle[0], middle=middle[1] + 1)


def _draw_facts(surface: pygame.Surface, row: pygame.Rect, facts: Sequence[Fact], em: int) -> None:
    """Draw the numbers side by side, each above its name."""
    width = row.width / max(1, len(facts))
    for index, fact in enumerate(facts):
        center, room = row.left + width * (index + 0.5), round(width - em * 0.4)
        big = lettering.fit(fact.number, round(em * 1.55), room)
        middle = row.top + row.height * 0.36
        lettering.write(surface, fact.number, big, fact.colour, center=center, middle=middle)
        small = lettering.fit(fact.name, round(em * SMALL), room)
        middle = row.top + row.height * 0.8
        lettering.write(surface, fact.name, small, palette.MUTED, center=center, middle=middle)


def _write_lines(
    surface: pygame.Surface, area: pygame.Rect, words: str, em: int, colour: palette.RGB
) -> None:
    """Draw text in as many lines as necessary; lines that do not fit are left out."""
    middle = area.top + em * LEADING / 2
    for line in lettering.wrap(words, em, area.width):
        if middle + em / 2 > area.bottom:
            return
        lettering.write(surface, line, em, colour, left=area.left, middle=middle)
        middle += em * LEADING
