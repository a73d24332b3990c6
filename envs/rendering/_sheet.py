"""A ground on which little changes: its pictures as arrays, of which only the changes are converted."""

from collections.abc import Callable, Iterable
from typing import Any

import pygame

from .pixels import Pixels, to_array


class Sheet:
    """Makes arrays of pictures that share a ground.

    To convert a whole picture takes ten times as long as to copy the array of the ground, which was
    converted before, and to convert the few places where something is drawn.
    """

    def __init__(self, ground: pygame.Surface) -> None:
        self._ground = ground
        self._picture = ground.copy()
        self._pixels = to_array(ground)

    def array(self, draw: Callable[[pygame.Surface], Iterable[pygame.Rect]]) -> Pixels:
        """What is drawn on the ground, uint8 [height, width, 3]; `draw` tells where it has drawn."""
        rects = list(draw(self._picture))
        pixels = self._pixels.copy()
        memory: Any = pixels  # NumPy's buffers have a type of their own
        target = pygame.image.frombuffer(memory, self._ground.get_size(), "RGB")
        target.blits([(self._picture, rect, rect) for rect in rects], False)
        self._picture.blits([(self._ground, rect, rect) for rect in rects], False)
        return pixels
