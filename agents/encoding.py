"""Encoding of observations as inputs of a network: rows of a lookup table, or real numbers."""

from hashlib import blake2b
from math import prod
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box, Discrete, MultiBinary, MultiDiscrete
from numpy.typing import NDArray

from .checks import wrapper_for
from .errors import AgentError, shown

MAX_CODES = 1 << 62
CHANNELS = (1, 3, 4)  # grey, RGB, and RGB with an alpha channel


class Inputs:
    """The encoding of the observations of a space.

    Observations of k discrete numbers are encoded as k rows of a lookup table. Planes keep their shape for a
    convolution; other real observations are flattened. The first axis of [C, H, W] is that of the planes. A
    picture has its channels last: a `Box` [H, W, C] whose last axis is the shortest, with 1, 3 or 4 channels,
    or any number of channels of bytes. Bytes, a uint8 `Box` from 0 to 255, are scaled to [0, 1].

    Args:
        space: The observation space.
        filters: The filters of the convolution of planes; 0 flattens planes.
        pictures: Whether to read pictures; if False, the first axis is that of the planes, and nothing is
            scaled.

    Attributes:
        planes: H, W and C of planes, or empty.
        window: The height and width of a window of the convolution, and the distance between two: those of
            Mnih et al. (2015) for pictures.
        scaled: Whether values from 0 to 255 are scaled to [0, 1].
        sizes: The number of values of each of the k discrete numbers; empty for real observations.
        rows: The rows of the lookup table; 0 for real observations.
        width: k, or the number of real numbers.

    Raises:
        AgentError: If the space is not supported.
    """

    def __init__(self, space: gym.Space[Any], filters: int = 0, pictures: bool = True) -> None:
        self.space, self.filters = space, filters
        shape = space.shape or ()
        self._axis = 2 if pictures and _has_channels_last(space) else 0
        height_width = tuple(np.delete(shape, self._axis).tolist()) if len(shape) == 3 else ()
        convolves = filters > 0 and len(shape) == 3 and min(height_width) >= 3
        self.planes = (*height_width, shape[self._axis]) if convolves else ()
        self.scaled = pictures and _is_bytes(space)
        self.window = (8, 4) if convolves and self.scaled and min(height_width) >= 8 else (3, 1)
        self.sizes = _sizes(space)
        self.rows = sum(self.sizes)
        self.width = len(self.sizes) or prod(shape)
        if self.width == 0:
            raise AgentError(f"expected observations with at least one number, got {shown(space)}")
        self._offsets = np.cumsum([0, *self.sizes[:-1]]) if self.sizes else np.zeros(0, np.int64)

    @property
    def reads_pictures(self) -> bool:
        """Whether `pictures` makes a difference."""
        return self.scaled or self._axis == 2

    @property
    def is_state(self) -> bool:
        """Whether an observation is a single number: the number of a state."""
        return self.rows > 0 and self.width == 1

    def encode(self, observations: NDArray[Any]) -> NDArray[Any]:
        """Return row numbers int64 [n, k], or float32 [n, H, W, C] or [n, width], of observations."""
        if self.planes:
            return self._scale(np.moveaxis(observations, self._axis + 1, 3).astype(np.float32, order="C"))
        flat = observations.reshape(len(observations), self.width)
        return flat + self._offsets if self.rows else self._scale(flat.astype(np.float32))

    def one_hot(self, observations: NDArray[Any]) -> NDArray[np.float32]:
        """Return float32 [n, rows], 1 at the row numbers, or flat real observations [n, width]."""
        if not self.rows:
            return self._scale(observations.reshape(len(observations), self.width).astype(np.float32))
        hot = np.zeros((len(observations), self.rows), np.float32)
        np.put_along_axis(hot, self.encode(observations), 1, axis=1)
        return hot

    def _scale(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.scaled:
            numbers /= np.float32(255)
        return numbers

    def codes(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Return one number [n] for each discrete observation [n, ...], below the product of `sizes`."""
        columns = observations.reshape(len(observations), self.width).T
        codes: NDArray[np.int64] = np.ravel_multi_index(tuple(columns), self.sizes)
        return codes

    def keys(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Return one number [n] for each observation [n, ...]: its code, or a hash of real numbers.

        Among a million observations, two have the same hash with probability below 1e-7.
        """
        if self.sizes:
            return self.codes(observations)
        return _digests(observations, 8).view(np.int64)

    def distinct(self, observations: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return the distinct observations [u, ...] among observations [n, ...], and the index [n] of each.

        Real observations are assumed to be distinct, except for those that are scaled.
        """
        if not self.rows and not self.scaled:
            return observations, np.arange(len(observations))
        codes = _digests(observations) if self.scaled else self.codes(observations)
        _, first, index = np.unique(codes, return_index=True, return_inverse=True)
        return observations[first], index


def _digests(observations: NDArray[Any], size: int = 16) -> NDArray[np.void]:
    """Return a hash [n] of `size` bytes of each observation [n, ...]."""
    rows = np.ascontiguousarray(observations)
    return np.array([blake2b(row, digest_size=size).digest() for row in rows], f"V{size}")


def _is_bytes(space: gym.Space[Any]) -> bool:
    """Return whether the values are bytes from 0 to 255, as those of pictures."""
    if not isinstance(space, Box) or space.dtype != np.uint8:
        return False
    return bool((space.low == 0).all() and (space.high == 255).all())


def _has_channels_last(space: gym.Space[Any]) -> bool:
    """Return whether the space has the shape [H, W, C] of pictures."""
    shape = space.shape or ()
    is_last = isinstance(space, Box) and len(shape) == 3 and shape[2] < min(shape[:2])
    return is_last and (shape[2] in CHANNELS or _is_bytes(space))


def _sizes(space: gym.Space[Any]) -> tuple[int, ...]:
    if isinstance(space, Discrete) and space.start == 0:
        return (int(space.n),)
    if isinstance(space, MultiDiscrete) and space.nvec.ndim == 1 and not space.start.any():
        sizes = tuple(space.nvec.tolist())
        if prod(sizes) < MAX_CODES:
            return sizes
    if isinstance(space, (MultiBinary, Box)):
        return ()
    expected = "Discrete or MultiDiscrete observations that start at 0, MultiBinary or Box"
    raise AgentError(f"expected {expected}, got {shown(space)}{wrapper_for(space, 'observation')}")
