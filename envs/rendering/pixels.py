"""Conversion of surfaces to arrays, one by one or as sheets of tiles."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pygame
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def to_array(picture: pygame.Surface) -> Pixels:
    """Return a picture as uint8 [height, width, 3]."""
    width, height = picture.get_size()
    pixels = np.frombuffer(pygame.image.tobytes(picture, "RGB"), np.uint8)
    return pixels.reshape(height, width, 3).copy()


def words(picture: pygame.Surface) -> NDArray[np.uint32]:
    """Return the pixels as 0x..RRGGBB, uint32 [height, width]: a view of the picture if it has the format."""
    if picture.get_bitsize() != 32 or picture.get_shifts()[:3] != (16, 8, 0):
        picture = picture.convert(32, 0)
    pixels: NDArray[np.uint32] = np.asarray(picture.get_view("2")).T
    return pixels


def bgra(picture: pygame.Surface) -> Pixels:
    """Return the pixels as uint8 [height, width, 4]; the last channel may be 0. See `words`."""
    pixels = words(picture).astype("<u4", copy=False)
    return pixels.view(np.uint8).reshape(*pixels.shape, 4)


def from_array(pixels: Pixels, size: tuple[int, int], ground: tuple[int, int, int]) -> pygame.Surface:
    """Return a picture of that size with an array [height, width, 3] in its middle, as large as possible."""
    height, width, _ = pixels.shape
    drawn = pygame.image.frombuffer(np.ascontiguousarray(pixels).tobytes(), (width, height), "RGB")
    picture = pygame.Surface(size)
    show_scaled(picture, drawn, ground)
    return picture


def show_scaled(target: pygame.Surface, picture: pygame.Surface, ground: tuple[int, int, int]) -> None:
    """Draw a picture in the middle of a target, as large as possible, and `ground` around the picture."""
    place = picture.get_rect().fit(target.get_rect())
    target.fill(ground)
    target.blit(pygame.transform.smoothscale(picture, place.size), place)


class Sheet:
    """Make arrays of pictures that share a ground.

    Converting a whole picture takes ten times as long as copying the converted ground and converting the
    few areas where something is drawn.
    """

    def __init__(self, ground: pygame.Surface) -> None:
        self._ground = ground
        self._picture = ground.copy()
        self._pixels = to_array(ground)

    def array(self, draw: Callable[[pygame.Surface], Iterable[pygame.Rect]]) -> Pixels:
        """Return ground and drawing, uint8 [height, width, 3]; `draw` returns the areas that it changed."""
        rects = list(draw(self._picture))
        pixels = self._pixels.copy()
        memory: Any = pixels  # NumPy's buffers have a type of their own
        target = pygame.image.frombuffer(memory, self._ground.get_size(), "RGB")
        target.blits([(self._picture, rect, rect) for rect in rects], False)
        self._picture.blits([(self._ground, rect, rect) for rect in rects], False)
        return pixels
