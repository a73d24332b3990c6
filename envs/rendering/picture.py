"""Whole pictures, with lengths in pixels: drawings, text and plain areas, with pygame or as SVG."""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

import pygame

from . import lettering
from .canvas import round_box
from .drawing import Drawing
from .geometry import Colour, Point
from .lettering import Align
from .palette import RGB
from .pygame_ce import check_pygame
from .svg import SvgPen, document, fill_of

SUN = 6, 6, 3  # added to the floor by sunlight
SVG_SUN = 255, 247, 211, 90  # blended over the floor, it comes close to that
SVG_DARK = 118, 81, 2  # blended over an area, it comes close to what `SurfacePicture` subtracts

Area = pygame.Rect | tuple[int, int, int, int]  # left, top, width, height, in pixels


class SurfacePicture:
    """A pygame surface to draw on, with the methods of a `Picture`.

    Attributes:
        surface: The surface that is drawn on.
        size: Its width and height.
        changed: The areas of drawings, text and rings so far.
    """

    def __init__(self, surface: pygame.Surface) -> None:
        check_pygame()
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
        pygame.draw.polygon(patch, SUN, list(points))
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
        self, drawing: Drawing, *args: Any, at: Point, size: int, turn: float | None = None, grown: float = 1
    ) -> None:
        """Draw a drawing with tiles of `size` pixels, its (0, 0) at a point, scaled by `grown`."""
        sprite = drawing.sprite(size, *args, turn=turn)
        if grown != 1:
            sprite = sprite.scaled(grown)
        self.changed.append(sprite.stand(self.surface, *at))

    def write(self, text: str, height: int, colour: RGB, at: Point, align: Align = "center") -> None:
        """Write a line of text with its left end, middle or right end at a point."""
        ends: dict[str, float] = {align: at[0]}
        self.changed.append(lettering.write(self.surface, text, height, colour, middle=at[1], **ends))


class SvgPicture(SvgPen):
    """A `Picture` that writes SVG; `SurfacePicture` documents its methods.

    Args:
        size: Width and height of the view box.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__(1.0)
        self.size = size
        self._clip: pygame.Rect | None = None

    def clip(self, area: pygame.Rect | None) -> None:
        """Draw plain areas in this part of the picture alone, until the next call."""
        self._clip = area

    def fill(self, colour: Colour, area: Area) -> None:
        """Fill an area."""
        rect = pygame.Rect(area) if self._clip is None else self._clip.clip(area)
        if rect.width and rect.height:
            self.round_box(colour, rect, 0)

    def round_box(self, colour: Colour, area: pygame.Rect, radius: int) -> None:
        """Fill an area with round corners."""
        radius = min(radius, (min(area.size) - 1) // 2)
        self.box(colour, (area.left, area.top, area.right, area.bottom), radius if radius >= 2 else 0)

    def darken(self, area: Area, by: int) -> None:
        """Draw a shadow over an area."""
        self.fill((*SVG_DARK, by), area)

    def lighten(self, points: Sequence[Point]) -> None:
        """Draw sunlight on a polygon."""
        self.polygon(SVG_SUN, points)

    def ring(self, colour: Colour, center: Point, radius: float, width: int) -> None:
        """Draw a circle that is not filled."""
        (x, y), middle = self._point(center), self._length(radius - width / 2)
        stroke = f'{fill_of(colour, "stroke")} stroke-width="{width}"'
        self.parts.append(f'<circle cx="{x}" cy="{y}" r="{middle}" fill="none"{stroke}/>')

    def trail(self, colour: RGB, points: Sequence[Point], alphas: Sequence[int], width: int) -> None:
        """Draw a line through points, each with an alpha of its own."""
        for index in range(1, len(points)):
            self.line((*colour, alphas[index]), points[index - 1 : index + 1], width)

    def document(self, title: str) -> str:
        """Return the picture as a document with a title for screen readers."""
        return document(self.size, f"<title>{escape(title)}</title>{self.elements()}")

    def elements(self) -> str:
        """Return the elements of the picture."""
        parts = []
        for is_plain, group in groupby(self.parts, key=_is_plain):
            elements = "".join(group)
            # crisp edges leave no gaps between neighbouring areas at any scale
            parts.append(f'<g shape-rendering="crispEdges">{elements}</g>' if is_plain else elements)
        return "".join(parts)


def _is_plain(element: str) -> bool:
    """Return whether an element is a rectangle without round corners."""
    return element.startswith("<rect") and " rx=" not in element


# The methods that rooms, scenes and captions may use; `SurfacePicture` documents them.
Picture = SurfacePicture | SvgPicture
