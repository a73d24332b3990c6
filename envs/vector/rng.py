"""Many independent streams of random numbers, read a few at a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.utils.seeding import np_random

from ..arrays import Floats, Ints

BLOCK = 64  # numbers that a stream draws in advance


class VectorRng:
    """n streams of uniform numbers; stream i gives what `np_random(seed of i).random()` gives, one by one."""

    def __init__(self, number: int) -> None:
        self._generators: list[np.random.Generator | None] = [None] * number
        self._block = np.empty((number, BLOCK))
        self._used = np.full(number, BLOCK, np.int64)

    def seed(self, indices: Ints, seeds: Sequence[int | None]) -> None:
        """Start some streams anew, those with a seed; the others go on."""
        for stream, seed in zip(indices.tolist(), seeds, strict=True):
            if seed is not None or self._generators[stream] is None:
                self._generators[stream], _ = np_random(seed)
                self._used[stream] = BLOCK

    def draw(self, indices: Ints) -> Floats:
        """The next number of some streams [n]."""
        used = self._used[indices]
        for stream in indices[used == BLOCK].tolist():
            generator = self._generators[stream]
            assert generator is not None
            self._block[stream] = generator.random(BLOCK)
            self._used[stream] = 0
        used %= BLOCK
        numbers = self._block[indices, used]
        self._used[indices] = used + 1
        return numbers

    def get_state(self) -> list[Any]:
        """Where each stream stands, as plain values: its generator, and how much of its block is used."""
        return [
            (None if generator is None else generator.bit_generator.state, used)
            for generator, used in zip(self._generators, self._used.tolist(), strict=True)
        ]

    def set_state(self, state: Sequence[Any]) -> None:
        """Stand where `get_state` was called; all streams have been seeded."""
        for stream, (random, used) in enumerate(state):
            generator = self._generators[stream]
            assert generator is not None
            generator.bit_generator.state = random
            if used < BLOCK:  # the block in use was drawn just before
                assert isinstance(generator.bit_generator, np.random.PCG64)
                generator.bit_generator.advance(-BLOCK)
                self._block[stream] = generator.random(BLOCK)
            self._used[stream] = used
