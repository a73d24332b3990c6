"""A board over the picture: a heading, and lines of two columns, such as keys and what they do."""

from collections.abc import Sequence

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box

SHADE = 0.45  # how dark everything behind it becomes
LARGEST = 24  # pixels of the letters


def draw_board(
    surface: pygame.Surface, heading: str, rows: Sequence[tuple[str, str]], foot: str = ""
) -> None:
    """Draw a board in the middle of a picture, as large as there is room for."""
    width, height = surface.get_size()
    font_size = _letters(rows, heading, width * 0.92, height * 0.92)
    first = max((lettering.width(key, font_size) for key, _ in rows), default=0)
    second = max((lettering.width(words, font_size) for _, words in rows), default=0)
    wide = max(first + second + font_size * 5, lettering.width(heading, font_size) + font_size * 3)
    tall = font_size * (len(rows) * 1.5 + 4.6 + (1.6 if foot else 0))
    area = pygame.Rect(0, 0, round(min(wide, width)), round(min(tall, height)))
    area.center = width // 2, height // 2
    _shade(surface)
    round_box(surface, palette.PAPER, area, font_size)
    left, middle = area.left + font_size * 1.5, area.top + font_size * 1.7
    lettering.write(surface, heading, round(font_size * 1.2), palette.INK, left=left, middle=middle)
    for number, (key, words) in enumerate(rows):
        middle = area.top + font_size * (3.7 + 1.5 * number)
        lettering.write(surface, key, font_size, palette.SHIRT, left=left, middle=middle)
        start = left + first + font_size * 2
        lettering.write(surface, words, font_size, palette.INK, left=start, middle=middle)
    if foot:
        middle = area.bottom - font_size * 1.5
        small = lettering.fit(foot, round(font_size * 0.9), round(area.width - 3 * font_size))
        lettering.write(surface, foot, small, palette.MUTED, left=left, middle=middle)


def _letters(rows: Sequence[tuple[str, str]], heading: str, width: float, height: float) -> int:
    """The largest letters with which the rows fit."""
    for font_size in range(LARGEST, lettering.SMALLEST, -1):
        wide = max((lettering.width(key, font_size) for key, _ in rows), default=0) + font_size * 5
        wide += max((lettering.width(words, font_size) for _, words in rows), default=0)
        if font_size * (len(rows) * 1.5 + 6.2) <= height and wide <= width:
            return font_size
    return lettering.SMALLEST


def _shade(surface: pygame.Surface) -> None:
    """Make everything darker."""
    dark = pygame.Surface(surface.get_size())
    dark.fill(palette.INK)
    dark.set_alpha(round(255 * SHADE))
    surface.blit(dark, (0, 0))
