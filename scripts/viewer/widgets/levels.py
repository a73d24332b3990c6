"""Names at the right of a plot, each at the height of its line; none is crossed by a line or by a curve."""

from collections.abc import Sequence
from typing import NamedTuple

import pygame

from cookie_jar.envs.rendering import lettering, palette

DASH = 6  # pixels
MOST = 0.4  # of the width of a plot and its names; longer names are left out
APART = 1.1  # em between two names


class Level(NamedTuple):
    """A height in a plot and its name.

    Attributes:
        y: The height in pixels.
        name: The name, or "".
        colour: The colour of the name.
        dashed: Whether there is a dashed line at the height.
    """

    y: float
    name: str
    colour: palette.RGB = palette.MUTED
    dashed: bool = True


def room_for(names: Sequence[str], em: int, width: int) -> int:
    """Return the pixels that names need at the right of a plot, of a width in pixels for both."""
    height = _height(names, em, width)
    return 0 if height is None else _room(names, height)


def _height(names: Sequence[str], em: int, width: int) -> int | None:
    """Return the largest height of letters up to `em` at which the names leave enough of a width, or None."""
    heights = range(em, lettering.SMALLEST - 1, -1)
    return next((height for height in heights if _room(names, height) <= MOST * width), None)


def _room(names: Sequence[str], height: int) -> int:
    return max((lettering.width(name, height) + height for name in names if name), default=0)


def draw_levels(
    surface: pygame.Surface, plot: pygame.Rect, levels: Sequence[Level], em: int, width: int
) -> None:
    """Draw dashed lines across a plot, and their names at its right.

    Args:
        surface: The surface to draw on.
        plot: The place of the lines.
        levels: The lines.
        em: The height of letters, less where the names would take too much of `width`.
        width: The width of the plot and the names in pixels, as for `room_for`.
    """
    for level in levels:
        if level.dashed:
            for x in range(plot.left, plot.right - DASH, 2 * DASH):
                pygame.draw.line(surface, palette.MUTED, (x, round(level.y)), (x + DASH, round(level.y)))
    named = sorted((level for level in levels if level.name), key=lambda level: level.y)
    height = _height([level.name for level in named], em, width)
    if height is None:
        return
    middles = spread([level.y for level in named], APART * height, plot.top, plot.bottom - height / 2)
    left = plot.right + round(0.8 * height)
    for level, middle in zip(named, middles, strict=True):
        lettering.write(surface, level.name, height, level.colour, left=left, middle=middle + 1)


def spread(heights: Sequence[float], apart: float, top: float, bottom: float) -> list[float]:
    """Return ascending heights, moved as little as needed to be `apart` and, if possible, inside the ends."""
    moved: list[float] = []
    for height in heights:
        moved.append(max(height, moved[-1] + apart if moved else top))
    below = bottom
    for index in reversed(range(len(moved))):
        moved[index] = min(moved[index], below)
        below = moved[index] - apart
    return moved
