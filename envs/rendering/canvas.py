"""The pen that draws with pygame: anti-aliased shapes, drawn large, then scaled down."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

import pygame

from . import lettering
from .geometry import Box, Colour, Point
from .geometry import arc as arc  # for the widgets of the viewer
from .palette import RGB
from .pygame_ce import check_pygame

if TYPE_CHECKING:
    from .drawing import Drawing

OVERSAMPLING = 4
LARGE = 120  # pixels of a tile from which three times is enough
EDGE = 0.02  # tiles: the width of outlines
SHADE = 60, 36, 20  # the colour of shadows
SHADES = 12  # ellipses of a soft shadow


class Sprite(NamedTuple):
    """A picture with premultiplied alpha, and the pixel of it that stands on the ground."""

    surface: pygame.Surface
    anchor: tuple[int, int]

    def stand(self, picture: pygame.Surface, x: float, y: float) -> pygame.Rect:
        """Blit the sprite with its anchor at a pixel; return the area that changed."""
        corner = round(x) - self.anchor[0], round(y) - self.anchor[1]
        return picture.blit(self.surface, corner, special_flags=pygame.BLEND_PREMULTIPLIED)

    def trimmed(self) -> "Sprite":
        """Return the sprite without its empty borders."""
        bounds = self.surface.get_bounding_rect()
        anchor = self.anchor[0] - bounds.left, self.anchor[1] - bounds.top
        return Sprite(self.surface.subsurface(bounds).copy(), anchor)

    def scaled(self, size: float) -> "Sprite":
        """Return the sprite `size` times as large."""
        surface = pygame.transform.smoothscale_by(self.surface, size)
        return Sprite(surface, (round(self.anchor[0] * size), round(self.anchor[1] * size)))


class Canvas:
    """A transparent sheet to draw on, with the methods of a `Pen`.

    Lengths are in tiles, and y points down. The argument `edge` is the colour of an outline around a shape,
    `EDGE` wide.

    Args:
        tile: Pixels of a tile, the unit of all lengths.
        box: The part of the plane that the sheet covers.
    """

    def __init__(self, tile: float, box: Box = (0.0, 0.0, 1.0, 1.0)) -> None:
        check_pygame()
        left, top, right, bottom = box
        self._tile = tile
        self._anchor = ceil(-left * tile - 1e-6), ceil(-top * tile - 1e-6)
        self._size = (
            max(1, self._anchor[0] + ceil(right * tile - 1e-6)),
            max(1, self._anchor[1] + ceil(bottom * tile - 1e-6)),
        )
        self._times = OVERSAMPLING if tile < LARGE else OVERSAMPLING - 1
        self._unit = tile * self._times
        self._origin = self._anchor[0] * self._times, self._anchor[1] * self._times
        self._shapes: pygame.Surface | None = None  # large, not yet on the sheet
        self._sheet = pygame.Surface(self._size, pygame.SRCALPHA)  # with premultiplied alpha

    @property
    def _surface(self) -> pygame.Surface:
        """The large surface for shapes, made when the first shape is drawn."""
        if self._shapes is None:
            width, height = self._size
            self._shapes = pygame.Surface((width * self._times, height * self._times), pygame.SRCALPHA)
        return self._shapes

    def _length(self, length: float) -> int:
        return round(length * self._unit)

    def _point(self, point: Point) -> tuple[int, int]:
        return self._origin[0] + self._length(point[0]), self._origin[1] + self._length(point[1])

    def circle(self, colour: Colour, center: Point, radius: float, edge: Colour | None = None) -> None:
        """Draw a filled circle."""
        if edge is not None:
            self.circle(edge, center, radius + EDGE)
        pygame.draw.circle(self._surface, colour, self._point(center), radius * self._unit)

    def ellipse(self, colour: Colour, center: Point, radii: Point, edge: Colour | None = None) -> None:
        """Draw a filled ellipse."""
        (x, y), (rx, ry) = center, radii
        if edge is not None:
            self.ellipse(edge, center, (rx + EDGE, ry + EDGE))
        size = self._length(2 * rx), self._length(2 * ry)
        pygame.draw.ellipse(self._surface, colour, (self._point((x - rx, y - ry)), size))

    def box(self, colour: Colour, box: Box, radius: float = 0.0, edge: Colour | None = None) -> None:
        """Draw a filled rectangle (left, top, right, bottom) with round corners."""
        left, top, right, bottom = box
        if edge is not None:
            self.box(edge, (left - EDGE, top - EDGE, right + EDGE, bottom + EDGE), radius + EDGE)
        size = self._length(right - left), self._length(bottom - top)
        rect = self._point((left, top)), size
        pygame.draw.rect(self._surface, colour, rect, border_radius=self._length(radius))

    def line(self, colour: Colour, points: Sequence[Point], width: float, edge: Colour | None = None) -> None:
        """Draw a stroke with round ends and joints."""
        if edge is not None:
            self.line(edge, points, width + 2 * EDGE)
        for start, end in pairwise(points):
            pixels = self._point(start), self._point(end)
            pygame.draw.line(self._surface, colour, *pixels, width=max(1, self._length(width)))
        for point in points:
            self.circle(colour, point, width / 2)

    def polygon(self, colour: Colour, points: Sequence[Point], edge: Colour | None = None) -> None:
        """Draw a filled polygon."""
        if edge is not None:
            self.line(edge, [*points, points[0]], 2 * EDGE)
        pygame.draw.polygon(self._surface, colour, [self._point(point) for point in points])

    def shade(self, center: Point, radius: float, strength: int) -> None:
        """Draw a soft shadow on the ground, `radius` to each side; its middle has the alpha `strength`."""
        for (rx, ry), alpha in shades(radius, strength):
            self.ellipse((*SHADE, alpha), center, (rx, ry))

    def stamp(
        self, drawing: "Drawing", *args: Any, at: Point, size: float = 1.0, turn: float | None = None
    ) -> None:
        """Draw another drawing `size` times as large, turned counterclockwise by `turn` degrees."""
        sprite = drawing.sprite(max(1, round(self._tile * size)), *args, turn=turn)
        sprite.stand(self.surface(), *self._pixel(at))

    def write(self, text: str, height: float, colour: RGB, at: Point) -> None:
        """Write a line of text around a point."""
        line = lettering.line(text, round(height * self._tile), colour).premul_alpha()
        x, y = self._pixel(at)
        place = line.get_rect(center=(round(x), round(y)))
        self.surface().blit(line, place, special_flags=pygame.BLEND_PREMULTIPLIED)

    def _pixel(self, point: Point) -> Point:
        """Return the pixel of the sheet at a point."""
        return self._anchor[0] + point[0] * self._tile, self._anchor[1] + point[1] * self._tile

    def surface(self) -> pygame.Surface:
        """Return the picture so far, with premultiplied alpha; blit it with `BLEND_PREMULTIPLIED`."""
        if self._shapes is not None:
            shapes = pygame.transform.smoothscale(self._shapes.premul_alpha(), self._size)
            self._sheet.blit(shapes, (0, 0), special_flags=pygame.BLEND_PREMULTIPLIED)
            self._shapes = None
        return self._sheet

    def sprite(self) -> Sprite:
        """Return the picture without its empty borders; the point (0, 0) is its anchor."""
        return self.sheet().trimmed()

    def sheet(self) -> Sprite:
        """Return the picture with its empty borders."""
        return Sprite(self.surface(), self._anchor)

    def turned(self, degrees: float) -> Sprite:
        """Return the picture turned counterclockwise around its middle, which becomes the anchor."""
        surface = pygame.transform.rotozoom(self.surface(), degrees, 1.0)
        return Sprite(surface, (surface.get_width() // 2, surface.get_height() // 2)).trimmed()


def round_box(picture: pygame.Surface, colour: Colour, rect: pygame.Rect, radius: int) -> None:
    """Draw a filled rectangle with smooth round corners on an opaque picture."""
    radius = min(radius, (min(rect.size) - 1) // 2)
    if radius < 2:
        picture.fill(colour, rect)
        return
    picture.fill(colour, rect.inflate(-2 * radius, 0))
    picture.fill(colour, rect.inflate(0, -2 * radius))
    corners = rect.inflate(-2 * radius - 1, -2 * radius - 1)
    for x, y in (corners.topleft, corners.topright, corners.bottomleft, corners.bottomright):
        pygame.draw.aacircle(picture, colour, (x, y), radius)


def shades(radius: float, strength: int) -> list[tuple[Point, int]]:
    """Return the ellipses of a soft shadow, largest first: their radii and the alpha inside of each."""
    sizes = [radius * (1 - 0.55 * step / SHADES) for step in range(SHADES)]
    return [((x, x * 0.42), round(strength * step / SHADES)) for step, x in enumerate(sizes, 1)]
