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
    letters = _letters(rows, heading, width * 0.92, height * 0.92)
    first = max((lettering.width(key, letters) for key, _ in rows), default=0)
    second = max((lettering.width(words, letters) for _, words in rows), default=0)
    wide = max(first + second + letters * 5, lettering.width(heading, letters) + letters * 3)
    tall = letters * (len(rows) * 1.5 + 4.6 + (1.6 if foot else 0))
    area = pygame.Rect(0, 0, round(min(wide, width)), round(min(tall, height)))
    area.center = width // 2, height // 2
    _shade(surface)
    round_box(surface, palette.PAPER, area, letters)
    left, middle = area.left + letters * 1.5, area.top + letters * 1.7
    lettering.write(surface, heading, round(letters * 1.2), palette.INK, left=left, middle=middle)
    for number, (key, words) in enumerate(rows):
        middle = area.top + letters * (3.7 + 1.5 * number)
        lettering.write(surface, key, letters, palette.SHIRT, left=left, middle=middle)
        start = left + first + letters * 2
        lettering.write(surface, words, letters, palette.INK, left=start, middle=middle)
    if foot:
        middle = area.bottom - letters * 1.5
        small = lettering.fit(foot, round(letters * 0.9), round(area.width - 3 * letters))
        lettering.write(surface, foot, small, palette.MUTED, left=left, middle=middle)


def _letters(rows: Sequence[tuple[str, str]], heading: str, width: float, height: float) -> int:
    """The largest letters with which the rows fit."""
    for letters in range(LARGEST, lettering.SMALLEST, -1):
        wide = max((lettering.width(key, letters) for key, _ in rows), default=0) + letters * 5
        wide += max((lettering.width(words, letters) for _, words in rows), default=0)
        if letters * (len(rows) * 1.5 + 6.2) <= height and wide <= width:
            return letters
    return lettering.SMALLEST


def _shade(surface: pygame.Surface) -> None:
    """Make everything darker."""
    dark = pygame.Surface(surface.get_size())
    dark.fill(palette.INK)
    dark.set_alpha(round(255 * SHADE))
    surface.blit(dark, (0, 0))
