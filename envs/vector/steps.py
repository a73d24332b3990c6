"""A step of n environments in NumPy; `loops` has the same function as a loop for Numba."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Bools, Floats, Ints
from ..dynamics import NO_EVENT, Event
from .memory import Sections
from .pcg64 import draw
from .tables import EVENT_MASK, NARROW_BITS, WIDE_BITS

YUM = Event.YUM.value  # a plain int: NumPy is slow with others
KINDS = np.float64, np.float64, np.int64, np.bool_, np.bool_, np.bool_  # of the results of `step`
AT_START = 0.0, 0.0, NO_EVENT, False, False, False  # instead of results
INVALID = -1  # instead of the number of ended episodes


def step(
    table: NDArray[Any],
    values: Floats,
    slices: Floats | None,
    words: NDArray[np.uint64] | None,
    state: Ints,
    over: Bools,
    clock: int,
    limit: int,
    actions: Ints,
    next_rows: Ints,
    results: Sections,
) -> int:
    """Take an action in each environment; those whose episode is over start at row 0 instead.

    Args:
        table: The packed outcomes of `PackedTables` [rows, A, K].
        values: The rewards of the results, with and without hints [R, 2].
        slices: The upper ends of the outcomes' slices [A, K - 1]; None if the dynamics are deterministic.
        words: The generators of `VectorRng`, changed in place [5, n]; None without `slices`.
        state: The row of each environment, and the clock at its time limit, changed in place [2, n].
        over: Whether the last step has ended the episode, changed in place [n].
        clock: The number of this step.
        limit: The number of steps after which an episode is truncated.
        actions: The actions [n].
        next_rows: Filled with the rows after the step [n].
        results: Filled with the reward (with hints if they are on), the reward without hints, the number of
            the event, whether the episode has terminated (twice), and whether the time limit is reached [n].

    Returns:
        The number of episodes that ended, or `INVALID` if an action does not exist; then nothing has changed.
    """
    count, outcomes = table.shape[1:]
    if np.maximum.reduce(actions.view(np.uint64)) >= count:  # negative values are huge as uint64
        return INVALID
    rows, deadline = state[0], state[1]
    (resets,) = over.nonzero()
    index = rows * count
    index += actions
    if slices is not None:
        index *= outcomes
        acting: Any = np.flatnonzero(~over) if len(resets) else slice(None)
        random = draw(words, acting)
        for ends in slices.T:
            index[acting] += random >= ends[actions[acting]]
    outcome = table.reshape(-1).take(index, mode="clip").astype(np.int64)
    row_bits = NARROW_BITS if table.itemsize == 4 else WIDE_BITS
    np.bitwise_and(outcome, (1 << row_bits) - 1, rows)
    outcome >>= row_bits
    reward, happiness, event_id, terminated, success, truncated = results
    values[:, 0].take(outcome, None, reward, "clip")
    values[:, 1].take(outcome, None, happiness, "clip")
    np.bitwise_and(outcome, EVENT_MASK, event_id)
    np.equal(event_id, YUM, terminated)
    np.equal(deadline, clock, truncated)
    if len(resets):
        rows[resets], deadline[resets] = 0, clock + limit
        for part, at_start in zip(results, AT_START, strict=True):
            part[resets] = at_start
    success[:], next_rows[:] = terminated, rows
    np.logical_or(terminated, truncated, over)
    return int(np.count_nonzero(over))
