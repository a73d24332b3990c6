"""The glass jar with its lid, and the three cookies in it."""

from math import cos, pi, sin

from ..dynamics import Cookie
from . import palette
from .drawing import Pen, drawing
from .geometry import Point
from .pose import cookie_place

COOKIE = 0.31  # tiles: the width of a cookie in the jar


@drawing((-0.62, -1.25, 0.95, 0.12), most=128)
def jar(pen: Pen, filled: int, cookies: tuple[Cookie, ...], lifted: float) -> None:
    """Draw the jar; (0, 0) is the middle of its foot.

    The places with a cookie are the bits of `filled`, and `lifted` is 0 for a closed jar, 1 for an open one.
    """
    _draw_glass(pen)
    for place, kind in enumerate(cookies):
        if filled >> place & 1:
            pen.stamp(cookie, kind, at=cookie_place(place), size=COOKIE)
    _draw_shine(pen)
    height = 0.62 + 0.5 * lifted * (1 - lifted) - 0.24 * lifted
    pen.stamp(_lid, at=(0.58 * lifted, -height), turn=72 * -lifted)


def _draw_glass(pen: Pen) -> None:
    """Draw the empty jar."""
    pen.ellipse((60, 36, 20, 80), (0.02, 0.0), (0.48, 0.05))
    glass, rim = (*palette.GLASS, 225), (*palette.GLASS_EDGE, 235)
    # rims are edges and lines, not boxes behind: SVG would blend a box behind with the glass
    pen.box(glass, (-0.48, -0.51, 0.48, 0.0), 0.15, rim)
    neck = [(-0.3875, -0.49), (-0.3875, -0.58), (-0.36, -0.61)]
    pen.line(rim, [*neck, *((-x, y) for x, y in reversed(neck))], 0.025)
    pen.box(glass, (-0.375, -0.6, 0.375, -0.46), 0.04)
    pen.ellipse((196, 220, 228, 230), (0.0, -0.05), (0.4, 0.045))


def _draw_shine(pen: Pen) -> None:
    """Draw the light on the front of the glass."""
    pen.line((255, 255, 255, 190), [(-0.41, -0.36), (-0.41, -0.2)], 0.05)
    pen.circle((255, 255, 255, 190), (-0.41, -0.11), 0.025)
    pen.line((255, 255, 255, 120), [(0.38, -0.44), (0.28, -0.45)], 0.03)


@drawing((-0.6, -0.6, 0.6, 0.6), reach=0.6)
def _lid(pen: Pen) -> None:
    """Draw the lid, closed, around its middle."""
    pen.circle(palette.LID, (0.0, -0.1), 0.07, palette.LID_EDGE)
    pen.box(palette.LID, (-0.43, -0.06, 0.43, 0.08), 0.06, palette.LID_EDGE)
    pen.line(palette.LID_LIT, [(-0.34, -0.015), (0.34, -0.015)], 0.03)


@drawing((-0.5, -0.5, 0.5, 0.5))
def cookie(pen: Pen, kind: Cookie) -> None:
    """Draw a cookie, one tile wide, around (0, 0)."""
    _COOKIES[kind](pen)


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


_COOKIES = {Cookie.CHOCOLATE_CHIP: _chocolate_chip, Cookie.RAISIN: _raisin, Cookie.PLAIN: _plain}
