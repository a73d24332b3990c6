"""Encoding of observations as inputs of a network: rows of a lookup table, or real numbers."""

from math import prod
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box, Discrete, MultiBinary, MultiDiscrete
from numpy.typing import NDArray

from .errors import AgentError

MAX_CODES = 1 << 62


class Inputs:
    """The encoding of the observations of a space.

    Observations of k discrete numbers are encoded as k rows of a lookup table. Planes [C, H, W] keep their
    shape for a convolution; other real observations are flattened.

    Args:
        space: The observation space.
        filters: The filters of the convolution of planes; 0 flattens planes.

    Attributes:
        planes: H, W and C of planes, or empty.
        sizes: The number of values of each of the k discrete numbers; empty for real observations.
        rows: The rows of the lookup table; 0 for real observations.
        width: k, or the number of real numbers.

    Raises:
        AgentError: If the space is not supported.
    """

    def __init__(self, space: gym.Space[Any], filters: int = 0) -> None:
        self.space, self.filters = space, filters
        shape = space.shape or ()
        convolves = filters > 0 and len(shape) == 3 and min(shape[1:]) >= 3
        self.planes = (shape[1], shape[2], shape[0]) if convolves else ()
        self.sizes = _sizes(space)
        self.rows = sum(self.sizes)
        self.width = len(self.sizes) or prod(shape)
        self._offsets = np.cumsum([0, *self.sizes[:-1]]) if self.sizes else np.zeros(0, np.int64)

    @property
    def is_state(self) -> bool:
        """Whether an observation is a single number: the number of a state."""
        return self.rows > 0 and self.width == 1

    def encode(self, observations: NDArray[Any]) -> NDArray[Any]:
        """Return row numbers int64 [n, k], or float32 [n, H, W, C] or [n, width], of observations."""
        if self.planes:
            return np.moveaxis(observations, 1, 3).astype(np.float32, order="C")
        flat = observations.reshape(len(observations), self.width)
        return flat + self._offsets if self.rows else flat.astype(np.float32)

    def one_hot(self, observations: NDArray[Any]) -> NDArray[np.float32]:
        """Return float32 [n, rows], 1 at the row numbers, or flat real observations [n, width]."""
        if not self.rows:
            return observations.reshape(len(observations), self.width).astype(np.float32)
        hot = np.zeros((len(observations), self.rows), np.float32)
        np.put_along_axis(hot, self.encode(observations), 1, axis=1)
        return hot

    def codes(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Return one number [n] for each discrete observation [n, ...], below the product of `sizes`."""
        columns = observations.reshape(len(observations), self.width).T
        codes: NDArray[np.int64] = np.ravel_multi_index(tuple(columns), self.sizes)
        return codes

    def distinct(self, observations: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return the distinct observations [u, ...] among observations [n, ...], and the index [n] of each.

        Real observations are assumed to be distinct.
        """
        if not self.rows:
            return observations, np.arange(len(observations))
        _, first, index = np.unique(self.codes(observations), return_index=True, return_inverse=True)
        return observations[first], index


def _sizes(space: gym.Space[Any]) -> tuple[int, ...]:
    if isinstance(space, Discrete) and space.start == 0:
        return (int(space.n),)
    if isinstance(space, MultiDiscrete) and space.nvec.ndim == 1 and not space.start.any():
        sizes = tuple(space.nvec.tolist())
        if prod(sizes) < MAX_CODES:
            return sizes
    if isinstance(space, (MultiBinary, Box)):
        return ()
    raise AgentError(
        f"expected Discrete or MultiDiscrete observations that start at 0, MultiBinary or Box, got {space}"
    )
