"""The policy's small signs: arrows for walks, icons for all other actions."""

from functools import lru_cache

from ..dynamics import Action
from ..kitchen import MOVES
from . import palette
from .canvas import Canvas, Sprite, trimmed
from .props import chair


@lru_cache(maxsize=128)
def arrow(tile: int, way: int, tenths: int) -> Sprite:
    """An arrow up, down, left or right; its length and strength tell the probability in tenths."""
    down, right = MOVES[way]
    share = tenths / 10
    sure = tenths == 10
    start, tip = (-0.2, 0.3) if sure else (0.06, 0.14 + 0.24 * share)
    wide = 0.07 if sure else 0.05
    head = 0.15 if sure else 0.06 + 0.06 * share
    canvas = Canvas(tile, (-0.5, -0.5, 0.5, 0.5))
    for colour, grow in (((*palette.INK, 60 + round(195 * share)), 0.028), (_paper(share), 0.0)):

        def at(along: float, across: float) -> tuple[float, float]:
            return along * right - across * down, along * down + across * right

        canvas.line(colour, [at(start, 0), at(tip - head, 0)], wide + 2 * grow)
        wings = [at(tip - head, head * 0.8), at(tip, 0), at(tip - head, -head * 0.8)]
        canvas.line(colour, [*wings, wings[0]], 0.02 + 2 * grow)
        canvas.polygon(colour, wings)
    return canvas.sprite()


def _paper(share: float) -> tuple[int, int, int, int]:
    return (*palette.WHITE, 90 + round(165 * share))


@lru_cache(maxsize=64)
def action_icon(tile: int, action: Action) -> Sprite:
    """A round sign for an action that is no walk."""
    canvas = Canvas(tile, (-0.5, -0.5, 0.5, 0.5))
    canvas.circle(palette.PAPER, (0.0, 0.0), 0.23, palette.INK)
    if action == Action.CLIMB:
        for y in (-0.02, 0.1):
            canvas.line(palette.INK, [(-0.1, y), (0.0, y - 0.1), (0.1, y)], 0.05)
    if action == Action.REACH:
        _draw_hand(canvas)
    if action >= Action.PICK_LEFT:
        _draw_places(canvas, action - Action.PICK_LEFT)
    sprite = canvas.sheet()
    if action == Action.CHAIR:
        small = round(tile * 0.36)
        x, y = sprite.anchor
        chair(max(2, small)).stand(sprite.surface, x, y + small * 0.45)
    return trimmed(sprite)


def _draw_hand(canvas: Canvas) -> None:
    """An open hand."""
    for x, top in ((-0.075, -0.07), (-0.025, -0.12), (0.025, -0.115), (0.075, -0.07)):
        canvas.line(palette.SKIN, [(x, 0.03), (x, top)], 0.04, palette.SKIN_EDGE)
    canvas.line(palette.SKIN, [(-0.06, 0.07), (-0.125, 0.0)], 0.04, palette.SKIN_EDGE)
    canvas.box(palette.SKIN, (-0.095, -0.01, 0.095, 0.14), 0.06, palette.SKIN_EDGE)
    canvas.box(palette.SKIN, (-0.09, -0.04, 0.09, 0.1), 0.03)


def _draw_places(canvas: Canvas, picked: int) -> None:
    """Three places in the jar, the picked one large."""
    for place in range(3):
        x = 0.125 * (place - 1)
        if place == picked:
            canvas.circle(palette.DOUGH, (x, 0.0), 0.08, palette.DOUGH_EDGE)
        else:
            canvas.circle(palette.LINE, (x, 0.0), 0.035)
