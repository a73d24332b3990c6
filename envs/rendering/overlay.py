"""Overlays on the floor: values, policy and trail."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pygame

from ..arrays import Bools, Floats, Ints
from ..dynamics import Action
from ..kitchen import Kitchen
from . import lettering, palette
from .arrows import action_icon, arrow
from .colour_scale import colour_of, draw_colours, text_on, value_colour
from .geometry import Box, Point
from .layout import OUTER_WALL, Layout
from .picture import Picture
from .words import number

__all__ = ["Overlay", "draw_numbers", "draw_overlay", "text_on", "value_colour"]

NUMBERS = 52  # pixels of a tile from which there are numbers in the cells
LETTERS = 14, 22  # the least and the greatest height of these numbers in pixels
CORNER = 0.45, 0.25  # tiles from the upper left corner of a cell: the place of its number
LEAST = 0.04  # probability below which there is no arrow
TRAIL = 24  # cells of the trail that are shown


class Overlay(NamedTuple):
    """Values and actions of each of the N cells, and a trail; every part is optional.

    Attributes:
        values: float [N], shown as colours; NaN for no value.
        arrows: float [N, 4], the probabilities of up, down, left and right.
        acts: int [N], the number of the greedy action, -1 for none.
        trail: The cells that the child visited, the latest last.
        scale: The values of the darkest and of the brightest colour; None for the range of `values`.
        unsure: bool [N], whether a cell has a question mark in place of an action.
        legend: Whether the scale is drawn beside the floor.
    """

    values: Floats | None = None
    arrows: Floats | None = None
    acts: Ints | None = None
    trail: Sequence[int] | None = None
    scale: tuple[float, float] | None = None
    unsure: Bools | None = None
    legend: bool = True

    def key(self) -> bytes:
        """Return bytes that are equal for equal overlays."""
        return b"|".join(b"-" if part is None else np.asarray(part).tobytes() for part in self)


def draw_overlay(picture: Picture, layout: Layout, overlay: Overlay) -> None:
    """Draw an overlay on the floor of an empty room.

    Raises:
        ValueError: If an array does not have one entry for each cell.
    """
    _check(layout.kitchen, overlay)
    values, scale = _shown_values(layout.kitchen, overlay)
    for cell, value in values.items():
        picture.round_box(colour_of(value, scale), _inside(layout, cell), max(2, layout.tile // 10))
    if values and overlay.legend:
        _draw_legend(picture, layout, *scale)
    if overlay.trail is not None and len(overlay.trail):
        points = [_middle(layout, cell) for cell in overlay.trail[-TRAIL:]]
        alphas = [round(40 + 160 * number / len(points)) for number in range(1, len(points) + 1)]
        picture.trail(palette.SHIRT, points, alphas, max(2, round(layout.tile * 0.09)))
    for cell in np.flatnonzero(layout.kitchen.reachable).tolist():
        if overlay.unsure is not None and overlay.unsure[cell]:
            ink = text_on(colour_of(values[cell], scale)) if cell in values else palette.MUTED
            _draw_question(picture, layout, cell, ink)
        else:
            _draw_policy(picture, layout, overlay, cell)


def draw_numbers(picture: Picture, layout: Layout, overlay: Overlay, things: Sequence[Box]) -> None:
    """Write the value of each cell in its upper left corner; in the lower left where something stands.

    Args:
        picture: The picture.
        layout: The place of the kitchen in it.
        overlay: What is drawn on its floor.
        things: The boxes of child and chair, in tiles.
    """
    if layout.tile < NUMBERS:
        return
    values, scale = _shown_values(layout.kitchen, overlay)
    for cell, value in values.items():
        row, column = layout.kitchen.places[cell]
        hidden = any(
            left < column + CORNER[0] and right > column and top < row + CORNER[1] and bottom > row
            for left, top, right, bottom in things
        )
        _write_number(picture, layout, cell, value, colour_of(value, scale), hidden=hidden)


def _check(kitchen: Kitchen, overlay: Overlay) -> None:
    cells = len(kitchen.places)
    shapes = {"values": (cells,), "arrows": (cells, 4), "acts": (cells,), "unsure": (cells,)}
    for name, shape in shapes.items():
        part = getattr(overlay, name)
        if part is not None and np.shape(part) != shape:
            raise ValueError(f"overlay: expected {name} of shape {shape}, got {np.shape(part)}")


def _shown_values(kitchen: Kitchen, overlay: Overlay) -> tuple[dict[int, float], tuple[float, float]]:
    """Return the values by cell, of the cells that have one, and their scale."""
    if overlay.values is None:
        return {}, (0.0, 0.0)
    values = np.asarray(overlay.values, np.float64)
    cells = np.flatnonzero(kitchen.reachable & np.isfinite(values))
    shown = dict(zip(cells.tolist(), values[cells].tolist(), strict=True))
    return shown, overlay.scale or (min(shown.values(), default=0.0), max(shown.values(), default=0.0))


def _inside(layout: Layout, cell: int) -> pygame.Rect:
    """Return the pixels of a cell, without a gap to its neighbours."""
    gap = max(1, layout.tile // 40)
    return layout.rect(*layout.kitchen.places[cell]).inflate(-2 * gap, -2 * gap)


def _write_number(
    picture: Picture, layout: Layout, cell: int, value: float, colour: palette.RGB, *, hidden: bool
) -> None:
    """Write a number in a corner of a cell: in the lower one, over a child or a chair, on its own ground."""
    tile, rect, words = layout.tile, _inside(layout, cell), number(value)
    height = lettering.fit(words, min(max(LETTERS[0], round(tile * 0.16)), LETTERS[1]), round(tile * 0.86))
    left, away = rect.left + round(tile * 0.06), round(tile * 0.03 + height * 0.6)
    middle = rect.bottom - away if hidden else rect.top + away
    if hidden:
        ground = pygame.Rect(0, 0, lettering.width(words, height) + round(height * 0.6), round(height * 1.2))
        ground.midleft = left - round(height * 0.3), middle
        picture.round_box(colour, ground, height // 3)
    picture.write(words, height, text_on(colour), (left, middle), "left")


def _draw_legend(picture: Picture, layout: Layout, low: float, high: float) -> None:
    """Draw the lowest and the highest value beside their colours, on the outer wall at the lower left."""
    height = min(max(10, round(layout.tile * 0.17)), 20)
    words = number(low), number(high)
    widths = [lettering.width(word, height) for word in words]
    bar = height * 5
    pill = pygame.Rect(0, 0, sum(widths) + bar + height * 2, round(height * 1.5))
    frame = round(layout.tile * OUTER_WALL)
    pill.midleft = layout.room.left + frame // 2, layout.room.bottom - frame // 2
    pill.top = max(pill.top, layout.room.bottom - frame + 1)
    pill.bottom = min(pill.bottom, picture.size[1])
    picture.round_box(palette.PAPER, pill, pill.height // 2)
    left, right = pill.left + height * 0.5, pill.right - height * 0.5
    picture.write(words[0], height, palette.INK, (left, pill.centery + 1), "left")
    start = round(left + widths[0] + height * 0.5)
    draw_colours(picture, pygame.Rect(start, pill.centery - height // 3, bar, max(4, 2 * height // 3)))
    picture.write(words[1], height, palette.INK, (right, pill.centery + 1), "right")


def _draw_question(picture: Picture, layout: Layout, cell: int, ink: palette.RGB) -> None:
    """Draw a small question mark in the middle of a cell."""
    tile = layout.tile
    height = min(max(round(tile * 0.22), min(LETTERS[0], tile // 2), lettering.SMALLEST), 2 * LETTERS[0])
    picture.write("?", height, ink, _middle(layout, cell))


def _draw_policy(picture: Picture, layout: Layout, overlay: Overlay, cell: int) -> None:
    """Draw the arrows of a cell, and the icon of its greedy action if it is not a walk."""
    middle = _middle(layout, cell)
    chances = None if overlay.arrows is None else np.asarray(overlay.arrows)[cell].tolist()
    act = -1 if overlay.acts is None else int(overlay.acts[cell])
    if chances is None:
        chances = [float(way == act) for way in range(4)]
    for way, chance in enumerate(chances):
        if chance >= LEAST:  # not when it is NaN
            tenths = max(1, round(min(1.0, chance) * 10))
            picture.stamp(arrow, way, tenths, at=middle, size=layout.tile)
    if act > Action.RIGHT:
        picture.stamp(action_icon, Action(act), at=middle, size=layout.tile)


def _middle(layout: Layout, cell: int) -> Point:
    row, column = layout.kitchen.places[cell]
    return layout.pixel((column + 0.5, row + 0.56))
