"""The glass jar: three cookies side by side, a lid that comes off."""

from ..dynamics import Cookie
from . import palette
from .cookies import cookie
from .drawing import Pen, drawing
from .pose import cookie_place

COOKIE = 0.31  # tiles: the width of a cookie in the jar
_BOX = (-0.62, -1.25, 0.95, 0.12)


@drawing(_BOX, most=128)
def jar(pen: Pen, filled: int, cookies: tuple[Cookie, ...], lifted: float) -> None:
    """Draw the jar; (0, 0) is the middle of its foot.

    Args:
        pen: The pen to draw with.
        filled: The set of places that hold a cookie, as bits.
        cookies: The kind of cookie at left, middle and right.
        lifted: How far the lid is off, from 0 (closed) to 1.
    """
    pen.stamp(_glass, at=(0.0, 0.0))
    for place, kind in enumerate(cookies):
        if filled >> place & 1:
            pen.stamp(cookie, kind, at=cookie_place(place), size=COOKIE)
    pen.stamp(_shine, at=(0.0, 0.0))
    height = 0.62 + 0.5 * lifted * (1 - lifted) - 0.24 * lifted
    pen.stamp(_lid, at=(0.58 * lifted, -height), turn=72 * -lifted)


@drawing(_BOX, most=8)
def _glass(pen: Pen) -> None:
    """Draw the empty jar."""
    pen.ellipse((60, 36, 20, 80), (0.02, 0.0), (0.48, 0.05))
    glass, rim = (*palette.GLASS, 225), (*palette.GLASS_EDGE, 235)
    # rims are edges and lines, not boxes behind: SVG would blend a box behind with the glass
    pen.box(glass, (-0.48, -0.51, 0.48, 0.0), 0.15, rim)
    neck = [(-0.3875, -0.49), (-0.3875, -0.58), (-0.36, -0.61)]
    pen.line(rim, [*neck, *((-x, y) for x, y in reversed(neck))], 0.025)
    pen.box(glass, (-0.375, -0.6, 0.375, -0.46), 0.04)
    pen.ellipse((196, 220, 228, 230), (0.0, -0.05), (0.4, 0.045))


@drawing(_BOX, most=8)
def _shine(pen: Pen) -> None:
    """Draw the light on the front of the glass."""
    pen.line((255, 255, 255, 190), [(-0.41, -0.36), (-0.41, -0.2)], 0.05)
    pen.circle((255, 255, 255, 190), (-0.41, -0.11), 0.025)
    pen.line((255, 255, 255, 120), [(0.38, -0.44), (0.28, -0.45)], 0.03)


@drawing((-0.6, -0.6, 0.6, 0.6), most=64, reach=0.6)
def _lid(pen: Pen) -> None:
    """Draw the lid, closed, around its middle."""
    pen.circle(palette.LID, (0.0, -0.1), 0.07, palette.LID_EDGE)
    pen.box(palette.LID, (-0.43, -0.06, 0.43, 0.08), 0.06, palette.LID_EDGE)
    pen.line(palette.LID_LIT, [(-0.34, -0.015), (0.34, -0.015)], 0.03)
