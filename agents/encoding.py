"""What a network makes of observations: numbers of rows to look up, or measurements."""

from math import prod
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box, Discrete, MultiBinary, MultiDiscrete
from numpy.typing import NDArray

from .errors import AgentError

MAX_CODES = 1 << 62


class Inputs:
    """From observations of a space to the inputs of a network.

    Observations that consist of k numbers become k rows of a table to look up; planes [C, H, W] stay planes;
    other measurements are laid flat.

    Args:
        space: of observations.
        filters: of the convolution that is to look at planes; 0 lays them flat.

    Attributes:
        planes: H, W and C of planes, or empty.
        rows: how many rows the look-up table has; 0 for measurements.
        width: k, or how many measurements there are.

    Raises:
        AgentError: it is a space of another kind.
    """

    def __init__(self, space: gym.Space[Any], filters: int = 0) -> None:
        self.space, self.filters = space, filters
        shape = space.shape or ()
        convolves = filters > 0 and len(shape) == 3 and min(shape[1:]) >= 3
        self.planes = (shape[1], shape[2], shape[0]) if convolves else ()
        self._sizes = _sizes(space)
        self.rows = sum(self._sizes)
        self.width = len(self._sizes) or prod(space.shape or ())
        self._offsets = np.cumsum([0, *self._sizes[:-1]]) if self._sizes else np.zeros(0, np.int64)

    @property
    def is_state(self) -> bool:
        """Whether an observation is one number: that of a state."""
        return self.rows > 0 and self.width == 1

    def encode(self, observations: NDArray[Any]) -> NDArray[Any]:
        """Observations [n, ...] as row numbers int64 [n, k], or float32 [n, H, W, C] or [n, width]."""
        if self.planes:
            return np.moveaxis(observations, 1, 3).astype(np.float32, order="C")
        flat = observations.reshape(len(observations), self.width)
        return flat + self._offsets if self.rows else flat.astype(np.float32)

    def distinct(self, observations: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """The different ones [u, ...] among observations [n, ...], and which of them each one is [n].

        Of measurements, all are taken to be different.
        """
        if not self.rows:
            return observations, np.arange(len(observations))
        columns = observations.reshape(len(observations), self.width).T
        codes = np.ravel_multi_index(tuple(columns), self._sizes)
        _, first, index = np.unique(codes, return_index=True, return_inverse=True)
        return observations[first], index


def _sizes(space: gym.Space[Any]) -> tuple[int, ...]:
    """How many values each number of an observation can have; none for measurements."""
    if isinstance(space, Discrete) and space.start == 0:
        return (int(space.n),)
    if isinstance(space, MultiDiscrete) and space.nvec.ndim == 1 and not space.start.any():
        sizes = tuple(space.nvec.tolist())
        if prod(sizes) < MAX_CODES:
            return sizes
    if isinstance(space, (MultiBinary, Box)):
        return ()
    raise AgentError(
        f"expected observations that are Discrete or MultiDiscrete from 0, MultiBinary or Box, got {space}"
    )
