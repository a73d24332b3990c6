"""Where everything is in the window: the pictures, the panel, the buttons and the timeline."""

from typing import NamedTuple

import pygame

NARROW = 1.25  # a window less wide than this many heights has its panel below the pictures
NO_PANEL = 480, 300  # pixels: in a smaller window there is none
NO_TIMELINE = 330  # pixels of height
NO_BUTTONS = 240


class WindowLayout(NamedTuple):
    """Rectangles in the window; None for what has no room or is not wanted.

    Attributes:
        pictures: one for each replay.
        panel: the numbers of this moment.
        buttons: a row of them.
        foot: the timeline.
        letters: the height of letters in pixels.
    """

    pictures: tuple[pygame.Rect, ...]
    panel: pygame.Rect | None
    buttons: pygame.Rect | None
    foot: pygame.Rect | None
    font_size: int


def lay_out_window(
    size: tuple[int, int], pictures: int, *, panel: bool, foot: float, buttons: bool = True
) -> WindowLayout:
    """The places in a window of that size, for so many pictures, with a foot so many letters high."""
    width, height = size
    font_size = round(min(max(11.0, min(width / 76, height / 42)), 30))
    stage = pygame.Rect(0, 0, width, height)
    side = None
    if panel and width >= NO_PANEL[0] and height >= NO_PANEL[1]:
        side, stage = _beside(stage, font_size) if width >= NARROW * height else _below(stage, font_size)
    timeline = row = None
    if foot > 0 and height >= NO_TIMELINE:
        tall = round(font_size * foot)
        timeline = pygame.Rect(stage.left, stage.bottom - tall, stage.width, tall)
        stage.height -= tall
    if buttons and height >= NO_BUTTONS:
        tall = round(font_size * 2.9)
        stage.height -= tall
        row = pygame.Rect(stage.left, stage.bottom, stage.width, tall).inflate(-2 * font_size, -font_size)
    return WindowLayout(_share(stage, pictures), side, row, timeline, font_size)


def _beside(stage: pygame.Rect, font_size: int) -> tuple[pygame.Rect, pygame.Rect]:
    """A panel at the right, and what is left."""
    wide = font_size * 22
    return pygame.Rect(stage.right - wide, 0, wide, stage.height), stage.inflate(-wide, 0).move(-wide // 2, 0)


def _below(stage: pygame.Rect, font_size: int) -> tuple[pygame.Rect, pygame.Rect]:
    """A panel at the bottom, and what is left."""
    tall = min(round(stage.height * 0.45), font_size * 34)
    panel = pygame.Rect(0, stage.height - tall, stage.width, tall)
    return panel, pygame.Rect(0, 0, stage.width, stage.height - tall)


def _share(stage: pygame.Rect, count: int) -> tuple[pygame.Rect, ...]:
    """Equal parts of the stage, in the number of columns that makes them least slender."""

    def slender(columns: int) -> float:
        rows = -(-count // columns)
        shape = (stage.width / columns) / max(1.0, stage.height / rows)
        return abs(shape - 1.5) + 0.5 * (columns * rows - count)

    columns = min(range(1, count + 1), key=slender)
    rows = -(-count // columns)
    places = []
    for number in range(count):
        row, column = divmod(number, columns)
        left, right = (stage.left + stage.width * c // columns for c in (column, column + 1))
        top, bottom = (stage.top + stage.height * r // rows for r in (row, row + 1))
        places.append(pygame.Rect(left, top, max(1, right - left), max(1, bottom - top)))
    return tuple(places)
