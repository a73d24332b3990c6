"""Points and lengths in tiles, as plain values; y points down."""

from math import cos, hypot, pi, sin

Colour = tuple[int, int, int] | tuple[int, int, int, int]
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


def add(a: Point, b: Point) -> Point:
    """Return the sum of two points."""
    return a[0] + b[0], a[1] + b[1]


def rotated(point: Point, angle: float) -> Point:
    """Return a point turned around (0, 0) by an angle in radians, clockwise."""
    return point[0] * cos(angle) - point[1] * sin(angle), point[0] * sin(angle) + point[1] * cos(angle)


def interpolate(a: Point, b: Point, share: float) -> Point:
    """Return the point between a (share 0) and b (share 1)."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def direction(start: Point, end: Point) -> Point | None:
    """Return the direction from one point to another, of length 1; None if they coincide."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = hypot(x, y)
    return (x / length, y / length) if length > 1e-6 else None


def arc(center: Point, radii: Point, start: float, end: float, steps: int = 12) -> list[Point]:
    """Return points on an ellipse between two angles in turns, 0 at the right, clockwise."""
    angles = [2 * pi * (start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(center[0] + radii[0] * cos(a), center[1] + radii[1] * sin(a)) for a in angles]


def rounded(box: Box, radius: float, corners: tuple[bool, bool, bool, bool]) -> list[Point]:
    """Return the outline of a rectangle.

    Args:
        box: The left, top, right and bottom of the rectangle.
        radius: The radius of the round corners.
        corners: Whether the corner at the upper left, upper right, lower right and lower left is round.
    """
    left, top, right, bottom = box
    outline: list[Point] = []
    ends = ((left, top), (right, top), (right, bottom), (left, bottom))
    inwards = ((1, 1), (-1, 1), (-1, -1), (1, -1))
    for number, ((x, y), (inx, iny), is_round) in enumerate(zip(ends, inwards, corners, strict=True)):
        middle = x + inx * radius, y + iny * radius
        start = 0.5 + number / 4
        outline += arc(middle, (radius, radius), start, start + 0.25, 6) if is_round else [(x, y)]
    return outline


def ramp(t: float, start: float, end: float) -> float:
    """Return 0 up to `start`, 1 from `end` on, and the straight line between."""
    return min(1.0, max(0.0, (t - start) / (end - start)))


def ease(t: float) -> float:
    """Map 0 to 1 onto itself with a soft start and a soft stop (smoothstep)."""
    return t * t * (3 - 2 * t)
