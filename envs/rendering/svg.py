"""Pictures of the kitchen as SVG documents, drawn by the code of the pygame pictures."""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

import pygame

from ..kitchen import Kitchen
from .animation import pose_at
from .drawing import Drawing
from .frame import Frame
from .geometry import Box, Colour, Point
from .layout import kitchen_layout
from .overlay import Overlay, draw_overlay
from .palette import RGB
from .picture import trail_alpha
from .room import draw_room
from .scene import SIZE, draw_changes, draw_ground, split
from .svg_pen import SvgPen, fill_of, number_of, text_of

FONT = "FreeSans, Arial, Helvetica, sans-serif"
DARK = 118, 81, 2  # blended over an area, it comes close to what `SurfacePicture` subtracts
LIGHT = 255, 247, 211, 90  # blended over the floor, it comes close to what `SurfacePicture` adds


def scene_svg(
    kitchen: Kitchen,
    frame: Frame,
    progress: float = 1.0,
    *,
    size: tuple[int, int] = SIZE,
    caption: bool = True,
    overlay: Overlay | None = None,
) -> str:
    """Return the picture of a frame as a standalone SVG document without external references.

    Args:
        kitchen: the map.
        frame: the state, and the act that led to it.
        progress: how far the act has gone, from 0 to 1; see `Scene.draw`.
        size: width and height of the view box.
        caption: whether there are words below the kitchen.
        overlay: values and actions of each cell, drawn on the floor.
    """
    pygame.font.init()  # text is measured
    pose = pose_at(kitchen, frame, progress)
    area, words = split(size, caption)
    layout = kitchen_layout(kitchen, area)
    picture = SvgPicture(size)
    draw_room(picture, kitchen, layout)
    if overlay is not None:
        draw_overlay(picture, kitchen, layout, overlay)
    draw_ground(picture, layout, words, pose)
    draw_changes(picture, layout, words, pose)
    return picture.document(frame.sentence)


def drawing_svg(drawing: Drawing, *args: Any, box: Box, tile: int = 100, turn: float | None = None) -> str:
    """Return one drawing as a standalone SVG document.

    Args:
        drawing: for example `child` or `jar`.
        args: the arguments of the drawing function after the pen.
        box: the part of the plane that is shown, in tiles.
        tile: units of the view box in a tile.
        turn: degrees counterclockwise.
    """
    pen = SvgPen(tile)
    pen.stamp(drawing, *args, at=(0.0, 0.0), turn=turn)
    left, top, right, bottom = (length * tile for length in box)
    return _document((left, top, right - left, bottom - top), "".join(pen.parts))


class SvgPicture:
    """A `Picture` that writes SVG."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._parts: list[tuple[bool, str]] = []  # whether it is a plain area, the element
        self._clip: pygame.Rect | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self._size

    def clip(self, area: pygame.Rect | None) -> None:
        """Draw plain areas in this part of the picture alone, until the next call."""
        self._clip = area

    def fill(self, colour: Colour, area: pygame.Rect) -> None:
        """An area of one colour."""
        area = area if self._clip is None else area.clip(self._clip)
        if area.width and area.height:
            self._parts.append((True, _rect(area, colour)))

    def round_box(self, colour: RGB, area: pygame.Rect, radius: int) -> None:
        """An area of one colour with round corners."""
        radius = min(radius, (min(area.size) - 1) // 2)
        self._parts.append((radius < 2, _rect(area, colour, radius if radius >= 2 else 0)))

    def darken(self, area: pygame.Rect, by: int) -> None:
        """A shadow over an area."""
        self.fill((*DARK, by), area)

    def lighten(self, points: Sequence[Point]) -> None:
        """Sunlight on a polygon."""
        pen = SvgPen(1.0)
        pen.polygon(LIGHT, points)
        self._parts.append((False, pen.parts[0]))

    def ring(self, colour: RGB, center: Point, radius: float, width: int) -> None:
        """A circle that is not filled; `radius` is the outer one."""
        x, y = center
        shape = (
            f'circle cx="{number_of(x)}" cy="{number_of(y)}" r="{number_of(radius - width / 2)}" fill="none"'
        )
        self._parts.append((False, f'<{shape}{fill_of(colour, "stroke")} stroke-width="{width}"/>'))

    def trail(self, colour: RGB, points: Sequence[Point], width: int) -> None:
        """A soft line through points, fading towards the first."""
        pen = SvgPen(1.0)
        for index in range(1, len(points)):
            pen.line((*colour, trail_alpha(index, len(points))), points[index - 1 : index + 1], width)
        self._parts.append((False, "".join(pen.parts)))

    def stamp(
        self,
        drawing: Drawing,
        *args: Any,
        at: Point,
        tile: int,
        turn: float | None = None,
        grown: float = 1.0,
    ) -> None:
        """A drawing with tiles of `tile` units, its (0, 0) at a point."""
        pen = SvgPen(1.0)
        pen.stamp(drawing, *args, at=at, size=tile * grown, turn=turn)
        self._parts.append((False, pen.parts[0]))

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
        """A line of text; see `lettering.write`."""
        places = (("start", left), ("end", right), ("middle", center))
        anchor, x = next((anchor, x) for anchor, x in places if x is not None)
        self._parts.append((False, text_of(text, height, colour, x, middle, anchor)))

    def document(self, title: str) -> str:
        """Return the picture as a document with a title for screen readers."""
        parts = []
        for is_plain, group in groupby(self._parts, key=lambda part: part[0]):
            elements = "".join(element for _, element in group)
            # crisp edges leave no gaps between neighbouring areas at any scale
            parts.append(f'<g shape-rendering="crispEdges">{elements}</g>' if is_plain else elements)
        return _document((0.0, 0.0, *self._size), f"<title>{escape(title)}</title>{''.join(parts)}")


def _rect(area: pygame.Rect, colour: Colour, radius: int = 0) -> str:
    corners = f' rx="{radius}"' if radius else ""
    place = f'x="{area.left}" y="{area.top}" width="{area.width}" height="{area.height}"'
    return f"<rect {place}{corners}{fill_of(colour)}/>"


def _document(view_box: Box, elements: str) -> str:
    """Return a document; `view_box` is left, top, width, height."""
    left, top, width, height = (number_of(length) for length in view_box)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {width} {height}" '
        f'width="{width}" height="{height}" role="img" font-family="{FONT}" font-weight="bold">'
        f"{elements}</svg>"
    )
