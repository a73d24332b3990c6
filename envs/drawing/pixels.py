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
