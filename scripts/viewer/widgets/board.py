"""A board over the whole window: a heading and rows of two columns, such as keys and their meaning."""

from collections.abc import Sequence

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box

SHADE = 0.45  # opacity of the shade behind the board
LARGEST = 24  # height of the letters in pixels


def draw_board(
    surface: pygame.Surface, heading: str, rows: Sequence[tuple[str, str]], foot: str = ""
) -> None:
    """Draw a board in the middle of a surface, as large as possible."""
    width, height = surface.get_size()
    em = _em(rows, heading, width * 0.92, height * 0.92)
    first = max((lettering.width(key, em) for key, _ in rows), default=0)
    second = max((lettering.width(words, em) for _, words in rows), default=0)
    wide = max(first + second + em * 5, lettering.width(heading, em) + em * 3)
    tall = em * (len(rows) * 1.5 + 4.6 + (1.6 if foot else 0))
    area = pygame.Rect(0, 0, round(min(wide, width)), round(min(tall, height)))
    area.center = width // 2, height // 2
    _shade(surface)
    round_box(surface, palette.PAPER, area, em)
    left, middle = area.left + em * 1.5, area.top + em * 1.7
    lettering.write(surface, heading, round(em * 1.2), palette.INK, left=left, middle=middle)
    for number, (key, words) in enumerate(rows):
        middle = area.top + em * (3.7 + 1.5 * number)
        lettering.write(surface, key, em, palette.SHIRT, left=left, middle=middle)
        start = left + first + em * 2
        lettering.write(surface, words, em, palette.INK, left=start, middle=middle)
    if foot:
        middle = area.bottom - em * 1.5
        small = lettering.fit(foot, round(em * 0.9), round(area.width - 3 * em))
        lettering.write(surface, foot, small, palette.MUTED, left=left, middle=middle)


def _em(rows: Sequence[tuple[str, str]], heading: str, width: float, height: float) -> int:
    """Return the largest height of letters at which the rows fit."""
    for em in range(LARGEST, lettering.SMALLEST, -1):
        wide = max((lettering.width(key, em) for key, _ in rows), default=0) + em * 5
        wide += max((lettering.width(words, em) for _, words in rows), default=0)
        if em * (len(rows) * 1.5 + 6.2) <= height and wide <= width:
            return em
    return lettering.SMALLEST


def _shade(surface: pygame.Surface) -> None:
    """Darken the whole surface."""
    dark = pygame.Surface(surface.get_size())
    dark.fill(palette.INK)
    dark.set_alpha(round(255 * SHADE))
    surface.blit(dark, (0, 0))
