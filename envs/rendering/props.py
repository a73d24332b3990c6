"""The furniture and the chair."""

from . import palette
from .canvas import EDGE
from .drawing import Pen, drawing
from .geometry import Box, rounded


@drawing((-0.06, -0.02, 1.06, 1.02))
def cupboard(pen: Pen) -> None:
    """Draw a cupboard that fills a tile, from the tile's upper left corner."""
    pen.box(palette.WOOD, (0.05, 0.5, 0.95, 0.95), 0.03, palette.WOOD_EDGE)
    pen.box(palette.WOOD_EDGE, (0.05, 0.9, 0.95, 0.96), 0.02)
    for left in (0.1, 0.52):
        pen.box(palette.WOOD_DARK, (left, 0.6, left + 0.38, 0.88), 0.03)
        pen.box(palette.WOOD, (left + 0.03, 0.63, left + 0.35, 0.85), 0.02)
    for x in (0.45, 0.55):
        pen.circle(palette.WORKTOP, (x, 0.72), 0.024, palette.WOOD_EDGE)
    pen.box(palette.WORKTOP_EDGE, (0.0, 0.3, 1.0, 0.55), 0.05, palette.WOOD_EDGE)
    pen.box(palette.WORKTOP, (0.0, 0.3, 1.0, 0.49), 0.05)


@drawing((0.0, 0.0, 1.0, 1.0))
def table(pen: Pen, joined: tuple[bool, ...], tile: int) -> None:
    """Draw a table that fills a tile, from the tile's upper left corner.

    `joined` says whether the table continues at the left, right, above and below. The pattern of the cloth
    consists of whole pixels, of which a tile has `tile`.
    """
    left, right, _, below = joined
    if not below:
        for leg in ([] if left else [0.15]) + ([] if right else [0.85]):
            pen.line(palette.WOOD_DARK, [(leg, 0.7), (leg, 0.9)], 0.09, palette.WOOD_EDGE)
        _draw_board(pen, palette.WOOD_DARK, (0.05, 0.5, 0.95, 0.77), 0.06, (left, right, False, False))
    _draw_board(pen, palette.WOOD, (0.05, 0.05, 0.95, 0.68), 0.08, joined)
    _lay_cloth(pen, tile, joined)


def _draw_board(pen: Pen, colour: palette.RGB, box: Box, radius: float, joined: tuple[bool, ...]) -> None:
    """Draw a board with an edge and round corners, except where it goes on to the border of the tile."""
    left, right, above, below = joined
    corners = not (left or above), not (right or above), not (right or below), not (left or below)
    for grown, ink in ((EDGE, palette.WOOD_EDGE), (0.0, colour)):
        sides = (
            0.0 if left else box[0] - grown,
            0.0 if above else box[1] - grown,
            1.0 if right else box[2] + grown,
            1.0 if below else box[3] + grown,
        )
        pen.polygon(ink, rounded(sides, radius + grown, corners))


def _lay_cloth(pen: Pen, tile: int, joined: tuple[bool, ...]) -> None:
    """Draw a chequered cloth in the middle of the table top."""
    left, right, above, below = joined
    x, end_x = (0 if left else round(tile * 0.14)), (tile if right else round(tile * 0.86))
    y, end_y = (0 if above else round(tile * 0.12)), (tile if below else round(tile * 0.6))

    def patch(colour: palette.RGB, x: int, y: int, end_x: int, end_y: int) -> None:
        pen.box(colour, (x / tile, y / tile, end_x / tile, end_y / tile))

    patch(palette.CLOTH, x, y, end_x, end_y)
    square = max(2, round(tile * 0.09))
    columns = [(left, min(left + square, end_x)) for left in range(x, end_x, 2 * square)]
    for start, end in columns:
        patch(palette.CLOTH_STRIPE, start, y, end, end_y)
    for top in range(y, end_y, 2 * square):
        bottom = min(top + square, end_y)
        patch(palette.CLOTH_STRIPE, x, top, end_x, bottom)
        for start, end in columns:
            patch(palette.CLOTH_CROSS, start, top, end, bottom)


@drawing((-0.4, -0.98, 0.4, 0.06), reach=0.95)
def chair(pen: Pen) -> None:
    """Draw the chair; (0, 0) is the ground between its legs."""
    for x in (-0.26, 0.26):
        pen.line(palette.CHAIR_DARK, [(x, -0.84), (x, -0.1)], 0.075, palette.CHAIR_EDGE)
    pen.box(palette.CHAIR, (-0.29, -0.9, 0.29, -0.72), 0.07, palette.CHAIR_EDGE)
    pen.line(palette.CHAIR_LIT, [(-0.22, -0.855), (0.22, -0.855)], 0.03)
    pen.box(palette.CHAIR, (-0.26, -0.64, 0.26, -0.54), 0.03, palette.CHAIR_EDGE)
    for x in (-0.27, 0.27):
        pen.line(palette.CHAIR_DARK, [(x, -0.2), (x, 0.0)], 0.08, palette.CHAIR_EDGE)
    pen.line(palette.CHAIR_DARK, [(-0.24, -0.1), (0.24, -0.1)], 0.035)
    pen.box(palette.CHAIR_DARK, (-0.33, -0.34, 0.33, -0.18), 0.05, palette.CHAIR_EDGE)
    pen.box(palette.CHAIR, (-0.33, -0.44, 0.33, -0.25), 0.06)
    pen.line(palette.CHAIR_LIT, [(-0.25, -0.4), (0.25, -0.4)], 0.035)
