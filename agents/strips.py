"""Strips: the pictures of several places side by side, as observations of agents that pick a place."""

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from .errors import AgentError, shown

FRAME = 2  # pixels around the picture of each place
SMALLEST = 16  # pixels of a place

Pixels = NDArray[np.uint8]


def strip_places(space: gym.Space[Any]) -> int:
    """Return the number of places of a strip: a `Box` of uint8 [height, places * height, 3].

    Raises:
        AgentError: If the observations are no strips.
    """
    shape = space.shape if isinstance(space, Box) and space.dtype == np.uint8 else None
    if shape is None or len(shape) != 3 or shape[2] != 3 or shape[0] < SMALLEST or shape[1] % shape[0]:
        raise AgentError(
            "expected pictures of places side by side as observations, a Box of uint8 "
            f"[height, places * height, 3] such as that of CookieJarPicturesJar-v0, got {shown(space)}"
        )
    return int(shape[1] // shape[0])


def place_pictures(strips: Pixels) -> Pixels:
    """Return the pictures at the places of strips, uint8 [n, places, side, side, 3], without their frames."""
    samples, height, width, channels = strips.shape
    places = strips.reshape(samples, height, width // height, height, channels).swapaxes(1, 2)
    return np.ascontiguousarray(places[:, :, FRAME:-FRAME, FRAME:-FRAME])


def filled_places(pictures: Pixels) -> NDArray[np.bool_]:
    """Return whether each place [n, places] shows something: an empty place has one colour."""
    filled: NDArray[np.bool_] = (pictures != pictures[:, :, :1, :1]).any(axis=(2, 3, 4))
    return filled
