"""The random numbers of a vector environment: one generator per environment, read in blocks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.utils.seeding import np_random

from ..arrays import Floats, Ints
from ..checks import check_integer
from ..errors import StateError, shown

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

    def restored(self, state: Sequence[Any]) -> "VectorRng":
        """Return new generators in the state that `get_state` returned.

        Raises:
            StateError: If the state is not that of this number of generators.
        """
        number = len(self._generators)
        expected = f"the states of {number} generators"
        if not isinstance(state, (list, tuple)) or len(state) != number:
            raise StateError(f"random: expected {expected}, got {shown(state)}")
        restored = VectorRng(number)
        for i, saved in enumerate(state):
            try:
                random, used = saved
                restored._restore(i, random, check_integer("random", used, 0, DRAWN_AHEAD))
            except (TypeError, ValueError, KeyError, OverflowError) as error:
                raise StateError(f"random: expected {expected}, got {shown(saved)} at place {i}") from error
        return restored

    def _restore(self, i: int, random: Any, used: int) -> None:
        """Restore a generator and its position in its block."""
        generator, _ = np_random(0)
        bit_generator = generator.bit_generator
        assert isinstance(bit_generator, np.random.PCG64)
        bit_generator.state = random
        if bit_generator.state != random:
            raise ValueError("not the state of a generator")
        if used < DRAWN_AHEAD:  # the block in use was drawn just before
            bit_generator.advance(-DRAWN_AHEAD)
            self._block[i] = generator.random(DRAWN_AHEAD)
        self._generators[i], self._used[i] = generator, used
