"""The child: its body and its face."""

from enum import Enum
from functools import lru_cache
from math import floor
from typing import NamedTuple

from . import palette
from .canvas import Canvas, Point, Sprite, arc

REST: tuple[Point, Point] = ((-0.23, -0.2), (0.23, -0.2))  # the hands, left and right in the picture
SHOULDER = 0.15, -0.4  # of the right arm; the left one mirrors it
TALL = 1.08  # tiles
_FINE = 32  # poses are told apart to this part of a tile, so that few are drawn

MIDDLE = -0.7  # tiles: the height of the head's middle over the ground
_ROUND = 0.275, 0.26


class Mood(Enum):
    """What a face shows."""

    HOPING = "hoping"
    HAPPY = "happy"
    DELIGHTED = "delighted"
    UNHAPPY = "unhappy"
    DISGUSTED = "disgusted"


def draw_head(canvas: Canvas, mood: Mood, look: Point, bite: float) -> None:
    """Draw the head on a canvas whose (0, 0) is the ground; `look` and `bite` are those of a `Pose`."""
    x, y = look[0] * 0.045, look[1] * 0.03  # the face turns to where it looks
    canvas.ellipse(palette.HAIR, (0.0, MIDDLE - 0.015), (0.3, 0.285), palette.HAIR_EDGE)
    for side in (-1, 1):
        canvas.ellipse(palette.SKIN, (side * 0.275, MIDDLE + 0.06), (0.05, 0.06), palette.SKIN_EDGE)
    canvas.ellipse(palette.SKIN, (x * 0.4, MIDDLE + 0.035), (_ROUND[0] - 0.02, _ROUND[1] - 0.035))
    _draw_fringe(canvas, x, y)
    for side in (-1, 1):
        canvas.ellipse(palette.CHEEK, (x + side * 0.17, MIDDLE + 0.115 + y), (0.05, 0.034))
        _draw_eye(canvas, (x + side * 0.105, MIDDLE + 0.03 + y), side, mood, look)
    _draw_mouth(canvas, (x, MIDDLE + 0.14 + y), mood, bite)


def _draw_fringe(canvas: Canvas, x: float, y: float) -> None:
    """Hair over the forehead, and a tuft."""
    canvas.line(palette.HAIR, [(0.0, MIDDLE - 0.27), (0.05, MIDDLE - 0.325)], 0.06, palette.HAIR_EDGE)
    canvas.line(palette.HAIR, [(0.0, MIDDLE - 0.27), (-0.04, MIDDLE - 0.31)], 0.05)
    top = arc((0.0, MIDDLE - 0.015), (0.3, 0.285), 0.46, 1.04, 20)
    waves = [(0.26, -0.01), (0.2, -0.07), (0.1, -0.115), (-0.02, -0.095), (-0.12, -0.055), (-0.22, -0.005)]
    canvas.polygon(palette.HAIR, [*top, *((x * 0.6 + u, MIDDLE + v + y * 0.4) for u, v in waves)])
    canvas.line(palette.HAIR_LIT, arc((0.0, MIDDLE), (0.21, 0.21), 0.62, 0.74, 6), 0.035)


def _draw_eye(canvas: Canvas, eye: Point, side: int, mood: Mood, look: Point) -> None:
    x, y = eye
    if mood is Mood.DELIGHTED:
        canvas.line(palette.INK, arc((x, y + 0.03), (0.055, 0.06), 0.52, 0.98, 8), 0.03)
        return
    if mood is Mood.DISGUSTED:  # squeezed shut
        canvas.line(palette.INK, [(x + side * 0.055, y - 0.04), (x - side * 0.04, y)], 0.03)
        canvas.line(palette.INK, [(x - side * 0.04, y), (x + side * 0.055, y + 0.04)], 0.03)
        return
    canvas.ellipse(palette.WHITE, eye, (0.064, 0.08))
    pupil = x + look[0] * 0.026, y + 0.008 + look[1] * 0.03
    canvas.ellipse(palette.INK, pupil, (0.043, 0.052))
    canvas.circle(palette.WHITE, (pupil[0] + 0.014, pupil[1] - 0.02), 0.016)
    if mood is Mood.UNHAPPY:
        canvas.line(palette.HAIR_EDGE, [(x - side * 0.05, y - 0.135), (x + side * 0.05, y - 0.1)], 0.028)


def _draw_mouth(canvas: Canvas, mouth: Point, mood: Mood, bite: float) -> None:
    x, y = mouth
    if bite > 0:
        canvas.ellipse(palette.MOUTH, (x, y), (0.05 + 0.03 * bite, 0.015 + 0.05 * bite), palette.INK)
    elif mood in (Mood.HAPPY, Mood.DELIGHTED):
        smile = arc((x, y - 0.03), (0.1, 0.085), 0.0, 0.5)
        canvas.polygon(palette.MOUTH, smile, palette.INK)
        canvas.ellipse(palette.TONGUE, (x, y + 0.025), (0.05, 0.022))
    elif mood is Mood.HOPING:
        canvas.line(palette.INK, arc((x, y - 0.035), (0.06, 0.04), 0.06, 0.44, 8), 0.026)
    else:
        if mood is Mood.DISGUSTED:
            canvas.ellipse(palette.TONGUE, (x + 0.02, y + 0.045), (0.042, 0.055), palette.MOUTH)
        canvas.line(palette.INK, arc((x, y + 0.05), (0.085, 0.055), 0.56, 0.94, 8), 0.028)


class ChildPose(NamedTuple):
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

    def coarse(self) -> "ChildPose":
        """The nearest of the poses that are drawn."""
        left, right = (_rounded(hand, _FINE) for hand in self.hands)
        step, bite = round(self.step * 4) / 4, round(self.bite * 4) / 4
        return ChildPose((left, right), step, self.mood, _rounded(self.look, 4), bite)


def _rounded(point: Point, parts: int) -> Point:
    return round(point[0] * parts) / parts, round(point[1] * parts) / parts


@lru_cache(maxsize=160)
def child(tile: int, pose: ChildPose) -> Sprite:
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
