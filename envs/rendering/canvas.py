"""Anti-aliased shapes in units of one tile: drawn large, then scaled down."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import ceil, cos, pi, sin
from typing import NamedTuple

import pygame

Colour = tuple[int, int, int] | tuple[int, int, int, int]
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

OVERSAMPLING = 4
LARGE = 120  # pixels of a tile from which on three times is enough
EDGE = 0.02  # tiles: the width of outlines


class Sprite(NamedTuple):
    """A picture with premultiplied alpha, and the pixel of it that stands on the ground."""

    surface: pygame.Surface
    anchor: tuple[int, int]

    def stand(self, picture: pygame.Surface, x: float, y: float) -> pygame.Rect:
        """Put it into a picture, its anchor at that pixel."""
        corner = round(x) - self.anchor[0], round(y) - self.anchor[1]
        return picture.blit(self.surface, corner, special_flags=pygame.BLEND_PREMULTIPLIED)


class Canvas:
    """A transparent sheet with tiles of `tile` pixels, from `box` left, top to right, bottom (in tiles)."""

    def __init__(self, tile: float, box: Box = (0.0, 0.0, 1.0, 1.0)) -> None:
        left, top, right, bottom = box
        self._anchor = ceil(-left * tile - 1e-6), ceil(-top * tile - 1e-6)
        self._size = (
            max(1, self._anchor[0] + ceil(right * tile - 1e-6)),
            max(1, self._anchor[1] + ceil(bottom * tile - 1e-6)),
        )
        times = OVERSAMPLING if tile < LARGE else OVERSAMPLING - 1
        self._unit = tile * times
        self._origin = self._anchor[0] * times, self._anchor[1] * times
        self._surface = pygame.Surface((self._size[0] * times, self._size[1] * times), pygame.SRCALPHA)

    def _length(self, length: float) -> int:
        return round(length * self._unit)

    def _point(self, point: Point) -> tuple[int, int]:
        return (
            self._origin[0] + round(point[0] * self._unit),
            self._origin[1] + round(point[1] * self._unit),
        )

    def circle(self, colour: Colour, center: Point, radius: float, edge: Colour | None = None) -> None:
        """A filled circle."""
        if edge is not None:
            self.circle(edge, center, radius + EDGE)
        pygame.draw.circle(self._surface, colour, self._point(center), radius * self._unit)

    def ellipse(self, colour: Colour, center: Point, radii: Point, edge: Colour | None = None) -> None:
        """A filled ellipse."""
        (x, y), (rx, ry) = center, radii
        if edge is not None:
            self.ellipse(edge, center, (rx + EDGE, ry + EDGE))
        size = self._length(2 * rx), self._length(2 * ry)
        pygame.draw.ellipse(self._surface, colour, (self._point((x - rx, y - ry)), size))

    def box(self, colour: Colour, box: Box, radius: float = 0.0, edge: Colour | None = None) -> None:
        """A filled rectangle (left, top, right, bottom) with round corners."""
        left, top, right, bottom = box
        if edge is not None:
            self.box(edge, (left - EDGE, top - EDGE, right + EDGE, bottom + EDGE), radius + EDGE)
        size = self._length(right - left), self._length(bottom - top)
        rect = self._point((left, top)), size
        pygame.draw.rect(self._surface, colour, rect, border_radius=self._length(radius))

    def line(self, colour: Colour, points: Sequence[Point], width: float, edge: Colour | None = None) -> None:
        """A stroke with round ends and joints."""
        if edge is not None:
            self.line(edge, points, width + 2 * EDGE)
        for start, end in pairwise(points):
            pixels = self._point(start), self._point(end)
            pygame.draw.line(self._surface, colour, *pixels, width=max(1, self._length(width)))
        for point in points:
            self.circle(colour, point, width / 2)

    def polygon(self, colour: Colour, points: Sequence[Point], edge: Colour | None = None) -> None:
        """A filled polygon."""
        if edge is not None:
            self.line(edge, [*points, points[0]], 2 * EDGE)
        pygame.draw.polygon(self._surface, colour, [self._point(point) for point in points])

    def surface(self) -> pygame.Surface:
        """The finished picture with premultiplied alpha; blit it with `BLEND_PREMULTIPLIED`."""
        return pygame.transform.smoothscale(self._surface.premul_alpha(), self._size)

    def sprite(self) -> Sprite:
        """The finished picture without its empty borders; the point (0, 0) is its anchor."""
        return trimmed(self.sheet())

    def sheet(self) -> Sprite:
        """The same with its empty borders: to draw more on it."""
        return Sprite(self.surface(), self._anchor)


def trimmed(sprite: Sprite) -> Sprite:
    """The sprite without its empty borders."""
    bounds = sprite.surface.get_bounding_rect()
    anchor = sprite.anchor[0] - bounds.left, sprite.anchor[1] - bounds.top
    return Sprite(sprite.surface.subsurface(bounds).copy(), anchor)


def round_box(picture: pygame.Surface, colour: Colour, rect: pygame.Rect, radius: int) -> None:
    """A filled rectangle with smooth round corners, drawn on an opaque picture."""
    radius = min(radius, (min(rect.size) - 1) // 2)
    if radius < 2:
        picture.fill(colour, rect)
        return
    picture.fill(colour, rect.inflate(-2 * radius, 0))
    picture.fill(colour, rect.inflate(0, -2 * radius))
    corners = rect.inflate(-2 * radius - 1, -2 * radius - 1)
    for x, y in (corners.topleft, corners.topright, corners.bottomleft, corners.bottomright):
        pygame.draw.aacircle(picture, colour, (x, y), radius)


def arc(center: Point, radii: Point, start: float, end: float, steps: int = 12) -> list[Point]:
    """Points on an ellipse between two angles in turns, 0 at the right, clockwise."""
    angles = [2 * pi * (start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(center[0] + radii[0] * cos(a), center[1] + radii[1] * sin(a)) for a in angles]


@lru_cache(maxsize=64)
def shadow(tile: int, radius: float, strength: int = 70) -> Sprite:
    """A soft round shadow on the ground, `radius` tiles wide to each side."""
    canvas, steps = Canvas(tile, (-radius, -radius / 2, radius, radius / 2)), 12
    for step in range(steps):
        size = radius * (1 - 0.55 * step / steps)
        alpha = round(strength * (step + 1) / steps)
        canvas.ellipse((60, 36, 20, alpha), (0.0, 0.0), (size, size * 0.42))
    return canvas.sprite()


def add(a: Point, b: Point) -> Point:
    """The sum of two points."""
    return a[0] + b[0], a[1] + b[1]
