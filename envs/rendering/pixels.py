"""From a picture to an array."""

import numpy as np
import pygame
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def to_array(picture: pygame.Surface) -> Pixels:
    """The picture as uint8 [height, width, 3]."""
    width, height = picture.get_size()
    pixels = np.frombuffer(pygame.image.tobytes(picture, "RGB"), np.uint8)
    return pixels.reshape(height, width, 3).copy()


def from_array(pixels: Pixels, size: tuple[int, int], ground: tuple[int, int, int]) -> pygame.Surface:
    """A picture of that size with an array [height, width, 3] in its middle, as large as can be."""
    height, width, _ = pixels.shape
    drawn = pygame.image.frombuffer(np.ascontiguousarray(pixels).tobytes(), (width, height), "RGB")
    picture = pygame.Surface(size)
    picture.fill(ground)
    place = drawn.get_rect().fit(picture.get_rect())
    picture.blit(pygame.transform.smoothscale(drawn, place.size), place)
    return picture
