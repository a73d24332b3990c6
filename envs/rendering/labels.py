"""The labels of the cells under an overlay: the number of the value, and the signs of the policy."""

from collections.abc import Sequence

import numpy as np
import pygame

from ..dynamics import Action
from . import lettering, palette
from .arrows import action_icon, arrow
from .colour_scale import colour_of, text_on
from .geometry import Box, Point
from .layout import Layout
from .overlay import Overlay, cell_rect, shown_values
from .palette import RGB
from .picture import Picture
from .words import number

NUMBERS = 60  # pixels of a tile from which there are numbers in the cells
LETTERS = 14  # the least height of these numbers in pixels
LEAST = 0.04  # probability below which there is no arrow
CORNER = 0.45, 0.25  # tiles from the upper left corner of a cell: the place of its number
MIDDLE: Point = (0.5, 0.56)  # the place of the signs
BESIDE: Point = (0.79, 0.8)  # their place in a cell in which something stands
SMALLER = 0.56  # the size of the signs there


def draw_labels(
    picture: Picture, layout: Layout, overlay: Overlay, things: Sequence[Box], *, hidden: bool
) -> None:
    """Draw number and signs of each cell; where something stands, in the lower corners and on top of it.

    Args:
        picture: The picture.
        layout: The place of the kitchen in it.
        overlay: What is drawn on its floor.
        things: The boxes of child and chair, in tiles.
        hidden: Whether to draw the labels of the cells in which something stands, or of all others.
    """
    values, scale = shown_values(layout.kitchen, overlay)
    for cell in np.flatnonzero(layout.kitchen.reachable).tolist():
        if _is_hidden(layout, cell, things) != hidden:
            continue
        ground = colour_of(values[cell], scale) if cell in values else palette.FLOOR
        if cell in values and layout.tile >= NUMBERS:
            _write_number(picture, layout, cell, values[cell], ground, hidden)
        if overlay.unsure is not None and overlay.unsure[cell]:
            ink = text_on(ground) if cell in values else palette.MUTED
            _write_question(picture, layout, cell, ink, ground, hidden)
        else:
            _draw_policy(picture, layout, overlay, cell, hidden)


def _is_hidden(layout: Layout, cell: int, things: Sequence[Box]) -> bool:
    """Return whether something stands where the number of a cell is."""
    row, column = layout.kitchen.places[cell]
    return any(
        left < column + CORNER[0] and right > column + 0.05 and top < row + CORNER[1] and bottom > row
        for left, top, right, bottom in things
    )


def _place(layout: Layout, cell: int, hidden: bool) -> tuple[Point, int]:
    """Return the middle of the signs of a cell, and the tile that they are drawn with, in pixels."""
    row, column = layout.kitchen.places[cell]
    x, y = BESIDE if hidden else MIDDLE
    size = round(layout.tile * SMALLER) if hidden else layout.tile
    return layout.pixel((column + x, row + y)), size


def _write_number(
    picture: Picture, layout: Layout, cell: int, value: float, ground: RGB, hidden: bool
) -> None:
    """Write a number in the upper left corner of a cell, or in the lower left one."""
    tile, rect, words = layout.tile, cell_rect(layout, cell), number(value)
    height = lettering.fit(words, min(max(LETTERS, round(tile * 0.16)), layout.numbers), round(tile * 0.86))
    left, away = rect.left + round(tile * 0.06), round(tile * 0.03 + height * 0.6)
    middle = rect.bottom - away if hidden else rect.top + away
    if hidden:
        width = lettering.width(words, height)
        _draw_ground(picture, ground, (left + width / 2, middle), width, height)
    picture.write(words, height, text_on(ground), (left, middle), "left")


def _write_question(picture: Picture, layout: Layout, cell: int, ink: RGB, ground: RGB, hidden: bool) -> None:
    """Write a small question mark in place of the signs."""
    tile, (at, _) = layout.tile, _place(layout, cell, hidden)
    height = min(max(round(tile * 0.22), min(LETTERS, tile // 2), lettering.SMALLEST), layout.numbers + 6)
    if hidden:
        height = min(height, layout.numbers)
        _draw_ground(picture, ground, at, height // 2, height)
    picture.write("?", height, ink, at)


def _draw_ground(picture: Picture, colour: RGB, middle: Point, width: float, height: int) -> None:
    """Draw the ground of a text of a size over a thing."""
    rect = pygame.Rect(0, 0, round(width + height * 0.6), round(height * 1.2))
    rect.center = round(middle[0]), round(middle[1])
    picture.round_box(colour, rect, height // 3)


def _draw_policy(picture: Picture, layout: Layout, overlay: Overlay, cell: int, hidden: bool) -> None:
    """Draw the arrows of a cell, and the icon of its greedy action if it is not a walk."""
    at, size = _place(layout, cell, hidden)
    act = -1 if overlay.acts is None else int(overlay.acts[cell])
    if overlay.arrows is None:
        chances = [float(way == act) for way in range(4)]
    else:
        chances = np.asarray(overlay.arrows)[cell].tolist()
    for way, chance in enumerate(chances):
        if chance >= LEAST:  # not when it is NaN
            tenths = max(1, round(min(1.0, chance) * 10))
            picture.stamp(arrow, way, tenths, at=at, size=size)
    if act > Action.RIGHT:
        picture.stamp(action_icon, Action(act), at=at, size=size)
