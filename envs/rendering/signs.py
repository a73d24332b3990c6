"""Signs of an event: speech bubbles, a star, sparkles, hearts and so on."""

from math import cos, pi, sin

from . import lettering, palette
from .drawing import Pen, drawing
from .geometry import Box, Point
from .layout import Layout
from .picture import Picture
from .pose import Mark, Pose

LEAST_LETTERS = 14  # pixels, in a tile that has room for them
ABOVE = 1.55  # letter heights that a bubble rises above the end of its tail


def draw_signs(picture: Picture, layout: Layout, pose: Pose) -> None:
    """Draw the mark and the bubble of a pose, as far as they have grown."""
    if pose.mark is not None:
        kind, at = pose.mark
        sixths = max(1, round(pose.grown * 6))
        picture.stamp(mark, kind, sixths, at=layout.pixel(at), size=layout.tile)
    if pose.bubble is not None:
        words, (x, y) = pose.bubble.words, layout.pixel(pose.bubble.at)
        tile, width = layout.tile, picture.size[0]
        height = max(round(tile * 0.2), min(LEAST_LETTERS, round(tile * 0.31)), lettering.SMALLEST)
        middle = layout.pixel((pose.bubble.column, 0.0))[0]
        side = 1 if middle + tile * 0.4 + lettering.width(words, height) + height < width else -1
        at = x + side * tile * 0.33, max(y - tile * 0.1, round(ABOVE * height) + 2)
        size = 1.0 if pose.grown == 1.0 else 0.4 + 0.6 * pose.grown  # sprites of size 1 are not scaled
        picture.stamp(bubble, words, height, side, at=at, size=height, grown=size)


def _bubble_ends(words: str, height: int, side: int) -> tuple[float, float]:
    """Return the left and the right end of a bubble in letter heights; its tail ends at 0."""
    near = 0.35
    far = near + max(1.3, lettering.width(words, height) / height + 0.9)
    return (near, far) if side > 0 else (-far, -near)


def _bubble_box(words: str, height: int, side: int) -> Box:
    left, end = _bubble_ends(words, height, side)
    return left - 0.5, -1.6, end + 0.5, 0.5


@drawing(_bubble_box)
def bubble(pen: Pen, words: str, height: int, side: int) -> None:
    """Draw a speech bubble whose tail ends at (0, 0); a tile is as long as the letters are tall.

    The letters are `height` pixels tall. The bubble is at the right of the tail if `side` is 1, or at the
    left if `side` is -1.
    """
    left, end = _bubble_ends(words, height, side)
    near = 0.35
    tail = [(side * (near + 0.2), -0.75), (0.0, 0.1), (side * (near + 0.75), -0.3)]
    for grow, colour in ((0.1, palette.INK), (0.0, palette.WHITE)):
        pen.line(colour, [*tail, tail[0]], 0.06 + 2 * grow)
        pen.polygon(colour, tail)
        pen.box(colour, (left - grow, -1.45 - grow, end + grow, -0.1 + grow), 0.6)
    pen.polygon(palette.WHITE, tail)
    pen.write(words, 1.0, palette.INK, ((left + end) / 2, -0.78))


@drawing((-0.75, -0.75, 0.75, 0.75))
def mark(pen: Pen, kind: Mark, sixths: int) -> None:
    """Draw a mark around (0, 0); it grows in six steps."""
    _MARKS[kind](pen, sixths / 6)


def _star(pen: Pen, grown: float) -> None:
    """Draw a star where it hurts."""
    size = 0.25 * grown
    points = [
        (r * cos(pi * k / 7), r * sin(pi * k / 7))
        for k, r in ((k, size if k % 2 == 0 else size * 0.52) for k in range(14))
    ]
    pen.polygon(palette.STAR, points, palette.UNHAPPY)
    pen.circle(palette.WHITE, (0.0, 0.0), size * 0.3)


def _strain(pen: Pen, grown: float) -> None:
    """Draw dashes above hands that reach for something too high."""
    for x, tall in ((-0.34, 0.1), (0.0, 0.16), (0.34, 0.1)):
        ends = [(x, 0.02), (x, -tall * grown)]
        pen.line(palette.WHITE, ends, 0.075)
        pen.line(palette.UNHAPPY, ends, 0.04)


def _sparkles(pen: Pen, grown: float) -> None:
    """Draw light around the open jar."""
    for x, y, size in ((-0.5, -0.26, 0.13), (-0.2, -0.4, 0.09), (0.3, -0.3, 0.08), (-0.62, 0.08, 0.08)):
        r = size * grown
        star = [(0, -r), (r / 4, -r / 4), (r, 0), (r / 4, r / 4), (0, r), (-r / 4, r / 4), (-r, 0)]
        star.append((-r / 4, -r / 4))
        pen.polygon(palette.STAR, [(x + u, y + v) for u, v in star], palette.CHAIR_EDGE)


def _hearts(pen: Pen, grown: float) -> None:
    """Draw hearts beside a head."""
    for x, y, size in ((-0.44, 0.06, 0.1), (-0.37, -0.2, 0.07), (-0.54, -0.1, 0.05)):
        for edge, colour in ((0.02, palette.LID_EDGE), (0.0, palette.LID)):
            _heart(pen, colour, (x, y), size * grown, edge)


def _heart(pen: Pen, colour: palette.RGB, middle: Point, size: float, edge: float) -> None:
    x, y = middle
    for side in (-1, 1):
        pen.circle(colour, (x + side * size * 0.55, y), size * 0.62 + edge)
    wide = size * 1.12 + edge
    tip = y + size * 1.4 + edge * 1.4
    pen.polygon(colour, [(x - wide, y + size * 0.2), (x, tip), (x + wide, y + size * 0.2)])


def _swirl(pen: Pen, grown: float) -> None:
    """Draw a scribble over a disgusted head."""
    points = [
        (-0.42 + 0.15 * r * cos(a), -0.12 + 0.13 * r * sin(a))
        for a, r in ((0.6 * k, 0.12 + k / 22) for k in range(round(4 + 16 * grown)))
    ]
    pen.line(palette.WHITE, points, 0.085)
    pen.line(palette.INK, points, 0.045)


def _puffs(pen: Pen, grown: float) -> None:
    """Draw dust where something landed."""
    for side in (-1, 1):
        for x, y, size in ((0.42, -0.04, 0.055), (0.53, -0.1, 0.035)):
            pen.circle(palette.PAPER, (side * x * (0.7 + 0.3 * grown), y), size, palette.WORKTOP_EDGE)


def _lifted(pen: Pen, grown: float) -> None:
    """Draw dashes below something in the air."""
    for x in (-0.18, 0.0, 0.18):
        _dash(pen, (x, 0.15), (x, 0.15 - 0.12 * grown))


def _risen(pen: Pen, grown: float) -> None:
    """Draw dashes at both sides of a climber."""
    for side in (-1, 1):
        for x, low, high in ((0.42, 0.0, 0.3), (0.5, -0.06, 0.12)):
            _dash(pen, (side * x, -low), (side * x, -low - (high - low) * grown))


def _dash(pen: Pen, start: Point, end: Point) -> None:
    pen.line(palette.WHITE, [start, end], 0.07)
    pen.line(palette.MUTED, [start, end], 0.035)


_MARKS = {
    Mark.STAR: _star,
    Mark.STRAIN: _strain,
    Mark.SPARKLES: _sparkles,
    Mark.HEARTS: _hearts,
    Mark.SWIRL: _swirl,
    Mark.PUFFS: _puffs,
    Mark.LIFTED: _lifted,
    Mark.RISEN: _risen,
}
