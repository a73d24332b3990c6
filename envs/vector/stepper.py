"""The rows and time limits of n environments, stepped by NumPy at first, by compiled code when that pays."""

from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np

from ..arrays import Bools, Floats, Ints
from . import steps
from .memory import Block, Blocks, Sections, array_maker
from .rng import VectorRng
from .tables import PackedTables

NO_LIMIT = 1 << 60  # steps
COMPILE_AFTER = 40_000_000  # steps, about a second of NumPy's time: as much as Numba's import and compiler
NEVER = float("inf")
CALL = 750  # the steps that take as long as a call of NumPy's step for no environment

# The results of n environments: the next row, the reward with hints if they are on, the reward without hints,
# whether the episode has terminated (twice), whether the time limit is reached, and the number of the event.
Results = tuple[Ints, Floats, Floats, Bools, Bools, Bools, Ints]


class Stepper:
    """Steps n environments: each step is one gather in the packed tables.

    Args:
        number: The number n of environments.
        tables: The packed tables.
        slices: See `outcome_slices`; None if the dynamics are deterministic.
        rng: The random numbers; None without `slices`.
        limit: The number of steps after which an episode is truncated; None for no limit.
        reuse: Whether `step` reuses its arrays of rows, rewards, flags and events.

    Attributes:
        rows: The row of each environment in the tables, int64 [n]; -1 before the first start.
        deadline: The value of the clock at the time limit, int64 [n].
        over: Whether the last step has ended the episode, bool [n].
        ended: How many episodes the last step has ended.
        clock: Steps since the environments were made.
    """

    def __init__(
        self,
        number: int,
        tables: PackedTables,
        slices: Floats | None,
        rng: VectorRng | None,
        limit: int | None,
        reuse: bool,
    ) -> None:
        self._arguments = number, tables, slices, rng, limit, reuse
        self._limit = NO_LIMIT if limit is None else limit
        state, self.over = np.zeros((2, number), np.int64), np.zeros(number, np.bool_)
        self.rows, self.deadline = state
        self.rows[:], self.ended, self.clock = -1, 0, 0
        words = None if rng is None or slices is None else rng.words
        self._inputs = tables.table, tables.values, slices, words, state, self.over
        self._blocks = Blocks((number,), *steps.KINDS)
        self._reused: tuple[Block, Sections] | None = None
        self._new_rows = array_maker((number,), np.int64)
        if reuse:
            self._reused, self._new_rows = self._blocks.take(), repeat(np.empty(number, np.int64)).__next__
        self._compiled: Callable[..., int] | None = None
        self._patience: float = COMPILE_AFTER

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the state only: a copy of an array's view would be an array of its own."""
        return Stepper, self._arguments, (self.rows, self.deadline, self.over, self.ended, self.clock)

    def __setstate__(self, state: tuple[Ints, Ints, Bools, int, int]) -> None:
        self.rows[:], self.deadline[:], self.over[:], self.ended, self.clock = state

    def start(self, indices: Ints, rows: Ints) -> None:
        """Start episodes in some environments [n], at some rows [n]."""
        self.rows[indices], self.deadline[indices] = rows, self.clock + self._limit

    def end(self, over: Bools) -> None:
        """Set which environments wait for a reset [n]."""
        self.over[:] = over
        self.ended = int(np.count_nonzero(over))

    def step(self, actions: Ints) -> Results | None:
        """Take an action in each environment; those that are over start an episode at row 0 instead.

        Args:
            actions: int64 [n], contiguous.

        Returns:
            The results, or None if an action does not exist; then nothing has changed.
        """
        rows, clock = self._new_rows(), self.clock + 1
        block, parts = self._reused or self._blocks.take()
        if self._compiled is None:
            ended = self._numpy_step(*self._inputs, clock, self._limit, actions, rows, parts)
        else:
            ended = self._compiled(*self._inputs, clock, self._limit, actions, rows, block)
        if ended < 0:
            return None
        self.clock, self.ended = clock, ended
        reward, happiness, event_id, terminated, success, truncated = parts
        if self._reused is not None:  # the infos are new in any case
            happiness, success = happiness.copy(), success.copy()
        return (
            rows,
            reward[...],
            happiness[...],
            terminated[...],
            success[...],
            truncated[...],
            event_id[...],
        )

    def _numpy_step(self, *args: Any) -> int:
        """Step with NumPy, and compile when that has taken as much time as compiling takes."""
        self._patience -= len(self.rows) + CALL
        if self._patience < 0:
            self._compiled, self._patience = compiled_step(), NEVER
        return steps.step(*args)


def compiled_step() -> Callable[..., int] | None:
    """Return the compiled loop, or None if Numba does not work here."""
    try:
        from .. import compiled
    except ImportError:  # a Numba that does not fit NumPy
        return None
    if not compiled.WORKS:
        return None
    from . import loops

    step: Callable[..., int] = loops.step
    return step
