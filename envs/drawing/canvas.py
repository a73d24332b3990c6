"""Anti-aliased shapes in units of one tile: drawn large, then scaled down."""

from collections.abc import Sequence
from itertools import pairwise

import pygame

Colour = tuple[int, int, int]
Point = tuple[float, float]

OVERSAMPLING = 4


class Canvas:
    """A transparent sheet, `width` by `height` tiles, of `tile` pixels each."""

    def __init__(self, tile: int, width: float = 1.0, height: float = 1.0) -> None:
        self._size = round(tile * width), round(tile * height)
        self._unit = tile * OVERSAMPLING
        size = self._size[0] * OVERSAMPLING, self._size[1] * OVERSAMPLING
        self._surface = pygame.Surface(size, pygame.SRCALPHA)

    def _pixels(self, *lengths: float) -> tuple[int, ...]:
        return tuple(round(length * self._unit) for length in lengths)

    def circle(self, colour: Colour, center: Point, radius: float) -> None:
        """A filled circle."""
        pygame.draw.circle(self._surface, colour, self._pixels(*center), radius * self._unit)

    def ellipse(self, colour: Colour, center: Point, radii: Point) -> None:
        """A filled ellipse."""
        (x, y), (rx, ry) = center, radii
        pygame.draw.ellipse(self._surface, colour, self._pixels(x - rx, y - ry, 2 * rx, 2 * ry))

    def box(
        self, colour: Colour, x: float, y: float, width: float, height: float, radius: float = 0.0
    ) -> None:
        """A filled rectangle with round corners."""
        rect = self._pixels(x, y, width, height)
        pygame.draw.rect(self._surface, colour, rect, border_radius=round(radius * self._unit))

    def line(self, colour: Colour, points: Sequence[Point], width: float) -> None:
        """A stroke with round ends and joints."""
        for start, end in pairwise(points):
            pixels = self._pixels(*start), self._pixels(*end)
            pygame.draw.line(self._surface, colour, *pixels, width=max(1, round(width * self._unit)))
        for point in points:
            self.circle(colour, point, width / 2)

    def polygon(self, colour: Colour, points: Sequence[Point]) -> None:
        """A filled polygon."""
        pygame.draw.polygon(self._surface, colour, [self._pixels(*point) for point in points])

    def sprite(self) -> pygame.Surface:
        """The finished picture with premultiplied alpha; blit it with `BLEND_PREMULTIPLIED`."""
        return pygame.transform.smoothscale(self._surface.premul_alpha(), self._size)
