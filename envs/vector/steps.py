"""A step of n environments in NumPy; `loops` has the same function as a loop for Numba."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Bools, Floats, Ints
from ..dynamics import NO_EVENT, Event
from .pcg64 import draw
from .tables import EVENT_MASK, NARROW_BITS, WIDE_BITS

YUM = Event.YUM.value  # a plain int: NumPy is slow with others
AT_START = (0.0, 0.0, False, False, False, NO_EVENT)  # instead of results
INVALID = -1  # instead of the number of ended episodes


def step(
    table: NDArray[Any],
    values: Floats,
    slices: Floats | None,
    words: NDArray[np.uint64] | None,
    drawn: NDArray[np.uint8] | None,
    rows: Ints,
    deadline: Ints,
    over: Bools,
    clock: int,
    limit: int,
    actions: Ints,
    next_rows: Ints,
    reward: Floats,
    happiness: Floats,
    terminated: Bools,
    success: Bools,
    truncated: Bools,
    event_id: Ints,
) -> int:
    """Take an action in each environment; those whose episode is over start at row 0 instead.

    Args:
        table: The packed outcomes of `PackedTables` [rows, A, K].
        values: The rewards of the results, with and without hints [2, R].
        slices: The upper ends of the outcomes' slices [A, K - 1]; None if the dynamics are deterministic.
        words: The states of the generators of `VectorRng`, changed in place [n, 4]; None without `slices`.
        drawn: How many numbers the generators have drawn, changed in place [n]; None without `slices`.
        rows: The row of each environment, changed in place [n].
        deadline: The value of the clock at the time limit, changed in place [n].
        over: Whether the last step has ended the episode, changed in place [n].
        clock: The number of this step.
        limit: The number of steps after which an episode is truncated.
        actions: The actions [n].
        next_rows: Filled with the rows after the step [n].
        reward: Filled with the rewards, with hints if they are on [n].
        happiness: Filled with the rewards without hints [n].
        terminated: Filled with whether the episode has terminated [n].
        success: Filled with the same [n].
        truncated: Filled with whether the time limit is reached [n].
        event_id: Filled with the numbers of the events, `NO_EVENT` at the start of an episode [n].

    Returns:
        The number of episodes that ended, or `INVALID` if an action does not exist; then nothing has changed.
    """
    count, outcomes = table.shape[1:]
    if np.maximum.reduce(actions.view(np.uint64)) >= count:  # negative values are huge as uint64
        return INVALID
    (resets,) = over.nonzero()
    index = rows * count
    index += actions
    if slices is not None:
        index *= outcomes
        (acting,) = np.logical_not(over).nonzero()
        random = draw(words, drawn, acting)
        index[acting] += (random[:, None] >= slices[actions[acting]]).sum(axis=1)
    outcome = table.reshape(-1).take(index, mode="clip")
    row_bits = NARROW_BITS if table.itemsize == 4 else WIDE_BITS
    np.copyto(rows, outcome & (1 << row_bits) - 1, casting="unsafe")
    outcome >>= row_bits
    values[0].take(outcome, None, reward, "clip")
    values[1].take(outcome, None, happiness, "clip")
    np.bitwise_and(outcome, EVENT_MASK, event_id, casting="unsafe")
    np.equal(event_id, YUM, terminated)
    np.equal(deadline, clock, truncated)
    if len(resets):
        rows[resets], deadline[resets] = 0, clock + limit
        for part, at_start in zip(
            (reward, happiness, terminated, success, truncated, event_id), AT_START, strict=True
        ):
            part[resets] = at_start
    success[:], next_rows[:] = terminated, rows
    np.logical_or(terminated, truncated, over)
    return int(np.count_nonzero(over))
