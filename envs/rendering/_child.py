"""The child: a body in a pose, and the head (face.py) on it."""

from functools import lru_cache
from math import floor
from typing import NamedTuple

from . import palette
from .canvas import Canvas, Point, Sprite
from .child import Mood, draw_head

REST: tuple[Point, Point] = ((-0.23, -0.2), (0.23, -0.2))  # the hands, left and right in the picture
SHOULDER = 0.15, -0.4  # of the right arm; the left one mirrors it
TALL = 1.08  # tiles

_FINE = 32  # poses are told apart to this part of a tile, so that few are drawn


class Pose(NamedTuple):
    """How the child holds itself; lengths in tiles from the ground between its feet.

    Attributes:
        hands: where its left and right hand are (as seen in the picture).
        step: -1 left foot up, 1 right foot up, 0 both on the ground.
        mood: what its face shows.
        look: where it looks: (right, down), each -1 to 1.
        bite: how far its mouth is open for a bite, 0 to 1.
    """

    hands: tuple[Point, Point] = REST
    step: float = 0.0
    mood: Mood = Mood.HOPING
    look: Point = (0.0, 0.0)
    bite: float = 0.0

    def coarse(self) -> "Pose":
        """The nearest of the poses that are drawn."""
        left, right = (_rounded(hand, _FINE) for hand in self.hands)
        step, bite = round(self.step * 4) / 4, round(self.bite * 4) / 4
        return Pose((left, right), step, self.mood, _rounded(self.look, 4), bite)


def _rounded(point: Point, parts: int) -> Point:
    return round(point[0] * parts) / parts, round(point[1] * parts) / parts


@lru_cache(maxsize=160)
def child(tile: int, pose: Pose) -> Sprite:
    """The child in a (coarse) pose; its anchor is the ground between its feet."""
    xs, ys = zip(*pose.hands, strict=True)
    left, top = min(-0.42, *(x - 0.12 for x in xs)), min(-TALL, *(y - 0.12 for y in ys))
    right = max(0.42, *(x + 0.12 for x in xs))
    canvas = Canvas(tile, (floor(left * 8) / 8, floor(top * 8) / 8, -floor(-right * 8) / 8, 0.08))
    _draw_legs(canvas, pose.step)
    _draw_torso(canvas)
    arms = list(zip((-1, 1), pose.hands, strict=True))
    for side, hand in arms:
        if not _is_before_face(hand):
            _draw_arm(canvas, side, hand)
    draw_head(canvas, pose.mood, pose.look, pose.bite)
    for side, hand in arms:
        if _is_before_face(hand):
            _draw_arm(canvas, side, hand)
    return canvas.sprite()


def _is_before_face(hand: Point) -> bool:
    """Whether a hand is at the face, as when it puts something in the mouth."""
    return abs(hand[0]) < 0.24 and -0.85 < hand[1] < -0.42


def _draw_legs(canvas: Canvas, step: float) -> None:
    for side in (-1, 1):
        up = max(0.0, side * step) * 0.09
        x = side * 0.095
        canvas.line(palette.TROUSERS, [(x, -0.22), (x, -0.09 - up)], 0.13, palette.TROUSERS_EDGE)
        canvas.ellipse(palette.SHOE, (x + side * 0.015, -0.035 - up), (0.085, 0.045), palette.INK)


def _draw_torso(canvas: Canvas) -> None:
    """A striped shirt with dungarees over it."""
    canvas.box(palette.SHIRT, (-0.19, -0.48, 0.19, -0.15), 0.12, palette.SHIRT_EDGE)
    canvas.box(palette.TROUSERS, (-0.18, -0.3, 0.18, -0.13), 0.06, palette.TROUSERS_EDGE)
    canvas.box(palette.TROUSERS, (-0.11, -0.4, 0.11, -0.2), 0.03)
    for x in (-0.09, 0.09):
        canvas.line(palette.TROUSERS, [(x, -0.46), (x, -0.34)], 0.045)
        canvas.circle(palette.STAR, (x, -0.37), 0.02)


def _draw_arm(canvas: Canvas, side: int, hand: Point) -> None:
    """A sleeve to a little before the hand."""
    shoulder = side * SHOULDER[0], SHOULDER[1]
    wrist = tuple(s + (h - s) * 0.85 for s, h in zip(shoulder, hand, strict=True))
    canvas.circle(palette.SKIN, hand, 0.062, palette.SKIN_EDGE)
    canvas.line(palette.SHIRT, [shoulder, (wrist[0], wrist[1])], 0.095, palette.SHIRT_EDGE)
    canvas.circle(palette.SKIN, hand, 0.058)
