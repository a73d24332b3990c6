"""Counter-based random numbers: a value depends on the seed, a number and the position of the draw alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats, Ints

Words = NDArray[np.uint64]

GAMMA = np.uint64(0x9E3779B97F4A7C15)
KINDS, ATTRIBUTES, LOOKS, DOTS, NOISE, SAMPLE = range(6)  # what the streams of a picture are for


def mixed(words: Words) -> Words:
    """Mix the bits of words, as splitmix64 does (Steele, Lea and Flood 2014)."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def keys(seed: int, numbers: Ints, purpose: int) -> Words:
    """Return the first word of a stream for each number [n]."""
    start = mixed(mixed(np.full(1, seed, np.uint64) + GAMMA) + np.full(1, purpose + 1, np.uint64) * GAMMA)
    return mixed(start + mixed((numbers.astype(np.uint64) + np.uint64(1)) * GAMMA))


class Stream:
    """Streams of uniform numbers, one for each of n numbers, drawn column by column.

    Args:
        seed: A non-negative integer below 2**63.
        numbers: The numbers of the pictures [n].
        purpose: `KINDS`, `ATTRIBUTES`, ...: streams of different purposes are independent.
    """

    def __init__(self, seed: int, numbers: Ints, purpose: int) -> None:
        self._words = keys(seed, numbers, purpose)

    def uniform(self, low: float = 0.0, high: float = 1.0) -> Floats:
        """Return the next number of each stream [n], strictly between 0 and 1 before the scaling."""
        self._words = self._words + GAMMA
        share = ((mixed(self._words) >> np.uint64(12)) + 0.5) * 2.0**-52
        return np.asarray(low + (high - low) * share, np.float64)

    def uniforms(self, columns: int, low: float = 0.0, high: float = 1.0) -> Floats:
        """Return the next numbers of each stream [n, columns]."""
        return np.stack([self.uniform(low, high) for _ in range(columns)], axis=1)

    def chosen(self, among: NDArray[Any]) -> NDArray[Any]:
        """Return a row of `among` [k, ...] for each stream [n, ...], all rows with the same probability."""
        return among[(self.uniform() * len(among)).astype(np.int64)]
