"""The layout of a window: places of the pictures, the panel, the buttons and the footer."""

from typing import NamedTuple

import pygame

NARROW = 1.25  # aspect ratio (width / height) below which the panel is below the pictures
NO_PANEL = 480, 300  # pixels: smaller windows have no panel
NO_FOOTER = 330  # pixels of height: lower windows have no footer
NO_BUTTONS = 240  # pixels of height


class WindowLayout(NamedTuple):
    """Rectangles in the window; None for parts that do not fit or are switched off.

    Attributes:
        pictures: one for each episode.
        panel: the panel with the numbers.
        buttons: the row of buttons.
        footer: the timeline, or the learning curve and the sliders.
    """

    pictures: tuple[pygame.Rect, ...]
    panel: pygame.Rect | None
    buttons: pygame.Rect | None
    footer: pygame.Rect | None


def em_of(size: tuple[int, int]) -> int:
    """Return the em of a window of that size: the height of its letters in pixels."""
    width, height = size
    return round(min(max(11.0, min(width / 76, height / 42)), 30))


def lay_out_window(
    size: tuple[int, int], pictures: int, *, panel: bool, footer: float, buttons: bool = True
) -> WindowLayout:
    """Return the layout of a window.

    Args:
        size: width and height of the window in pixels.
        pictures: the number of pictures.
        panel: whether there is a panel.
        footer: the height of the footer in em; 0 for none.
        buttons: whether there is a row of buttons.
    """
    width, height = size
    em = em_of(size)
    stage = pygame.Rect(0, 0, width, height)
    side = bottom = row = None
    if panel and width >= NO_PANEL[0] and height >= NO_PANEL[1]:
        split = _split_right if width >= NARROW * height else _split_bottom
        side, stage = split(stage, em)
    if footer > 0 and height >= NO_FOOTER:
        tall = round(em * footer)
        bottom = pygame.Rect(stage.left, stage.bottom - tall, stage.width, tall)
        stage.height -= tall
    if buttons and height >= NO_BUTTONS:
        tall = round(em * 2.9)
        stage.height -= tall
        row = pygame.Rect(stage.left, stage.bottom, stage.width, tall).inflate(-2 * em, -em)
    return WindowLayout(_grid(stage, pictures), side, row, bottom)


def _split_right(stage: pygame.Rect, em: int) -> tuple[pygame.Rect, pygame.Rect]:
    """Return a panel at the right, and the rest."""
    wide = em * 22
    return pygame.Rect(stage.right - wide, 0, wide, stage.height), stage.inflate(-wide, 0).move(-wide // 2, 0)


def _split_bottom(stage: pygame.Rect, em: int) -> tuple[pygame.Rect, pygame.Rect]:
    """Return a panel at the bottom, and the rest."""
    tall = min(round(stage.height * 0.45), em * 34)
    panel = pygame.Rect(0, stage.height - tall, stage.width, tall)
    return panel, pygame.Rect(0, 0, stage.width, stage.height - tall)


def _grid(stage: pygame.Rect, count: int) -> tuple[pygame.Rect, ...]:
    """Return equal cells, with the number of columns that makes them least slender."""

    def slenderness(columns: int) -> float:
        rows = -(-count // columns)
        aspect = (stage.width / columns) / max(1.0, stage.height / rows)
        return abs(aspect - 1.5) + 0.5 * (columns * rows - count)

    columns = min(range(1, count + 1), key=slenderness)
    rows = -(-count // columns)
    cells = []
    for index in range(count):
        row, column = divmod(index, columns)
        left, right = (stage.left + stage.width * c // columns for c in (column, column + 1))
        top, bottom = (stage.top + stage.height * r // rows for r in (row, row + 1))
        cells.append(pygame.Rect(left, top, max(1, right - left), max(1, bottom - top)))
    return tuple(cells)
