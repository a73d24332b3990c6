"""The furniture that never moves: the tall cupboard of the jar, and tables."""

from functools import lru_cache

import pygame

from . import palette
from .canvas import Canvas, Sprite

WORKTOP = 0.46  # tiles below the upper edge of its tile: where the jar stands


@lru_cache(maxsize=16)
def cupboard(tile: int) -> Sprite:
    """A cupboard that fills a tile; its anchor is the tile's upper left corner."""
    canvas = Canvas(tile, (-0.06, -0.02, 1.06, 1.02))
    canvas.box(palette.WOOD, (0.05, 0.5, 0.95, 0.95), 0.03, palette.WOOD_EDGE)
    canvas.box(palette.WOOD_EDGE, (0.05, 0.9, 0.95, 0.96), 0.02)
    for left in (0.1, 0.52):
        canvas.box(palette.WOOD_DARK, (left, 0.6, left + 0.38, 0.88), 0.03)
        canvas.box(palette.WOOD, (left + 0.03, 0.63, left + 0.35, 0.85), 0.02)
    for x in (0.45, 0.55):
        canvas.circle(palette.WORKTOP, (x, 0.72), 0.024, palette.WOOD_EDGE)
    canvas.box(palette.WORKTOP_EDGE, (0.0, 0.3, 1.0, 0.55), 0.05, palette.WOOD_EDGE)
    canvas.box(palette.WORKTOP, (0.0, 0.3, 1.0, 0.49), 0.05)
    return canvas.sprite()


@lru_cache(maxsize=64)
def table(tile: int, joined: tuple[bool, ...]) -> Sprite:
    """A table that fills a tile, and goes on where `joined` (left, right, above, below) says so."""
    left, right, above, below = joined
    canvas = Canvas(tile, (0.0, 0.0, 1.0, 1.0))
    x, end_x = (-0.2 if left else 0.05), (1.2 if right else 0.95)
    y, end_y = (-0.2 if above else 0.05), (1.2 if below else 0.68)
    if not below:
        for leg in ([] if left else [0.15]) + ([] if right else [0.85]):
            canvas.line(palette.WOOD_DARK, [(leg, 0.7), (leg, 0.9)], 0.09, palette.WOOD_EDGE)
        canvas.box(palette.WOOD_DARK, (x, 0.5, end_x, 0.77), 0.06, palette.WOOD_EDGE)
    canvas.box(palette.WOOD, (x, y, end_x, end_y), 0.08, palette.WOOD_EDGE)
    sprite = canvas.sheet()
    _lay_cloth(sprite.surface, tile, joined)
    return sprite


def _lay_cloth(surface: pygame.Surface, tile: int, joined: tuple[bool, ...]) -> None:
    """A chequered cloth in the middle of the table top."""
    left, right, above, below = joined
    x, end_x = (0 if left else round(tile * 0.14)), (tile if right else round(tile * 0.86))
    y, end_y = (0 if above else round(tile * 0.12)), (tile if below else round(tile * 0.6))
    surface.fill(palette.CLOTH, (x, y, end_x - x, end_y - y))
    square = max(2, round(tile * 0.09))
    columns, rows = range(x, end_x, 2 * square), range(y, end_y, 2 * square)
    for column in columns:
        surface.fill(palette.CLOTH_STRIPE, (column, y, min(square, end_x - column), end_y - y))
    for row in rows:
        band = min(square, end_y - row)
        surface.fill(palette.CLOTH_STRIPE, (x, row, end_x - x, band))
        for column in columns:
            surface.fill(palette.CLOTH_CROSS, (column, row, min(square, end_x - column), band))
