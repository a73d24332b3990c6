"""Overlays on the floor: values, policy and trail."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np
import pygame

from ..arrays import Floats, Ints
from ..dynamics import Action
from ..kitchen import Kitchen
from . import lettering, palette
from .arrows import action_icon, arrow
from .geometry import Point
from .layout import OUTER_WALL, Layout
from .palette import RGB
from .picture import Picture
from .words import number

# Cividis (Nunez, Anderton and Renslow 2018), at nine even steps.
_STOPS: tuple[RGB, ...] = (
    (0, 34, 78),
    (24, 55, 110),
    (65, 77, 108),
    (96, 100, 113),
    (124, 123, 120),
    (155, 147, 118),
    (189, 174, 108),
    (224, 203, 87),
    (254, 232, 56),
)
WARMTH = 0.2  # the share of the paper's colour in all of them

NUMBERS = 52  # pixels of a tile from which there are numbers in the cells
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
    """

    values: Floats | None = None
    arrows: Floats | None = None
    acts: Ints | None = None
    trail: Sequence[int] | None = None
    scale: tuple[float, float] | None = None

    def key(self) -> bytes:
        """Return bytes that are equal for equal overlays."""
        return b"|".join(b"-" if part is None else np.asarray(part).tobytes() for part in self)


def draw_overlay(picture: Picture, layout: Layout, overlay: Overlay) -> None:
    """Draw an overlay on the floor of an empty room.

    Raises:
        ValueError: If an array does not have one entry for each cell.
    """
    _check(layout.kitchen, overlay)
    if overlay.values is not None:
        _draw_values(picture, layout, np.asarray(overlay.values, np.float64), overlay.scale)
    if overlay.trail is not None and len(overlay.trail):
        points = [_middle(layout, cell) for cell in overlay.trail[-TRAIL:]]
        alphas = [round(40 + 160 * number / len(points)) for number in range(1, len(points) + 1)]
        picture.trail(palette.SHIRT, points, alphas, max(2, round(layout.tile * 0.09)))
    for cell in np.flatnonzero(layout.kitchen.reachable).tolist():
        _draw_policy(picture, layout, overlay, cell)


def _check(kitchen: Kitchen, overlay: Overlay) -> None:
    cells = len(kitchen.places)
    shapes = {"values": (cells,), "arrows": (cells, 4), "acts": (cells,)}
    for name, shape in shapes.items():
        part = getattr(overlay, name)
        if part is not None and np.shape(part) != shape:
            raise ValueError(f"overlay: expected {name} of shape {shape}, got {np.shape(part)}")


def _draw_values(picture: Picture, layout: Layout, values: Floats, scale: tuple[float, float] | None) -> None:
    """Draw a coloured square and a number in each cell, and a legend."""
    shown = np.where(layout.kitchen.reachable & np.isfinite(values), values, np.nan)
    if np.isnan(shown).all():
        return
    low, high = scale or (float(np.nanmin(shown)), float(np.nanmax(shown)))
    gap = max(1, layout.tile // 40)
    for cell, value in enumerate(shown.tolist()):
        if isfinite(value):
            rect = layout.rect(*layout.kitchen.places[cell]).inflate(-2 * gap, -2 * gap)
            colour = value_colour((value - low) / (high - low) if high > low else 0.5)
            picture.round_box(colour, rect, max(2, layout.tile // 10))
            if layout.tile >= NUMBERS:
                _write_number(picture, rect, layout.tile, value, colour)
    _draw_legend(picture, layout, low, high)


def _write_number(picture: Picture, rect: pygame.Rect, tile: int, value: float, colour: palette.RGB) -> None:
    """Write a number in the upper left corner of a cell, where nobody stands."""
    height = min(max(lettering.SMALLEST, round(tile * 0.16)), 22)
    left, middle = rect.left + tile * 0.07, rect.top + tile * 0.07 + height * 0.5
    picture.write(number(value), height, text_on(colour), (left, middle), "left")


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
    left = pill.left + height * 0.5
    picture.write(words[0], height, palette.INK, (left, pill.centery + 1), "left")
    start = left + widths[0] + height * 0.5
    for step in range(bar):
        rect = pygame.Rect(round(start) + step, pill.centery - height // 3, 1, max(4, 2 * height // 3))
        picture.fill(value_colour(step / (bar - 1)), rect)
    right = pill.right - height * 0.5
    picture.write(words[1], height, palette.INK, (right, pill.centery + 1), "right")


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


def value_colour(share: float) -> RGB:
    """Return the colour of a value between the lowest (share 0) and the highest (1)."""
    position = min(1.0, max(0.0, share)) * (len(_STOPS) - 1)
    stop = min(int(position), len(_STOPS) - 2)
    return palette.mix_colours(
        palette.mix_colours(_STOPS[stop], _STOPS[stop + 1], position - stop), palette.PAPER, WARMTH
    )


def text_on(colour: RGB) -> RGB:
    """Return a colour for readable text on a ground of another colour."""
    return palette.BLACK if palette.brightness(colour) > 122 else palette.WHITE
