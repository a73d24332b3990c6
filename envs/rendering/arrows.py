"""The policy's signs: arrows for walks, icons for all other actions."""

from ..dynamics import Action
from ..kitchen import MOVES
from . import palette
from .drawing import Pen, drawing
from .geometry import Point
from .props import chair

SMALL_CHAIR = 0.36  # the size of the chair in an icon


@drawing((-0.5, -0.5, 0.5, 0.5), most=128)
def arrow(pen: Pen, way: int, tenths: int) -> None:
    """Draw an arrow up, down, left or right; its length and strength show the probability in tenths."""
    down, right = MOVES[way]
    share = tenths / 10
    sure = tenths == 10
    start, tip = (-0.2, 0.3) if sure else (0.06, 0.14 + 0.24 * share)
    wide = 0.07 if sure else 0.05
    head = 0.15 if sure else 0.06 + 0.06 * share

    def at(along: float, across: float) -> Point:
        return along * right - across * down, along * down + across * right

    shaft = [at(start, 0), at(tip - head, 0)]
    wings = [at(tip - head, head * 0.8), at(tip, 0), at(tip - head, -head * 0.8)]
    dark, light = (*palette.INK, 60 + round(195 * share)), (*palette.WHITE, 90 + round(165 * share))
    for colour, grow in ((dark, 0.028), (light, 0.0)):
        pen.line(colour, shaft, wide + 2 * grow)
        pen.line(colour, [*wings, wings[0]], 0.02 + 2 * grow)
        pen.polygon(colour, wings)


@drawing((-0.5, -0.5, 0.5, 0.5))
def action_icon(pen: Pen, action: Action) -> None:
    """Draw a round sign for an action other than a walk."""
    pen.circle(palette.PAPER, (0.0, 0.0), 0.23, palette.INK)
    if action == Action.CLIMB:
        for y in (-0.02, 0.1):
            pen.line(palette.INK, [(-0.1, y), (0.0, y - 0.1), (0.1, y)], 0.05)
    if action == Action.REACH:
        _draw_hand(pen)
    if action >= Action.PICK_LEFT:
        _draw_places(pen, action - Action.PICK_LEFT)
    if action == Action.CHAIR:
        pen.stamp(chair, at=(0.0, SMALL_CHAIR * 0.45), size=SMALL_CHAIR)


def _draw_hand(pen: Pen) -> None:
    """Draw an open hand."""
    for x, top in ((-0.075, -0.07), (-0.025, -0.12), (0.025, -0.115), (0.075, -0.07)):
        pen.line(palette.SKIN, [(x, 0.03), (x, top)], 0.04, palette.SKIN_EDGE)
    pen.line(palette.SKIN, [(-0.06, 0.07), (-0.125, 0.0)], 0.04, palette.SKIN_EDGE)
    pen.box(palette.SKIN, (-0.095, -0.01, 0.095, 0.14), 0.06, palette.SKIN_EDGE)
    pen.box(palette.SKIN, (-0.09, -0.04, 0.09, 0.1), 0.03)


def _draw_places(pen: Pen, picked: int) -> None:
    """Draw three places in the jar, the picked one large."""
    for place in range(3):
        x = 0.125 * (place - 1)
        if place == picked:
            pen.circle(palette.DOUGH, (x, 0.0), 0.08, palette.DOUGH_EDGE)
        else:
            pen.circle(palette.LINE, (x, 0.0), 0.035)
