"""The random numbers of a vector environment: one PCG64 generator per environment, all drawn together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.utils.seeding import np_random
from numpy.typing import NDArray

from ..arrays import Floats, Ints
from ..checks import check_integer
from ..errors import StateError, shown
from .pcg64 import draw

BLOCK = 64  # saved states are those of a generator that draws its numbers in blocks of 64
WORD = 64  # bits


class VectorRng:
    """n independent generators of uniform numbers.

    Generator i returns the numbers of `np_random(seed_i)[0].random()`, one at a time.

    Args:
        number: The number n of generators.

    Attributes:
        words: The state and the increment of each generator, the high 64 bits first, and how many numbers the
            generator has drawn since a block began: uint64 [5, n].
    """

    def __init__(self, number: int) -> None:
        self.words: NDArray[np.uint64] = np.zeros((5, number), np.uint64)
        self._seeded = np.zeros(number, np.bool_)

    def seed(self, indices: Ints, seeds: Sequence[int | None]) -> None:
        """Seed some generators; a seed of None leaves a generator as it is, if it was seeded before."""
        for i, seed in zip(indices.tolist(), seeds, strict=True):
            if seed is not None or not self._seeded[i]:
                generator, _ = np_random(seed)
                self._take(i, generator)

    def draw(self, indices: Ints) -> Floats:
        """Draw a number from [0, 1) from each of some generators [n]."""
        numbers: Floats = draw(self.words, indices)
        return numbers

    def get_state(self) -> list[Any]:
        """Return each generator at the end of its block, and its position in the block, as plain values."""
        return [self._saved(i) if seeded else (None, BLOCK) for i, seeded in enumerate(self._seeded.tolist())]

    def assign(self, other: "VectorRng") -> None:
        """Take over the states of other generators, in place."""
        self.words[:], self._seeded[:] = other.words, other._seeded

    def restored(self, state: Sequence[Any]) -> "VectorRng":
        """Return new generators in the state that `get_state` returned.

        Raises:
            StateError: If the state is not that of this number of generators.
        """
        number = len(self._seeded)
        expected = f"the states of {number} generators"
        if not isinstance(state, (list, tuple)) or len(state) != number:
            raise StateError(f"random: expected {expected}, got {shown(state)}")
        restored = VectorRng(number)
        for i, saved in enumerate(state):
            try:
                random, used = saved
                restored._restore(i, random, check_integer("random", used, 0, BLOCK))
            except (TypeError, ValueError, KeyError, OverflowError) as error:
                raise StateError(f"random: expected {expected}, got {shown(saved)} at place {i}") from error
        return restored

    def _take(self, i: int, generator: np.random.Generator, drawn: int = 0) -> None:
        """Continue with the numbers of a generator."""
        random = generator.bit_generator.state["state"]
        halves = (*divmod(random["state"], 1 << WORD), *divmod(random["inc"], 1 << WORD))
        self.words[:, i], self._seeded[i] = (*halves, drawn), True

    def _saved(self, i: int) -> tuple[dict[str, Any], int]:
        high, low, increment_high, increment_low, drawn = self.words[:, i].tolist()
        used = (drawn - 1) % BLOCK + 1
        bit_generator = np.random.PCG64(0)
        random = {"state": high << WORD | low, "inc": increment_high << WORD | increment_low}
        bit_generator.state = {**bit_generator.state, "state": random}  # type: ignore[typeddict-item]
        bit_generator.advance(BLOCK - used)
        return dict(bit_generator.state), used

    def _restore(self, i: int, random: Any, used: int) -> None:
        """Restore a generator from its state at the end of its block, and its position there."""
        generator, _ = np_random(0)
        bit_generator = generator.bit_generator
        assert isinstance(bit_generator, np.random.PCG64)
        bit_generator.state = random
        if bit_generator.state != random:
            raise ValueError("not the state of a generator")
        bit_generator.advance(used - BLOCK)
        self._take(i, generator, used)
