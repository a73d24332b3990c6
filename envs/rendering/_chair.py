"""The chair."""

from functools import lru_cache

import pygame

from . import palette
from .canvas import Canvas, Sprite, trimmed

SEAT = 0.34  # tiles above the ground
_REACH = 0.95  # tiles from the anchor in which a tilted chair has room


@lru_cache(maxsize=64)
def chair(tile: int, tilt: int = 0) -> Sprite:
    """The chair, turned by `tilt` degrees around its anchor: the ground between its legs."""
    canvas = Canvas(tile, (-0.4, -0.98, 0.4, 0.06) if tilt == 0 else (-_REACH, -_REACH, _REACH, _REACH))
    _draw_back(canvas)
    _draw_seat(canvas)
    if tilt == 0:
        return canvas.sprite()
    turned = pygame.transform.rotozoom(canvas.surface(), tilt, 1.0)
    return trimmed(Sprite(turned, (turned.get_width() // 2, turned.get_height() // 2)))


def _draw_back(canvas: Canvas) -> None:
    for x in (-0.26, 0.26):
        canvas.line(palette.CHAIR_DARK, [(x, -0.84), (x, -0.1)], 0.075, palette.CHAIR_EDGE)
    canvas.box(palette.CHAIR, (-0.29, -0.9, 0.29, -0.72), 0.07, palette.CHAIR_EDGE)
    canvas.line(palette.CHAIR_LIT, [(-0.22, -0.855), (0.22, -0.855)], 0.03)
    canvas.box(palette.CHAIR, (-0.26, -0.64, 0.26, -0.54), 0.03, palette.CHAIR_EDGE)


def _draw_seat(canvas: Canvas) -> None:
    for x in (-0.27, 0.27):
        canvas.line(palette.CHAIR_DARK, [(x, -0.2), (x, 0.0)], 0.08, palette.CHAIR_EDGE)
    canvas.line(palette.CHAIR_DARK, [(-0.24, -0.1), (0.24, -0.1)], 0.035)
    canvas.box(palette.CHAIR_DARK, (-0.33, -0.34, 0.33, -0.18), 0.05, palette.CHAIR_EDGE)
    canvas.box(palette.CHAIR, (-0.33, -0.44, 0.33, -0.25), 0.06)
    canvas.line(palette.CHAIR_LIT, [(-0.25, -0.4), (0.25, -0.4)], 0.035)
