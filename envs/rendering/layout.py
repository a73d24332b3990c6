"""The place of the kitchen in a picture: as large as possible, with the outer walls as a thin frame."""

from typing import NamedTuple

import pygame

from ..kitchen import Kitchen
from .geometry import Box, Point

OUTER_WALL = 0.3  # tiles of the outer wall that are shown
JAR_RISES = 0.5  # tiles that the jar needs above the wall it stands in
CEILING = 0.36  # tiles that other walls are taller than their tile
MARGIN = 0.015  # of the shorter side, around everything
SMALLEST_TILE = 4  # pixels
LARGEST_NUMBERS = 22  # pixels


class Layout(NamedTuple):
    """The place of a kitchen in a picture.

    Attributes:
        kitchen: The map.
        tile: Pixels of a tile.
        left: The x of the map's left edge in pixels (of column 0, most of which is not shown).
        top: The y of the map's upper edge.
        room: The part that is shown: the kitchen with its outer wall.
        numbers: The greatest height of the numbers on the floor in pixels.
    """

    kitchen: Kitchen
    tile: int
    left: int
    top: int
    room: pygame.Rect
    numbers: int = LARGEST_NUMBERS

    def pixel(self, point: Point) -> Point:
        """Return the pixel at a point of the map (x, y) in tiles."""
        return self.left + point[0] * self.tile, self.top + point[1] * self.tile

    def rect(self, row: int, column: int) -> pygame.Rect:
        """Return the pixels of a tile."""
        return pygame.Rect(self.left + column * self.tile, self.top + row * self.tile, self.tile, self.tile)

    @property
    def ceiling(self) -> int:
        """Y at which the faces of the outer wall begin, below its cap."""
        return self.room.top + round(self.tile * OUTER_WALL * 0.55)


def kitchen_layout(kitchen: Kitchen, area: pygame.Rect) -> Layout:
    """Return the largest layout in an area."""
    left, top, right, bottom = _shown(kitchen)
    margin = round(min(area.size) * MARGIN)
    width, height = right - left, bottom - top
    tile = int(min((area.width - 2 * margin) / width, (area.height - 2 * margin) / height))
    tile = max(SMALLEST_TILE, tile)
    room = pygame.Rect(0, 0, round(width * tile), round(height * tile))
    room.center = area.center
    return Layout(kitchen, tile, round(room.left - left * tile), round(room.top - top * tile), room)


def map_layout(kitchen: Kitchen, tile: int) -> Layout:
    """Return the layout with the upper left corner of the map at (0, 0)."""
    left, top, right, bottom = (round(side * tile) for side in _shown(kitchen))
    return Layout(kitchen, tile, 0, 0, pygame.Rect(left, top, right - left, bottom - top))


def _shown(kitchen: Kitchen) -> Box:
    """Return the part of the map that is shown, in tiles."""
    jar_row, jar_column = kitchen.jar
    left, right = min(1, jar_column) - OUTER_WALL, max(kitchen.width - 1, jar_column + 1) + OUTER_WALL
    top = -JAR_RISES if jar_row == 0 else -CEILING
    return left, top, right, max(kitchen.height - 1, jar_row + 1) + OUTER_WALL
