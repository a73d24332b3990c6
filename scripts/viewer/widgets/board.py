"""A board over the whole window: sections with rows, such as keys and their meaning, in columns."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box

SHADE = 0.45  # opacity of the shade behind the board
LARGEST = 1.3  # height of the letters, in em of the window
SHARE = 0.94  # of the window, at most
LINE, ROW, HEADING = 1.3, 1.65, 2.4  # em of a further line, of a row, and of a heading
WORDS = 12  # em of the words of a row, at least, except with the smallest letters


class Section(NamedTuple):
    """A heading and rows of a short name, which may be "", and words."""

    heading: str
    rows: Sequence[tuple[str, str]]


class _Row(NamedTuple):
    """A row with its words in lines, below the heading of its section or ""."""

    heading: str
    name: str
    lines: tuple[str, ...]
    start: int  # pixels from the left end of a column to the words

    def height(self, em: int) -> float:
        """Return the height in pixels."""
        above = HEADING if self.heading else 0.0
        return em * (above + ROW + LINE * (len(self.lines) - 1))


def draw_board(surface: pygame.Surface, sections: Sequence[Section], em: int) -> None:
    """Draw a board in the middle of a surface, with letters as large as the number of rows allows."""
    width, height = (round(SHARE * side) for side in surface.get_size())
    em, columns, wide = _arrange(sections, round(LARGEST * em), width, height)
    tall = max(sum(row.height(em) for row in column) for column in columns)
    gaps = em * 3 + 2 * em * (len(columns) - 1)
    area = pygame.Rect(0, 0, min(width, wide * len(columns) + gaps), min(height, round(tall + 2 * em)))
    area.center = surface.get_rect().center
    _shade(surface)
    round_box(surface, palette.PAPER, area, em)
    for number, column in enumerate(columns):
        left, top = area.left + round(1.5 * em) + number * (wide + 2 * em), area.top + float(em)
        for row in column:
            if top + row.height(em) > area.bottom:
                break  # even the smallest letters are too large
            _draw_row(surface, left, top, row, em)
            top += row.height(em)


def _arrange(
    sections: Sequence[Section], largest: int, width: int, height: int
) -> tuple[int, list[list[_Row]], int]:
    """Return the height of letters, the rows of each column, and the width of a column in pixels."""
    for em in range(largest, lettering.SMALLEST, -1):
        for count in (1, 2, 3):
            wide = (width - 3 * em - 2 * em * (count - 1)) // count
            rows = _rows(sections, em, wide)
            if min(wide - row.start for row in rows) < WORDS * em:
                break
            for blocks in (_sections(rows), [[row] for row in rows]):
                if (columns := _columns(blocks, em, count, height - 2 * em)) is not None:
                    return em, columns, max(_width(row, em) for row in rows)
    em = lettering.SMALLEST
    return em, [_rows(sections, em, max(1, width - 3 * em))], width - 3 * em


def _rows(sections: Sequence[Section], em: int, wide: int) -> list[_Row]:
    """Return all rows, with their words in lines, for columns of a width."""
    rows = []
    for heading, contents in sections:
        start = max((lettering.width(name, em) for name, _ in contents), default=0)
        start += em if start else 0
        for index, (name, words) in enumerate(contents):
            lines = lettering.wrap(words, em, max(1, wide - start))
            rows.append(_Row("" if index else heading, name, lines, start))
    return rows


def _sections(rows: Sequence[_Row]) -> list[list[_Row]]:
    """Return the rows of each section."""
    starts = [index for index, row in enumerate(rows) if row.heading]
    return [list(rows[start:end]) for start, end in pairwise([*starts, len(rows)])]


def _columns(blocks: Sequence[list[_Row]], em: int, count: int, height: float) -> list[list[_Row]] | None:
    """Return blocks of rows in columns of about the same height; None if they do not fit."""
    heights = [sum(row.height(em) for row in block) for block in blocks]
    limit = max(sum(heights) / count, max(heights))
    while limit <= height:
        columns, filled = [list[_Row]()], 0.0
        for block, tall in zip(blocks, heights, strict=True):
            if filled + tall > limit and columns[-1]:
                columns.append([])
                filled = 0.0
            columns[-1].extend(block)
            filled += tall
        if len(columns) <= count:
            return columns
        limit += em / 2
    return None


def _width(row: _Row, em: int) -> int:
    words = max(lettering.width(line, em) for line in row.lines) if row.lines else 0
    return max(row.start + words, lettering.width(row.heading, round(1.2 * em)))


def _draw_row(surface: pygame.Surface, left: int, top: float, row: _Row, em: int) -> None:
    if row.heading:
        middle, large = top + em * HEADING * 0.45, round(1.2 * em)
        lettering.write(surface, row.heading, large, palette.INK, left=left, middle=middle)
        top += em * HEADING
    middle = top + em * 0.7
    lettering.write(surface, row.name, em, palette.SHIRT, left=left, middle=middle)
    for line in row.lines:
        lettering.write(surface, line, em, palette.INK, left=left + row.start, middle=middle)
        middle += em * LINE


def _shade(surface: pygame.Surface) -> None:
    """Darken the whole surface."""
    dark = pygame.Surface(surface.get_size())
    dark.fill(palette.INK)
    dark.set_alpha(round(255 * SHADE))
    surface.blit(dark, (0, 0))
