"""The child: its body and its face."""

from math import floor

from . import palette
from .drawing import Pen, drawing
from .geometry import Box, Point, arc
from .pose import HEAD, ChildPose, Mood

SHOULDER = 0.15, -0.4  # of the right arm; the left one mirrors it
TALL = 1.08  # tiles
_FINE = 32  # hands are drawn at multiples of 1/32 tile, so that there are few different poses


def coarse(pose: ChildPose) -> ChildPose:
    """Return the nearest of the poses that are drawn."""
    left, right = (_rounded(hand, _FINE) for hand in pose.hands)
    step, bite = round(pose.step * 4) / 4, round(pose.bite * 4) / 4
    return ChildPose((left, right), step, pose.mood, _rounded(pose.look, 4), bite)


def _rounded(point: Point, parts: int) -> Point:
    return round(point[0] * parts) / parts, round(point[1] * parts) / parts


def _child_box(pose: ChildPose) -> Box:
    """Return a box around the child and its hands."""
    xs, ys = zip(*pose.hands, strict=True)
    left, top = min(-0.42, *(x - 0.12 for x in xs)), min(-TALL, *(y - 0.12 for y in ys))
    right = max(0.42, *(x + 0.12 for x in xs))
    return floor(left * 8) / 8, floor(top * 8) / 8, -floor(-right * 8) / 8, 0.08


@drawing(_child_box, most=160)
def child(pen: Pen, pose: ChildPose) -> None:
    """Draw the child in a (coarse) pose; (0, 0) is the ground between its feet."""
    _draw_legs(pen, pose.step)
    _draw_torso(pen)
    arms = list(zip((-1, 1), pose.hands, strict=True))
    for side, hand in arms:
        if not _is_before_face(hand):
            _draw_arm(pen, side, hand)
    _draw_head(pen, pose.mood, pose.look, pose.bite)
    for side, hand in arms:
        if _is_before_face(hand):
            _draw_arm(pen, side, hand)


def _is_before_face(hand: Point) -> bool:
    """Return whether a hand is in front of the face, as when it puts something into the mouth."""
    return abs(hand[0]) < 0.24 and -0.85 < hand[1] < -0.42


def _draw_legs(pen: Pen, step: float) -> None:
    for side in (-1, 1):
        up = max(0.0, side * step) * 0.09
        x = side * 0.095
        pen.line(palette.TROUSERS, [(x, -0.22), (x, -0.09 - up)], 0.13, palette.TROUSERS_EDGE)
        pen.ellipse(palette.SHOE, (x + side * 0.015, -0.035 - up), (0.085, 0.045), palette.INK)


def _draw_torso(pen: Pen) -> None:
    """Draw a shirt with dungarees over it."""
    pen.box(palette.SHIRT, (-0.19, -0.48, 0.19, -0.15), 0.12, palette.SHIRT_EDGE)
    pen.box(palette.TROUSERS, (-0.18, -0.3, 0.18, -0.13), 0.06, palette.TROUSERS_EDGE)
    pen.box(palette.TROUSERS, (-0.11, -0.4, 0.11, -0.2), 0.03)
    for x in (-0.09, 0.09):
        pen.line(palette.TROUSERS, [(x, -0.46), (x, -0.34)], 0.045)
        pen.circle(palette.STAR, (x, -0.37), 0.02)


def _draw_arm(pen: Pen, side: int, hand: Point) -> None:
    """Draw a hand, and a sleeve that ends a little before it."""
    shoulder = side * SHOULDER[0], SHOULDER[1]
    wrist = tuple(s + (h - s) * 0.85 for s, h in zip(shoulder, hand, strict=True))
    pen.circle(palette.SKIN, hand, 0.062, palette.SKIN_EDGE)
    pen.line(palette.SHIRT, [shoulder, (wrist[0], wrist[1])], 0.095, palette.SHIRT_EDGE)
    pen.circle(palette.SKIN, hand, 0.058)


