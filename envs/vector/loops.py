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
def sections(block: NDArray[np.uint8], n: int) -> tuple[Floats, Floats, Ints, Bools, Bools, Bools]:
    """Return the arrays that a block consists of, see `steps.KINDS`; one array costs a call less than six."""
    return (
        block[: 8 * n].view(np.float64),
        block[8 * n : 16 * n].view(np.float64),
        block[16 * n : 24 * n].view(np.int64),
        block[24 * n : 25 * n].view(np.bool_),
        block[25 * n : 26 * n].view(np.bool_),
        block[26 * n : 27 * n].view(np.bool_),
    )


@compiled
def step(
    table: NDArray[Any],
    values: Floats,
    slices: Floats | None,
    words: Any,
    state: Ints,
    over: Bools,
    clock: int,
    limit: int,
    actions: Ints,
    next_rows: Ints,
    block: NDArray[np.uint8],
) -> int:
    """Take an action in each environment; see `steps.step`, but the results come as one block.

    Unsigned indices spare the loop the test for negative ones. Numba leaves out the draws without `slices`.
    """
    number = len(actions)
    worst = np.uint64(0)
    for i in range(number):
        worst = max(worst, np.uint64(actions[i]))
    if worst >= np.uint64(table.shape[1]):
        return INVALID
    rows, deadline = state[0], state[1]
    reward, happiness, event_id, terminated, success, truncated = sections(block, number)
    row_bits = NARROW_BITS if table.itemsize == 4 else WIDE_BITS
    for i in range(number):
        if over[i]:
            rows[i] = next_rows[i] = 0
            deadline[i] = clock + limit
            reward[i] = happiness[i] = 0.0
            event_id[i] = NO_EVENT
            continue
        k = 0
        if slices is not None:
            high, low, random = next_uniform(words[0, i], words[1, i], words[2, i], words[3, i])
            words[0, i], words[1, i] = high, low
            words[4, i] += np.uint64(1)
            for end in range(slices.shape[1]):
                k += random >= slices[np.uint64(actions[i]), end]
        outcome = np.int64(table[np.uint64(rows[i]), np.uint64(actions[i]), np.uint64(k)])
        rows[i] = next_rows[i] = outcome & (1 << row_bits) - 1
        result = outcome >> row_bits
        reward[i], happiness[i] = values[np.uint64(result), 0], values[np.uint64(result), 1]
        event_id[i] = result & EVENT_MASK
    ended = 0
    for i in range(number):  # a loop without look-ups: several environments at a time
        terminates, truncates = event_id[i] == YUM, deadline[i] == clock
        terminated[i] = success[i] = terminates
        truncated[i], over[i] = truncates, terminates | truncates
        ended += terminates | truncates
    return ended
