"""Drawings: functions that draw with any pen, and their sprites for pygame, drawn once and kept."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol

from .canvas import Canvas, Sprite
from .geometry import Box, Colour, Point
from .palette import RGB


class Pen(Protocol):
    """The methods that a drawing may use; lengths are in tiles, y points down.

    `Canvas` draws with pygame and `svg.SvgPen` writes SVG. The argument `edge` is the colour of an outline
    around the shape, `EDGE` wide.
    """

    def circle(self, colour: Colour, center: Point, radius: float, edge: Colour | None = None) -> None:
        """Draw a filled circle."""

    def ellipse(self, colour: Colour, center: Point, radii: Point, edge: Colour | None = None) -> None:
        """Draw a filled ellipse."""

    def box(self, colour: Colour, box: Box, radius: float = 0.0, edge: Colour | None = None) -> None:
        """Draw a filled rectangle (left, top, right, bottom) with round corners."""

    def line(self, colour: Colour, points: Sequence[Point], width: float, edge: Colour | None = None) -> None:
        """Draw a stroke with round ends and joints."""

    def polygon(self, colour: Colour, points: Sequence[Point], edge: Colour | None = None) -> None:
        """Draw a filled polygon."""

    def shade(self, center: Point, radius: float, strength: int) -> None:
        """Draw a soft shadow on the ground, `radius` to each side; its middle has the alpha `strength`."""

    def stamp(
        self, drawing: "Drawing", *args: Any, at: Point, size: float = 1.0, turn: float | None = None
    ) -> None:
        """Draw another drawing `size` times as large, turned counterclockwise by `turn` degrees."""

    def write(self, text: str, center: Point, height: float, colour: RGB) -> None:
        """Write a line of text around a point."""


class Drawing:
    """A function that draws with a pen.

    Args:
        draw: The function; it takes a `Pen` and further hashable arguments.
        box: The part of the plane that the drawing may cover, in tiles; or a function from the further
            arguments to it.
        most: The number of sprites that are kept.
        reach: The distance from (0, 0) within which the turned drawing has room, in tiles.
    """

    def __init__(
        self, draw: Callable[..., None], box: Box | Callable[..., Box], most: int, reach: float = 1.0
    ) -> None:
        self.draw, self._box, self._reach = draw, box, reach
        self.sprite = lru_cache(maxsize=most)(self._sprite)

    def _sprite(self, tile: float, *args: Any, turn: float | None = None) -> Sprite:
        """Return the drawing with tiles of `tile` pixels; (0, 0) is its anchor.

        Args:
            tile: Pixels of a tile.
            args: The further arguments of the drawing function.
            turn: Degrees counterclockwise.
        """
        if turn is not None:
            canvas = Canvas(tile, (-self._reach, -self._reach, self._reach, self._reach))
            self.draw(canvas, *args)
            return canvas.turned(turn)
        canvas = Canvas(tile, self._box(*args) if callable(self._box) else self._box)
        self.draw(canvas, *args)
        return canvas.sprite()


def drawing(
    box: Box | Callable[..., Box], most: int, reach: float = 1.0
) -> Callable[[Callable[..., None]], Drawing]:
    """Make a `Drawing` of the decorated function."""
    return lambda draw: Drawing(draw, box, most, reach)


def _shadow_box(radius: float, strength: int) -> Box:
    return -radius, -radius / 2, radius, radius / 2


@drawing(_shadow_box, most=64)
def shadow(pen: Pen, radius: float, strength: int) -> None:
    """Draw a soft round shadow on the ground, `radius` tiles wide to each side."""
    pen.shade((0.0, 0.0), radius, strength)
