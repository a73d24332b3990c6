"""The pen for whole pictures, in pixels: drawings, text and plain areas on a pygame surface."""

from collections.abc import Sequence
from typing import Any

import pygame

from . import lettering
from .canvas import round_box
from .drawing import Drawing
from .geometry import Colour, Point
from .lettering import Align
from .palette import RGB
from .svg import Area, SvgPicture

LIGHT = 6, 6, 3  # added to the floor by sunlight


class SurfacePicture:
    """A pygame surface to draw on, with the methods of a `Picture`.

    Attributes:
        surface: The surface that is drawn on.
        size: Its width and height.
        changed: The areas of drawings, text and rings so far.
    """

    def __init__(self, surface: pygame.Surface) -> None:
        self.surface, self.size = surface, surface.get_size()
        self.changed: list[pygame.Rect] = []

    def clip(self, area: pygame.Rect | None) -> None:
        """Draw in this part of the picture alone, until the next call."""
        self.surface.set_clip(area)

    def fill(self, colour: RGB, area: Area) -> None:
        """Fill an area."""
        self.surface.fill(colour, area)

    def round_box(self, colour: RGB, area: pygame.Rect, radius: int) -> None:
        """Fill an area with round corners."""
        round_box(self.surface, colour, area, radius)

    def darken(self, area: Area, by: int) -> None:
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

    def trail(self, colour: RGB, points: Sequence[Point], alphas: Sequence[int], width: int) -> None:
        """Draw a line through points; each point, and the line up to it, has an alpha of its own."""
        sheet = pygame.Surface(self.size, pygame.SRCALPHA)
        for index, (here, alpha) in enumerate(zip(points, alphas, strict=True)):
            if index:
                pygame.draw.line(sheet, (*colour, alpha), points[index - 1], here, width)
            pygame.draw.circle(sheet, (*colour, alpha), here, width * 0.9)
        self.surface.blit(sheet, (0, 0))

    def stamp(
        self,
        drawing: Drawing,
        *args: Any,
        at: Point,
        size: int,
        turn: float | None = None,
        grown: float = 1.0,
    ) -> None:
        """Draw a drawing with tiles of `size` pixels, its (0, 0) at a point, scaled by `grown`."""
        sprite = drawing.sprite(size, *args, turn=turn)
        if grown != 1.0:
            sprite = sprite.scaled(grown)
        self.changed.append(sprite.stand(self.surface, *at))

    def write(self, text: str, height: int, colour: RGB, at: Point, align: Align = "center") -> None:
        """Write a line of text with its left end, middle or right end at a point."""
        ends: dict[str, float] = {align: at[0]}
        self.changed.append(lettering.write(self.surface, text, height, colour, middle=at[1], **ends))


# The methods that rooms, scenes and captions may use; `SurfacePicture` documents them.
Picture = SurfacePicture | SvgPicture
