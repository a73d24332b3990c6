"""The compiled loop over environments: the same function as in `steps`, for Numba."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Bools, Floats, Ints
from ..compiled import compiled
from ..dynamics import NO_EVENT
from .pcg64 import next_uniform as plain_next_uniform
from .steps import INVALID, YUM
from .tables import EVENT_MASK, NARROW_BITS, WIDE_BITS

next_uniform = compiled(plain_next_uniform)


@compiled
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
    """Take an action in each environment; see `steps.step`.

    Unsigned indices spare the loop the test for negative ones. Numba leaves out the draws without `slices`.
    """
    worst = np.uint64(0)
    for i in range(len(rows)):
        worst = max(worst, np.uint64(actions[i]))
    if worst >= np.uint64(table.shape[1]):
        return INVALID
    row_bits = NARROW_BITS if table.itemsize == 4 else WIDE_BITS
    ended = 0
    for i in range(len(rows)):
        if over[i]:
            rows[i] = next_rows[i] = 0
            deadline[i] = clock + limit
            reward[i] = happiness[i] = 0.0
            over[i] = terminated[i] = success[i] = truncated[i] = False
            event_id[i] = NO_EVENT
            continue
        k = 0
        if slices is not None:
            high, low, random = next_uniform(words[i, 0], words[i, 1], words[i, 2], words[i, 3])
            words[i, 0], words[i, 1] = high, low
            drawn[i] += np.uint8(1)
            for end in range(slices.shape[1]):
                k += random >= slices[np.uint64(actions[i]), end]
        outcome = np.int64(table[np.uint64(rows[i]), np.uint64(actions[i]), np.uint64(k)])
        rows[i] = next_rows[i] = outcome & (1 << row_bits) - 1
        result = outcome >> row_bits
        reward[i], happiness[i] = values[0, np.uint64(result)], values[1, np.uint64(result)]
        event = result & EVENT_MASK
        event_id[i] = event
        terminated[i] = success[i] = event == YUM
        truncated[i] = deadline[i] == clock
        over[i] = terminated[i] | truncated[i]
        ended += over[i]
    return ended
