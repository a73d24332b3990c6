"""Overlays on the floor: values, policy and trail."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pygame

from ..arrays import Bools, Floats, Ints
from ..kitchen import Kitchen
from . import lettering, palette
from .colour_scale import colour_of, text_on, value_colour
from .geometry import Point
from .layout import OUTER_WALL, Layout
from .picture import Picture
from .words import number

__all__ = ["Overlay", "cell_rect", "draw_colours", "draw_overlay", "shown_values", "text_on", "value_colour"]

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
    """Draw the colours and the trail of an overlay on the floor of an empty room; see `labels.draw_labels`.

    Raises:
        ValueError: If an array does not have one entry for each cell.
    """
    _check(layout.kitchen, overlay)
    values, scale = shown_values(layout.kitchen, overlay)
    for cell, value in values.items():
        picture.round_box(colour_of(value, scale), cell_rect(layout, cell), max(2, layout.tile // 10))
    if values and overlay.legend:
        _draw_legend(picture, layout, *scale)
    if overlay.trail is not None and len(overlay.trail):
        points = [_middle(layout, cell) for cell in overlay.trail[-TRAIL:]]
        alphas = [round(40 + 160 * number / len(points)) for number in range(1, len(points) + 1)]
        picture.trail(palette.SHIRT, points, alphas, max(2, round(layout.tile * 0.09)))


def _check(kitchen: Kitchen, overlay: Overlay) -> None:
    cells = len(kitchen.places)
    shapes = {"values": (cells,), "arrows": (cells, 4), "acts": (cells,), "unsure": (cells,)}
    for name, shape in shapes.items():
        part = getattr(overlay, name)
        if part is not None and np.shape(part) != shape:
            raise ValueError(f"overlay: expected {name} of shape {shape}, got {np.shape(part)}")


def shown_values(kitchen: Kitchen, overlay: Overlay) -> tuple[dict[int, float], tuple[float, float]]:
    """Return the values by cell, of the cells that have one, and their scale."""
    if overlay.values is None:
        return {}, (0.0, 0.0)
    values = np.asarray(overlay.values, np.float64)
    cells = np.flatnonzero(kitchen.reachable & np.isfinite(values))
    shown = dict(zip(cells.tolist(), values[cells].tolist(), strict=True))
    return shown, overlay.scale or (min(shown.values(), default=0.0), max(shown.values(), default=0.0))


def cell_rect(layout: Layout, cell: int) -> pygame.Rect:
    """Return the pixels of a cell, without a gap to its neighbours."""
    gap = max(1, layout.tile // 40)
    return layout.rect(*layout.kitchen.places[cell]).inflate(-2 * gap, -2 * gap)


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


def _middle(layout: Layout, cell: int) -> Point:
    row, column = layout.kitchen.places[cell]
    return layout.pixel((column + 0.5, row + 0.56))


def draw_colours(picture: Picture, rect: pygame.Rect) -> None:
    """Draw all colours, from the lowest value at the left to the highest at the right."""
    for step in range(rect.width):
        colour = value_colour(step / max(1, rect.width - 1))
        picture.fill(colour, (rect.left + step, rect.top, 1, rect.height))
