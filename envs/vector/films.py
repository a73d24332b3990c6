"""The pictures of each environment's steps, for `render_mode="rgb_array_list"`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Ints

Film = list[NDArray[np.uint8]]


class Films:
    """Lists of pictures, as Gymnasium's `RenderCollection` keeps for a single environment.

    Args:
        number: The number of environments.
    """

    def __init__(self, number: int) -> None:
        self._films: list[Film] = [[] for _ in range(number)]

    def start(self, indices: Ints) -> None:
        """Begin new lists for the environments that start an episode."""
        for i in indices.tolist():
            self._films[i] = []

    def add(self, indices: Ints, pictures: Any) -> None:
        """Append the pictures of some environments, given those of all."""
        for i in indices.tolist():
            self._films[i].append(pictures[i])

    def take(self) -> tuple[Film, ...]:
        """Return the lists, and begin new ones."""
        taken, self._films = tuple(self._films), [[] for _ in self._films]
        return taken
