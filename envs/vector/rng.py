"""The random numbers of a vector environment: one generator per environment, read in blocks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.utils.seeding import np_random

from ..arrays import Floats, Ints

DRAWN_AHEAD = 64  # numbers that a generator draws in advance


class VectorRng:
    """n independent generators of uniform numbers.

    Generator i returns the numbers of `np_random(seed_i)[0].random()`, one at a time.

    Args:
        number: The number n of generators.
    """

    def __init__(self, number: int) -> None:
        self._generators: list[np.random.Generator | None] = [None] * number
        self._block = np.empty((number, DRAWN_AHEAD))
        self._used = np.full(number, DRAWN_AHEAD, np.int64)

    def seed(self, indices: Ints, seeds: Sequence[int | None]) -> None:
        """Seed some generators; a seed of None leaves a generator as it is, if it was seeded before."""
        for i, seed in zip(indices.tolist(), seeds, strict=True):
            if seed is not None or self._generators[i] is None:
                self._generators[i], _ = np_random(seed)
                self._used[i] = DRAWN_AHEAD

    def draw(self, indices: Ints) -> Floats:
        """Draw a number from [0, 1) from each of some generators [n]."""
        used = self._used[indices]
        for i in indices[used == DRAWN_AHEAD].tolist():
            generator = self._generators[i]
            assert generator is not None
            self._block[i] = generator.random(DRAWN_AHEAD)
            self._used[i] = 0
        used %= DRAWN_AHEAD
        numbers = self._block[indices, used]
        self._used[indices] = used + 1
        return numbers

    def get_state(self) -> list[Any]:
        """Return the state of each generator and its position in its block, as plain values."""
        return [
            (None if generator is None else generator.bit_generator.state, used)
            for generator, used in zip(self._generators, self._used.tolist(), strict=True)
        ]

    def set_state(self, state: Sequence[Any]) -> None:
        """Restore the state that `get_state` returned; all generators must have been seeded before."""
        for i, (random, used) in enumerate(state):
            generator = self._generators[i]
            assert generator is not None
            generator.bit_generator.state = random
            if used < DRAWN_AHEAD:  # the block in use was drawn just before
                assert isinstance(generator.bit_generator, np.random.PCG64)
                generator.bit_generator.advance(-DRAWN_AHEAD)
                self._block[i] = generator.random(DRAWN_AHEAD)
            self._used[i] = used