def _draw_head(pen: Pen, mood: Mood, look: Point, bite: float) -> None:
    """Draw the head; `look` and `bite` are those of a `ChildPose`."""
    x, y = look[0] * 0.045, look[1] * 0.03  # the face turns to where it looks
    pen.ellipse(palette.HAIR, (0.0, HEAD - 0.015), (0.3, 0.285), palette.HAIR_EDGE)
    for side in (-1, 1):
        pen.ellipse(palette.SKIN, (side * 0.275, HEAD + 0.06), (0.05, 0.06), palette.SKIN_EDGE)
    pen.ellipse(palette.SKIN, (x * 0.4, HEAD + 0.035), (0.255, 0.225))
    _draw_fringe(pen, x, y)
    for side in (-1, 1):
        pen.ellipse(palette.CHEEK, (x + side * 0.17, HEAD + 0.115 + y), (0.05, 0.034))
        _draw_eye(pen, (x + side * 0.105, HEAD + 0.03 + y), side, mood, look)
    _draw_mouth(pen, (x, HEAD + 0.14 + y), mood, bite)


def _draw_fringe(pen: Pen, x: float, y: float) -> None:
    """Draw hair over the forehead, and a tuft."""
    pen.line(palette.HAIR, [(0.0, HEAD - 0.27), (0.05, HEAD - 0.325)], 0.06, palette.HAIR_EDGE)
    pen.line(palette.HAIR, [(0.0, HEAD - 0.27), (-0.04, HEAD - 0.31)], 0.05)
    top = arc((0.0, HEAD - 0.015), (0.3, 0.285), 0.46, 1.04, 20)
    waves = [(0.26, -0.01), (0.2, -0.07), (0.1, -0.115), (-0.02, -0.095), (-0.12, -0.055), (-0.22, -0.005)]
    pen.polygon(palette.HAIR, [*top, *((x * 0.6 + u, HEAD + v + y * 0.4) for u, v in waves)])
    pen.line(palette.HAIR_LIT, arc((0.0, HEAD), (0.21, 0.21), 0.62, 0.74, 6), 0.035)


def _draw_eye(pen: Pen, eye: Point, side: int, mood: Mood, look: Point) -> None:
    x, y = eye
    if mood is Mood.DELIGHTED:
        pen.line(palette.INK, arc((x, y + 0.03), (0.055, 0.06), 0.52, 0.98, 8), 0.03)
        return
    if mood is Mood.DISGUSTED:  # squeezed shut
        pen.line(palette.INK, [(x + side * 0.055, y - 0.04), (x - side * 0.04, y)], 0.03)
        pen.line(palette.INK, [(x - side * 0.04, y), (x + side * 0.055, y + 0.04)], 0.03)
        return
    pen.ellipse(palette.WHITE, eye, (0.064, 0.08))
    pupil = x + look[0] * 0.026, y + 0.008 + look[1] * 0.03
    pen.ellipse(palette.INK, pupil, (0.043, 0.052))
    pen.circle(palette.WHITE, (pupil[0] + 0.014, pupil[1] - 0.02), 0.016)
    if mood is Mood.UNHAPPY:
        pen.line(palette.HAIR_EDGE, [(x - side * 0.05, y - 0.135), (x + side * 0.05, y - 0.1)], 0.028)


def _draw_mouth(pen: Pen, mouth: Point, mood: Mood, bite: float) -> None:
    x, y = mouth
    if bite > 0:
        pen.ellipse(palette.MOUTH, (x, y), (0.05 + 0.03 * bite, 0.015 + 0.05 * bite), palette.INK)
    elif mood in (Mood.HAPPY, Mood.DELIGHTED):
        smile = arc((x, y - 0.03), (0.1, 0.085), 0.0, 0.5)
        pen.polygon(palette.MOUTH, smile, palette.INK)
        pen.ellipse(palette.TONGUE, (x, y + 0.025), (0.05, 0.022))
    elif mood is Mood.HOPING:
        pen.line(palette.INK, arc((x, y - 0.035), (0.06, 0.04), 0.06, 0.44, 8), 0.026)
    else:
        if mood is Mood.DISGUSTED:
            pen.ellipse(palette.TONGUE, (x + 0.02, y + 0.045), (0.042, 0.055), palette.MOUTH)
        pen.line(palette.INK, arc((x, y + 0.05), (0.085, 0.055), 0.56, 0.94, 8), 0.028)
