"""Text on a ground of its own: messages, tooltips, and text that stays."""

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box

LINE = 1.35  # em of a line
TIP_WIDTH = 24  # em of a tooltip at most
TIP_DISTANCE = 1.2  # em of a tooltip from the mouse


def draw_notice(window: pygame.Surface, em: int, words: str) -> None:
    """Draw a short message at the top of the window."""
    room = max(em, window.get_width() - 4 * em)
    em = _letters(words, em, room)
    lines = lettering.wrap(words, em, room)
    area = _box(lines, em)
    area.midtop = window.get_rect().centerx, em // 2
    _draw(window, area, lines, em, palette.WHITE, palette.INK)


def draw_tooltip(window: pygame.Surface, em: int, mouse: tuple[int, int], words: str) -> None:
    """Draw a tooltip beside the mouse: below it if there is room, otherwise above it."""
    lines = lettering.wrap(words, em, max(em, min(TIP_WIDTH * em, window.get_width() - 3 * em)))
    area, away = _box(lines, em), round(TIP_DISTANCE * em)
    area.topleft = mouse[0] + em // 2, mouse[1] + away
    if area.bottom > window.get_height():
        area.bottom = mouse[1] - em // 2
    area.clamp_ip(window.get_rect())
    _draw(window, area, lines, em, palette.WHITE, palette.INK)


def draw_card(window: pygame.Surface, area: pygame.Rect, words: str, em: int) -> None:
    """Fill an area with text, with smaller letters if there is little room."""
    letters = _letters(words, em, max(em, area.width - 2 * em))
    while letters > lettering.SMALLEST and _box(_lines(words, area, letters), letters).height > area.height:
        letters -= 1
    _draw(window, area, _lines(words, area, letters), letters, palette.INK, palette.PAPER_DARK)


def _letters(words: str, em: int, room: int) -> int:
    """Return the largest height of letters up to `em` at which the longest word, such as a path, fits."""
    return min((lettering.fit(word, em, room) for word in words.split()), default=em)


def _lines(words: str, area: pygame.Rect, em: int) -> tuple[str, ...]:
    return lettering.wrap(words, em, max(em, area.width - 2 * em))


def _box(lines: tuple[str, ...], em: int) -> pygame.Rect:
    """Return a rectangle of the size that some lines need."""
    width = max((lettering.width(line, em) for line in lines), default=0)
    return pygame.Rect(0, 0, width + 2 * em, round((LINE * len(lines) + 0.65) * em))


def _draw(
    window: pygame.Surface,
    area: pygame.Rect,
    lines: tuple[str, ...],
    em: int,
    ink: palette.RGB,
    ground: palette.RGB,
) -> None:
    """Draw a round box with lines, left-aligned in the middle of its height."""
    round_box(window, ground, area, em // 2)
    top = area.centery + 1 - LINE * em * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        middle = top + LINE * em * number
        lettering.write(window, line, em, ink, left=area.left + em, middle=middle)
