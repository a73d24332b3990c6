"""The rows and time limits of n environments, stepped by NumPy at first, by compiled code when that pays."""

from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ..arrays import Bools, Floats, Ints
from . import steps
from .memory import array_maker
from .rng import VectorRng
from .tables import PackedTables

NO_LIMIT = 1 << 60  # steps
COMPILE_AFTER = 40_000_000  # steps, about a second of NumPy's time: as much as Numba's import and compiler
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
        self._tables, self._limit = tables, NO_LIMIT if limit is None else limit
        self.rows, self.deadline = np.full(number, -1, np.int64), np.zeros(number, np.int64)
        self.over, self.ended, self.clock = np.zeros(number, np.bool_), 0, 0
        words, drawn = (None, None) if rng is None or slices is None else (rng.words, rng.drawn)
        self._state = slices, words, drawn, self.rows, self.deadline, self.over
        self._step: Callable[..., int] = steps.step
        self._patience: int | None = COMPILE_AFTER  # steps before compiling

        def maker(kind: DTypeLike, reuse: bool = reuse) -> Callable[[], NDArray[Any]]:
            """Return what makes the arrays of a result."""
            return repeat(np.empty(number, kind)).__next__ if reuse else array_maker((number,), kind)

        self._new_rows, self._new_event_id = maker(np.int64), maker(np.int64)
        self._new_reward, self._new_happiness = maker(np.float64), maker(np.float64, reuse=False)
        self._new_terminated, self._new_truncated = maker(np.bool_), maker(np.bool_)
        self._new_success = maker(np.bool_, reuse=False)

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
        if self._patience is not None:
            self._wait(self._patience - len(actions) - CALL)
        results = (
            self._new_rows(),
            self._new_reward(),
            self._new_happiness(),
            self._new_terminated(),
            self._new_success(),
            self._new_truncated(),
            self._new_event_id(),
        )
        clock, tables = self.clock + 1, self._tables
        ended = self._step(tables.table, tables.values, *self._state, clock, self._limit, actions, *results)
        if ended < 0:
            return None
        self.clock, self.ended = clock, ended
        return results

    def _wait(self, patience: int) -> None:
        """Compile when NumPy has taken as much time as that costs."""
        self._patience = patience if patience > 0 else None
        if patience <= 0:
            self._step = compiled_step()


def compiled_step() -> Callable[..., int]:
    """Return the compiled loop, or NumPy's step if Numba does not work here."""
    try:
        from .. import compiled
    except ImportError:  # a Numba that does not fit NumPy
        return steps.step
    if not compiled.WORKS:
        return steps.step
    from . import loops

    step: Callable[..., int] = loops.step
    return step
