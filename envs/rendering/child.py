"""The child's head: what it feels, and where it looks."""

from enum import Enum

from . import palette
from .canvas import Canvas, Point, arc

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
