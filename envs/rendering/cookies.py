"""The three cookies: large dark chips on golden dough, small raisins on dark dough, and pale butter."""

from functools import lru_cache
from math import cos, pi, sin

from ..dynamics import Cookie
from . import palette
from .canvas import Canvas, Point, Sprite


@lru_cache(maxsize=64)
def cookie(size: int, kind: Cookie) -> Sprite:
    """A cookie, `size` pixels wide; its anchor is its middle."""
    canvas = Canvas(size, (-0.5, -0.5, 0.5, 0.5))
    _DOUGHS[kind](canvas)
    return canvas.sprite()


def _chocolate_chip(canvas: Canvas) -> None:
    """Four large dark chips."""
    _dough(canvas, palette.DOUGH_EDGE, palette.DOUGH, palette.DOUGH_LIT)
    for (x, y), size in zip(_ring(4, 0.22, 0.6), (0.15, 0.13, 0.15, 0.14), strict=True):
        drop = [(x - size, y + size * 0.7), (x, y - size), (x + size, y + size * 0.6)]
        canvas.polygon(palette.CHIP, drop)
        canvas.ellipse(palette.CHIP, (x, y + size * 0.35), (size, size * 0.62))


def _raisin(canvas: Canvas) -> None:
    """Seven small raisins with a wrinkle of light."""
    _dough(canvas, palette.DOUGH_EDGE, palette.OATS, palette.OATS_LIT)
    for x, y in [(0.0, 0.0), *_ring(6, 0.29, 0.2)]:
        canvas.ellipse(palette.RAISIN, (x, y), (0.085, 0.06))
        canvas.line(palette.OATS_LIT, [(x - 0.03, y - 0.02), (x + 0.01, y - 0.025)], 0.02)


def _plain(canvas: Canvas) -> None:
    """A scalloped rim and a pale face."""
    for x, y in _ring(14, 0.4, 0.0):
        canvas.circle(palette.BUTTER_EDGE, (x, y), 0.095)
    for x, y in _ring(14, 0.38, 0.0):
        canvas.circle(palette.BUTTER, (x, y), 0.08)
    canvas.circle(palette.BUTTER, (0.0, 0.0), 0.4)
    canvas.circle(palette.BUTTER_EDGE, (0.0, 0.0), 0.3)
    canvas.circle(palette.BUTTER, (0.0, 0.0), 0.275)


def _dough(canvas: Canvas, edge: palette.RGB, dough: palette.RGB, lit: palette.RGB) -> None:
    canvas.circle(edge, (0.0, 0.0), 0.49)
    canvas.circle(dough, (0.0, 0.0), 0.44)
    canvas.ellipse(lit, (-0.04, -0.06), (0.36, 0.34))


def _ring(number: int, radius: float, turn: float) -> list[Point]:
    """Points on a circle."""
    angles = [turn + 2 * pi * k / number for k in range(number)]
    return [(radius * cos(angle), radius * sin(angle)) for angle in angles]


_DOUGHS = {Cookie.CHOCOLATE_CHIP: _chocolate_chip, Cookie.RAISIN: _raisin, Cookie.PLAIN: _plain}
