"""The three cookies: large dark chips on golden dough, small raisins on dark dough, and pale butter."""

from math import cos, pi, sin

from ..dynamics import Cookie
from . import palette
from .drawing import Pen, drawing
from .geometry import Point


@drawing((-0.5, -0.5, 0.5, 0.5), most=64)
def cookie(pen: Pen, kind: Cookie) -> None:
    """Draw a cookie, one tile wide, around (0, 0)."""
    _DOUGHS[kind](pen)


def _chocolate_chip(pen: Pen) -> None:
    """Draw four large dark chips on golden dough."""
    _dough(pen, palette.DOUGH_EDGE, palette.DOUGH, palette.DOUGH_LIT)
    for (x, y), size in zip(_ring(4, 0.22, 0.6), (0.15, 0.13, 0.15, 0.14), strict=True):
        drop = [(x - size, y + size * 0.7), (x, y - size), (x + size, y + size * 0.6)]
        pen.polygon(palette.CHIP, drop)
        pen.ellipse(palette.CHIP, (x, y + size * 0.35), (size, size * 0.62))


def _raisin(pen: Pen) -> None:
    """Draw seven small raisins on dark dough, each with a wrinkle of light."""
    _dough(pen, palette.DOUGH_EDGE, palette.OATS, palette.OATS_LIT)
    for x, y in [(0.0, 0.0), *_ring(6, 0.29, 0.2)]:
        pen.ellipse(palette.RAISIN, (x, y), (0.085, 0.06))
        pen.line(palette.OATS_LIT, [(x - 0.03, y - 0.02), (x + 0.01, y - 0.025)], 0.02)


def _plain(pen: Pen) -> None:
    """Draw a scalloped rim and a pale face."""
    for x, y in _ring(14, 0.4, 0.0):
        pen.circle(palette.BUTTER_EDGE, (x, y), 0.095)
    for x, y in _ring(14, 0.38, 0.0):
        pen.circle(palette.BUTTER, (x, y), 0.08)
    pen.circle(palette.BUTTER, (0.0, 0.0), 0.4)
    pen.circle(palette.BUTTER_EDGE, (0.0, 0.0), 0.3)
    pen.circle(palette.BUTTER, (0.0, 0.0), 0.275)


def _dough(pen: Pen, edge: palette.RGB, dough: palette.RGB, lit: palette.RGB) -> None:
    """Draw the round dough."""
    pen.circle(edge, (0.0, 0.0), 0.49)
    pen.circle(dough, (0.0, 0.0), 0.44)
    pen.ellipse(lit, (-0.04, -0.06), (0.36, 0.34))


def _ring(number: int, radius: float, turn: float) -> list[Point]:
    """Return points on a circle."""
    angles = [turn + 2 * pi * k / number for k in range(number)]
    return [(radius * cos(angle), radius * sin(angle)) for angle in angles]


_DOUGHS = {Cookie.CHOCOLATE_CHIP: _chocolate_chip, Cookie.RAISIN: _raisin, Cookie.PLAIN: _plain}
