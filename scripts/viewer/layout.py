"""The layout of a window: places of the pictures, the panel, the buttons and the footer."""

from typing import NamedTuple

import pygame

NARROW = 1.25  # aspect ratio (width / height) below which the panel is below the pictures
NO_PANEL = 480, 300  # points: smaller windows have no panel
MOST_PANEL = 0.46  # of the width of the window, for a panel at the right
NO_FOOTER = 330  # points of height: lower windows have no footer
NO_BUTTONS = 240  # points of height
LARGE = 1.4  # how much larger letters are for a projector


class WindowLayout(NamedTuple):
    """Rectangles in the window; None for parts that do not fit or are switched off.

    Attributes:
        pictures: One rectangle for each episode.
        panel: The panel with the numbers.
        buttons: The row of buttons.
        footer: The timeline, or the learning curve and the sliders.
    """

    pictures: tuple[pygame.Rect, ...]
    panel: pygame.Rect | None
    buttons: pygame.Rect | None
    footer: pygame.Rect | None


def em_of(size: tuple[int, int], large: bool = False, density: float = 1.0) -> int:
    """Return the em of a window: the height of its letters in pixels.

    Args:
        size: Width and height of the window in pixels.
        large: Whether letters are large, for a projector.
        density: The pixels to a point of the screen.
    """
    width, height = (side / density for side in size)
    return round(min(max(11.0, min(width / 76, height / 42)), 30) * (LARGE if large else 1) * density)


def lay_out_window(
    size: tuple[int, int],
    pictures: int,
    *,
    panel: bool,
    footer: float,
    buttons: bool = True,
    em: int | None = None,
    density: float = 1.0,
) -> WindowLayout:
    """Return the layout of a window.

    Args:
        size: Width and height of the window in pixels.
        pictures: The number of pictures.
        panel: Whether there is a panel.
        footer: The height of the footer in em; 0 for none.
        buttons: Whether there is a row of buttons.
        em: The height of letters in pixels (default: `em_of(size)`).
        density: The pixels to a point of the screen.
    """
    width, height = size
    em = em or em_of(size)
    rest = pygame.Rect(0, 0, width, height)
    side = bottom = row = None
    if panel and width >= NO_PANEL[0] * density and height >= NO_PANEL[1] * density:
        split = _split_right if width >= NARROW * height else _split_bottom
        side, rest = split(rest, em)
    if footer > 0 and height >= NO_FOOTER * density:
        tall = round(em * footer)
        bottom = pygame.Rect(rest.left, rest.bottom - tall, rest.width, tall)
        rest.height -= tall
    if buttons and height >= NO_BUTTONS * density:
        tall = round(em * 2.9)
        rest.height -= tall
        row = pygame.Rect(rest.left, rest.bottom, rest.width, tall).inflate(-2 * em, -em)
    return WindowLayout(_grid(rest, pictures), side, row, bottom)


def _split_right(rest: pygame.Rect, em: int) -> tuple[pygame.Rect, pygame.Rect]:
    """Return a panel at the right, and the rest."""
    wide = min(em * 22, round(MOST_PANEL * rest.width))
    return pygame.Rect(rest.right - wide, 0, wide, rest.height), rest.inflate(-wide, 0).move(-wide // 2, 0)


def _split_bottom(rest: pygame.Rect, em: int) -> tuple[pygame.Rect, pygame.Rect]:
    """Return a panel at the bottom, and the rest."""
    tall = min(round(rest.height * 0.45), em * 34)
    panel = pygame.Rect(0, rest.height - tall, rest.width, tall)
    return panel, pygame.Rect(0, 0, rest.width, rest.height - tall)


def _grid(rest: pygame.Rect, count: int) -> tuple[pygame.Rect, ...]:
    """Return equal rectangles, with the number of columns that makes them closest to squares."""

    def slenderness(columns: int) -> float:
        rows = -(-count // columns)
        aspect = (rest.width / columns) / max(1.0, rest.height / rows)
        return abs(aspect - 1.5) + 0.5 * (columns * rows - count)

    columns = min(range(1, count + 1), key=slenderness)
    rows = -(-count // columns)
    rectangles = []
    for index in range(count):
        row, column = divmod(index, columns)
        left, right = (rest.left + rest.width * c // columns for c in (column, column + 1))
        top, bottom = (rest.top + rest.height * r // rows for r in (row, row + 1))
        rectangles.append(pygame.Rect(left, top, max(1, right - left), max(1, bottom - top)))
    return tuple(rectangles)
