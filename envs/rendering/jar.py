"""The glass jar with its lid, and the three cookies in it."""

from math import exp, pi
from typing import NamedTuple

from ..cookies.recipe import MEANS
from ..dynamics import Cookie
from . import palette
from .drawing import Pen, drawing
from .geometry import Point, add, arc, rotated
from .pose import cookie_place

COOKIE = 0.31  # tiles: the width of the largest cookie in the jar
LARGEST = MEANS[:, 0].max()  # the radius of the largest kind, in widths of a picture
RIM = 0.045  # the width of the crust, in widths of a cookie
DOTS_LARGER = 1.3  # dots are drawn larger than in the recipe, for small cookies


class Paint(NamedTuple):
    """The colours of a cookie."""

    edge: palette.RGB
    dough: palette.RGB
    lit: palette.RGB
    dots: palette.RGB
    gloss: palette.RGB


_PAINTS = {
    Cookie.RAISIN: Paint(
        palette.DOUGH_EDGE, palette.OATS, palette.OATS_LIT, palette.RAISIN, palette.RAISIN_LIT
    ),
    Cookie.CHOCOLATE_CHIP: Paint(
        palette.DOUGH_EDGE, palette.DOUGH, palette.DOUGH_LIT, palette.CHIP, palette.CHIP_LIT
    ),
    Cookie.PLAIN: Paint(
        palette.BUTTER_EDGE, palette.BUTTER, palette.BUTTER_LIT, palette.CRUMB, palette.BUTTER
    ),
}


@drawing((-0.62, -1.25, 0.95, 0.12), most=128)
def jar(pen: Pen, filled: int, cookies: tuple[Cookie, ...], lifted: float) -> None:
    """Draw the jar; (0, 0) is the middle of its foot.

    The places with a cookie are the bits of `filled`, and `lifted` is 0 for a closed jar, 1 for an open one.
    """
    draw_glass(pen)
    for place, kind in enumerate(cookies):
        if filled >> place & 1:
            pen.stamp(cookie, kind, at=cookie_place(place), size=COOKIE)
    draw_shine(pen)
    draw_lid(pen, lifted)


def draw_glass(pen: Pen) -> None:
    """Draw the empty jar without its lid."""
    pen.ellipse((60, 36, 20, 80), (0.02, 0.0), (0.48, 0.05))
    glass, rim = (*palette.GLASS, 225), (*palette.GLASS_EDGE, 235)
    # rims are edges and lines, not boxes behind: SVG would blend a box behind with the glass
    pen.box(glass, (-0.48, -0.51, 0.48, 0.0), 0.15, rim)
    neck = [(-0.3875, -0.49), (-0.3875, -0.58), (-0.36, -0.61)]
    pen.line(rim, [*neck, *((-x, y) for x, y in reversed(neck))], 0.025)
    pen.box(glass, (-0.375, -0.6, 0.375, -0.46), 0.04)
    pen.ellipse((196, 220, 228, 230), (0.0, -0.05), (0.4, 0.045))


def draw_shine(pen: Pen) -> None:
    """Draw the light on the front of the glass."""
    pen.line((255, 255, 255, 190), [(-0.41, -0.36), (-0.41, -0.2)], 0.05)
    pen.circle((255, 255, 255, 190), (-0.41, -0.11), 0.025)
    pen.line((255, 255, 255, 120), [(0.38, -0.44), (0.28, -0.45)], 0.03)


def draw_lid(pen: Pen, lifted: float) -> None:
    """Draw the lid on the jar (`lifted` 0), or beside its neck (1)."""
    height = 0.62 + 0.5 * lifted * (1 - lifted) - 0.24 * lifted
    pen.stamp(_lid, at=(0.58 * lifted, -height), turn=72 * -lifted)


@drawing((-0.6, -0.6, 0.6, 0.6), reach=0.6)
def _lid(pen: Pen) -> None:
    """Draw the lid, closed, around its middle."""
    pen.circle(palette.LID, (0.0, -0.1), 0.07, palette.LID_EDGE)
    pen.box(palette.LID, (-0.43, -0.06, 0.43, 0.08), 0.06, palette.LID_EDGE)
    pen.line(palette.LID_LIT, [(-0.34, -0.015), (0.34, -0.015)], 0.03)


@drawing((-0.5, -0.5, 0.5, 0.5))
def cookie(pen: Pen, kind: Cookie) -> None:
    """Draw a typical cookie of a kind around (0, 0); the largest of the kinds is one tile wide.

    Sizes and dots are the means of the recipe.
    """
    size, dots, dot_size, _, log_stretch = MEANS[kind].tolist()
    paint, unit = _PAINTS[kind], 0.49 / LARGEST
    _draw_dough(pen, size * unit, paint)
    dot = dot_size * unit * DOTS_LARGER
    radii = dot * exp(log_stretch / 2), dot * exp(-log_stretch / 2)
    for at, turn in _scattered(round(dots), size * unit - RIM - radii[0]):
        _draw_dot(pen, at, turn, radii, paint)


def _draw_dough(pen: Pen, radius: float, paint: Paint) -> None:
    """Draw the round dough."""
    pen.circle(paint.edge, (0.0, 0.0), radius)
    pen.circle(paint.dough, (0.0, 0.0), radius - RIM)
    pen.ellipse(paint.lit, (-0.04, -0.06), (radius - 0.13, radius - 0.15))


def _draw_dot(pen: Pen, at: Point, turn: float, radii: Point, paint: Paint) -> None:
    """Draw a dot, an ellipse turned by an angle, with light on it."""
    outline = (rotated(point, turn) for point in arc((0.0, 0.0), radii, 0, 1, 16)[1:])
    pen.polygon(paint.dots, [add(at, point) for point in outline])
    pen.circle(paint.gloss, add(at, (-0.3 * radii[1], -0.3 * radii[1])), 0.28 * radii[1])


def _scattered(number: int, radius: float) -> list[tuple[Point, float]]:
    """Return points spread over a disc, each with an angle: a quarter around the middle, the rest outside."""
    inner = number // 4
    rings = (inner, radius * 0.36 if inner > 1 else 0.0, 1.0), (number - inner, radius * 0.95, 0.3)
    points = []
    for count, distance, start in rings:
        for k in range(count):
            angle = start + 2 * pi * k / count
            at = distance * (1 - 0.16 * (k % 2)), 0.0
            points.append((rotated(at, angle), 1.7 * angle + k))
    return points
