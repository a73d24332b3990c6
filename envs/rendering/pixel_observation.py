"""The picture as an observation: small, and composed of tiles that are drawn once."""

from copy import copy
from math import ceil
from typing import Any, Self

import numpy as np
import pygame
from gymnasium.spaces import Box
from numpy.typing import NDArray

from ..dynamics import ARRANGEMENTS, CLOSED, Cookie
from ..kitchen import Kitchen
from . import miniatures
from .pixels import to_array

SMALLEST = 36  # pixels of the shorter side; less is too small for the usual convolutions
TILE = 10  # pixels, at least
DRAWN = 80  # pixels of a tile before it is scaled down

EMPTY, CHAIR, CHILD, BESIDE, STANDING, CARRYING = range(6)  # the contents of a walkable place


class PixelObservation:
    """Observations as RGB pictures, `Box(0, 255, [H, W, 3], uint8)`."""

    def __init__(self, kitchen: Kitchen) -> None:
        shorter = min(kitchen.height, kitchen.width)
        self._tile = max(TILE, ceil(SMALLEST / shorter))
        self._grid = kitchen.height, kitchen.width
        shape = (kitchen.height * self._tile, kitchen.width * self._tile, 3)
        self.space = Box(0, 255, shape, np.uint8)
        self._base = np.zeros((0, kitchen.height, self._tile, kitchen.width, self._tile, 3), np.uint8)
        self._jar_place = np.zeros(0, np.int64)
        self._things = np.stack([self._thing(kind, dark) for kind in range(6) for dark in (False, True)])
        self._jars = np.stack(
            [self._jar(jar, cookies) for jar in range(CLOSED + 1) for cookies in ARRANGEMENTS]
        )

    def add(self, kitchen: Kitchen) -> None:
        """Add a kitchen: draw its floor, walls and furniture."""
        height, width = self._grid
        picture = pygame.Surface((width * DRAWN, height * DRAWN))
        miniatures.draw_floor(picture, kitchen, DRAWN)
        small = self._scaled(picture, (width, height)).reshape(self._base.shape[1:])
        self._base = np.concatenate([self._base, small[None]])
        self._jar_place = np.append(self._jar_place, kitchen.jar[0] * width + kitchen.jar[1])

    def for_kitchen(self, kitchen: Kitchen) -> Self:
        """Return the same kind of observation for a single kitchen, with index 0."""
        alone = copy(self)
        alone._base, alone._jar_place = self._base[:0], self._jar_place[:0]
        alone.add(kitchen)
        return alone

    def observe(self, features: Any) -> NDArray[np.uint8]:
        """Return the pictures of n states, uint8 [n, H, W, 3]."""
        pictures = self._base.take(features.kitchen, axis=0)
        together = features.chair == features.child
        kind = np.where(together, BESIDE, CHILD)
        kind = np.where(features.standing == 1, STANDING, np.where(features.carried == 1, CARRYING, kind))
        self._put(pictures, features.chair, self._at(features.chair, np.full_like(kind, CHAIR)))
        self._put(pictures, features.child, self._at(features.child, kind))
        jar = features.jar * len(ARRANGEMENTS) + features.arrangement
        self._put(pictures, self._jar_place[features.kitchen], self._jars[jar])
        observed: NDArray[np.uint8] = pictures.reshape(-1, *self.space.shape)
        return observed

    def _at(self, place: NDArray[np.int64], kind: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return the tiles for places; the floor's colour alternates."""
        row, column = np.divmod(place, self._grid[1])
        tiles: NDArray[np.uint8] = self._things[2 * kind + (row + column) % 2]
        return tiles

    def _put(self, pictures: NDArray[np.uint8], place: NDArray[np.int64], tiles: NDArray[np.uint8]) -> None:
        row, column = np.divmod(place, self._grid[1])
        pictures[np.arange(len(pictures)), row, :, column] = tiles

    def _thing(self, kind: int, dark: bool) -> NDArray[np.uint8]:
        """Return a tile of floor with the things on it [tile, tile, 3]."""
        picture = pygame.Surface((DRAWN, DRAWN))
        picture.fill(miniatures.FLOORS[dark])
        size = round(DRAWN / miniatures.CHILD_HEIGHT)
        child = miniatures.child(size, kind == CARRYING)
        chair = miniatures.chair(DRAWN if kind == CHAIR else DRAWN // 2)
        left, below, quarter = (DRAWN - child.get_width()) // 2, DRAWN // 2, DRAWN // 4
        parts = {
            EMPTY: [],
            CHAIR: [(chair, (0, 0))],
            CHILD: [(child, (left, 0))],
            BESIDE: [(chair, (below, below)), (child, (0, 0))],
            STANDING: [(child, (left, -quarter)), (chair, (quarter, below))],
            CARRYING: [(child, (left, quarter)), (chair, (quarter, 0))],
        }
        for sprite, corner in parts[kind]:
            picture.blit(sprite, corner, special_flags=pygame.BLEND_PREMULTIPLIED)
        return self._scaled(picture, (1, 1))

    def _jar(self, contents: int, arrangement: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return the tile of the jar: lid or opening, and the three cookies below [tile, tile, 3]."""
        picture = pygame.Surface((DRAWN, DRAWN))
        picture.fill(miniatures.GLASS)
        picture.fill(
            miniatures.LID if contents == CLOSED else miniatures.WALL_COLOUR, (0, 0, DRAWN, DRAWN // 3)
        )
        for place, cookie in enumerate(arrangement):
            if contents == CLOSED or contents >> place & 1:
                colour = {Cookie.RAISIN: miniatures.RAISIN, Cookie.CHOCOLATE_CHIP: miniatures.CHIP}
                column = place * DRAWN // 3, DRAWN // 2, DRAWN // 4, DRAWN // 2
                picture.fill(colour.get(Cookie(cookie), miniatures.COOKIE), column)
        return self._scaled(picture, (1, 1))

    def _scaled(self, picture: pygame.Surface, tiles: tuple[int, int]) -> NDArray[np.uint8]:
        width, height = tiles
        return to_array(pygame.transform.smoothscale(picture, (width * self._tile, height * self._tile)))
