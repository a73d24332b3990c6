"""Points and paths: the little mathematics of movement."""

from math import hypot

from .canvas import Point


def add(a: Point, b: Point) -> Point:
    """The sum of two points."""
    return a[0] + b[0], a[1] + b[1]


def mix(a: Point, b: Point, share: float) -> Point:
    """The point between a (share 0) and b (share 1)."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def direction(start: Point, end: Point) -> Point | None:
    """The direction from one point to another, of length 1; None when they are the same."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = hypot(x, y)
    return (x / length, y / length) if length > 1e-6 else None


def ramp(t: float, start: float, end: float) -> float:
    """0 up to `start`, 1 from `end` on, straight between."""
    return min(1.0, max(0.0, (t - start) / (end - start)))


def ease(t: float) -> float:
    """The same way from 0 to 1, with a soft start and a soft stop."""
    return t * t * (3 - 2 * t)
