"""Drawings: functions that draw with any pen, and their sprites for pygame, drawn once and kept."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .canvas import Canvas, Sprite
from .geometry import Box
from .svg import SvgPen

# The methods that a drawing may use are those that both classes have; `Canvas` documents them.
Pen = Canvas | SvgPen


class Drawing:
    """A function that draws with a pen.

    Args:
        draw: The function of a `Pen` and further hashable arguments.
        box: The part of the plane that the drawing may cover, in tiles; or a function that returns the part
            for the further arguments.
        reach: The distance from (0, 0) within which the turned drawing has room, in tiles.
        most: The maximum number of sprites that are kept.
    """

    def __init__(
        self, draw: Callable[..., None], box: Box | Callable[..., Box], reach: float, most: int
    ) -> None:
        self.draw, self._box, self._reach = draw, box, reach
        self.sprite = lru_cache(maxsize=most)(self._sprite)

    def _sprite(self, tile: float, *args: Any, turn: float | None = None) -> Sprite:
        """Return the drawing with tiles of `tile` pixels, turned counterclockwise by `turn` degrees.

        The anchor is the point (0, 0).
        """
        box = self._box(*args) if callable(self._box) else self._box
        reach = self._reach
        canvas = Canvas(tile, box if turn is None else (-reach, -reach, reach, reach))
        self.draw(canvas, *args)
        return canvas.sprite() if turn is None else canvas.turned(turn)


def drawing(
    box: Box | Callable[..., Box], *, reach: float = 1.0, most: int = 64
) -> Callable[[Callable[..., None]], Drawing]:
    """Make a `Drawing` of the decorated function."""
    return lambda draw: Drawing(draw, box, reach, most)


def _shadow_box(radius: float, strength: int) -> Box:
    return -radius, -radius / 2, radius, radius / 2


@drawing(_shadow_box)
def shadow(pen: Pen, radius: float, strength: int) -> None:
    """Draw a soft round shadow on the ground, `radius` tiles wide to each side."""
    pen.shade((0.0, 0.0), radius, strength)
