"""The decoration of the back wall, and the sunlight on the floor."""

from itertools import groupby

from ..kitchen import WALL, Kitchen
from . import palette
from .drawing import Pen, drawing
from .layout import Layout
from .picture import Picture

LEAST_HEIGHT = 1.15  # tiles of wall that decoration needs
WINDOW = 2  # tiles: the width of a window


def decorate(picture: Picture, layout: Layout) -> None:
    """Hang windows, a towel and a clock on the outer wall at the back."""
    tile, bottom = layout.tile, layout.top + layout.tile
    if bottom - layout.ceiling < LEAST_HEIGHT * tile:
        return
    middle = (layout.ceiling + bottom - 0.37 * tile) / 2
    things = [(WINDOW, window), (1, towel), (1, clock), (WINDOW, window)]
    for first, length in sorted(_stretches(layout.kitchen), key=lambda stretch: -stretch[1]):
        start = first
        for wide, thing in list(things):
            if start + wide <= first + length:
                picture.stamp(thing, at=(layout.left + (start + wide / 2) * tile, middle), size=tile)
                if wide == WINDOW:
                    _shine_in(picture, layout, start)
                start += wide
                things.remove((wide, thing))


def _shine_in(picture: Picture, layout: Layout, column: int) -> None:
    """Draw sunlight on the floor below a window, with the shadow of its bar."""
    if any((1, column + step) not in layout.kitchen.cell_at for step in range(WINDOW)):
        return
    for left, soft in ((0.46, 0.0), (0.48, 0.02), (1.0, 0.0), (1.02, 0.02)):
        right = left + 0.46 - 2 * soft
        corners = [(left, 1.15), (right, 1.15), (right + 0.2, 1.92), (left + 0.2, 1.92)]
        picture.lighten([layout.pixel((column + x, y)) for x, y in corners])


def _stretches(kitchen: Kitchen) -> list[tuple[int, int]]:
    """Return (first column, columns) of each stretch of the back wall with floor below it."""
    free = [above == WALL != below for above, below in zip(*kitchen.rows[:2], strict=True)]
    groups = [list(group) for _, group in groupby(range(kitchen.width), key=free.__getitem__)]
    return [(columns[0], len(columns)) for columns in groups if free[columns[0]]]


@drawing((-0.9, -0.5, 0.9, 0.5))
def window(pen: Pen) -> None:
    """Draw a window with curtains, two tiles wide, around its middle."""
    pen.box(palette.SKIRTING, (-0.62, -0.33, 0.62, 0.33), 0.04, palette.SKIRTING_EDGE)
    pen.box(palette.SKY, (-0.56, -0.27, 0.56, 0.27), 0.02)
    pen.circle(palette.WHITE, (-0.2, 0.0), 0.09)
    pen.ellipse(palette.WHITE, (-0.1, 0.05), (0.2, 0.06))
    pen.ellipse(palette.LEAF, (0.36, 0.24), (0.19, 0.1))
    pen.box(palette.SKIRTING, (-0.66, 0.27, 0.66, 0.36), 0.02, palette.SKIRTING_EDGE)
    pen.box(palette.SKIRTING, (-0.025, -0.3, 0.025, 0.3))
    for side in (-1, 1):
        cloth = [(0.7, -0.36), (0.28, -0.36), (0.34, -0.1), (0.56, 0.12), (0.6, 0.24), (0.7, 0.24)]
        pen.polygon(palette.CLOTH_STRIPE, [(side * x, y) for x, y in cloth], palette.CLOTH_CROSS)
        pen.line(palette.CLOTH, [(side * 0.53, 0.11), (side * 0.69, 0.13)], 0.035)
    pen.line(palette.WOOD_DARK, [(-0.76, -0.37), (0.76, -0.37)], 0.035)


@drawing((-0.4, -0.5, 0.4, 0.5))
def towel(pen: Pen) -> None:
    """Draw a tea towel on a hook."""
    pen.box(palette.CLOTH, (-0.15, -0.26, 0.15, 0.28), 0.03, palette.SKIRTING_EDGE)
    for y in (0.06, 0.14):
        pen.box(palette.TROUSERS, (-0.15, y, 0.15, y + 0.04))
    pen.circle(palette.WOOD_DARK, (0.0, -0.28), 0.035, palette.WOOD_EDGE)


@drawing((-0.4, -0.5, 0.4, 0.5))
def clock(pen: Pen) -> None:
    """Draw a round clock."""
    pen.circle(palette.WOOD, (0.0, -0.04), 0.23, palette.WOOD_EDGE)
    pen.circle(palette.PAPER, (0.0, -0.04), 0.185)
    pen.line(palette.INK, [(0.0, -0.04), (0.0, -0.17)], 0.03)
    pen.line(palette.INK, [(0.0, -0.04), (0.09, 0.0)], 0.03)
