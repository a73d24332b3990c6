"""From a picture to an array."""

from typing import Any

import numpy as np
import pygame


def to_array(picture: pygame.Surface) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The picture as uint8 [height, width, 3]."""
    width, height = picture.get_size()
    pixels = np.frombuffer(pygame.image.tobytes(picture, "RGB"), np.uint8)
    return pixels.reshape(height, width, 3).copy()
