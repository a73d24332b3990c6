"""What a picture is put together from, in pixels: drawings, text and plain areas."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import pygame

from . import lettering
from .canvas import round_box
from .geometry import Colour, Point
from .palette import RGB

if TYPE_CHECKING:
    from .drawing import Drawing

LIGHT = 6, 6, 3  # added to the floor by sunlight


def trail_alpha(index: int, count: int) -> int:
    """Return the alpha of a trail at point number `index`, 0 to 255."""
    return round(40 + 160 * (index + 1) / count)


class Picture(Protocol):
    """The methods that room, scene and caption may use; lengths are in pixels, y points down.

    `SurfacePicture` draws with pygame and `svg.SvgPicture` writes SVG.
    """

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""

    def clip(self, area: pygame.Rect | None) -> None:
        """Draw plain areas in this part of the picture alone, until the next call."""

    def fill(self, colour: RGB, area: pygame.Rect) -> None:
        """Fill an area."""

    def round_box(self, colour: RGB, area: pygame.Rect, radius: int) -> None:
        """Fill an area with round corners."""

    def darken(self, area: pygame.Rect, by: int) -> None:
        """Draw a shadow over an area."""

    def lighten(self, points: Sequence[Point]) -> None:
        """Draw sunlight on a polygon."""

    def ring(self, colour: RGB, center: Point, radius: float, width: int) -> None:
        """Draw a circle that is not filled; `radius` is the outer one."""

    def trail(self, colour: RGB, points: Sequence[Point], width: int) -> None:
        """Draw a soft line through points, fading towards the first."""

    def stamp(
        self,
        drawing: "Drawing",
        *args: Any,
        at: Point,
        tile: int,
        turn: float | None = None,
        grown: float = 1.0,
    ) -> None:
        """Draw a drawing with tiles of `tile` pixels, its (0, 0) at a point; see `Pen.stamp`."""

    def write(
        self,
        text: str,
        height: int,
        colour: RGB,
        *,
        left: float | None = None,
        right: float | None = None,
        center: float | None = None,
        middle: float = 0,
    ) -> None:
        """Write a line of text; see `lettering.write`."""


class SurfacePicture:
    """A `Picture` on a pygame surface.

    Attributes:
        surface: The surface that is drawn on.
        changed: The areas of drawings, text and rings so far.
    """

    def __init__(self, surface: pygame.Surface) -> None:
        self.surface = surface
        self.changed: list[pygame.Rect] = []

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.surface.get_size()

    def clip(self, area: pygame.Rect | None) -> None:
        """Draw in this part of the picture alone, until the next call."""
        self.surface.set_clip(area)

    def fill(self, colour: RGB, area: pygame.Rect) -> None:
        """Fill an area."""
        self.surface.fill(colour, area)

    def round_box(self, colour: RGB, area: pygame.Rect, radius: int) -> None:
        """Fill an area with round corners."""
        round_box(self.surface, colour, area, radius)

    def darken(self, area: pygame.Rect, by: int) -> None:
        """Draw a shadow over an area."""
        shade = by // 2, by * 3 // 5, by * 4 // 5
        self.surface.fill(shade, area, special_flags=pygame.BLEND_RGB_SUB)

    def lighten(self, points: Sequence[Point]) -> None:
        """Draw sunlight on a polygon."""
        patch = pygame.Surface(self.size, depth=32)
        pygame.draw.polygon(patch, LIGHT, list(points))
        self.surface.blit(patch, (0, 0), special_flags=pygame.BLEND_RGB_ADD)

    def ring(self, colour: Colour, center: Point, radius: float, width: int) -> None:
        """Draw a circle that is not filled; `radius` is the outer one."""
        self.changed.append(pygame.draw.aacircle(self.surface, colour, center, radius, width))

    def trail(self, colour: RGB, points: Sequence[Point], width: int) -> None:
        """Draw a soft line through points, fading towards the first."""
        sheet = pygame.Surface(self.size, pygame.SRCALPHA)
        for index, here in enumerate(points):
            faded = (*colour, trail_alpha(index, len(points)))
            if index:
                pygame.draw.line(sheet, faded, points[index - 1], here, width)
            pygame.draw.circle(sheet, faded, here, width * 0.9)
        self.surface.blit(sheet, (0, 0))

    def stamp(
        self,
        drawing: "Drawing",
        *args: Any,
        at: Point,
        tile: int,
        turn: float | None = None,
        grown: float = 1.0,
    ) -> None:
        """Draw a drawing with tiles of `tile` pixels, its (0, 0) at a point."""
        sprite = drawing.sprite(tile, *args, turn=turn)
        if grown != 1.0:
            sprite = sprite.scaled(grown)
        self.changed.append(sprite.stand(self.surface, *at))

    def write(
        self,
        text: str,
        height: int,
        colour: RGB,
        *,
        left: float | None = None,
        right: float | None = None,
        center: float | None = None,
        middle: float = 0,
    ) -> None:
        """Write a line of text; see `lettering.write`."""
        place = {"left": left, "right": right, "center": center}
        self.changed.append(lettering.write(self.surface, text, height, colour, **place, middle=middle))
