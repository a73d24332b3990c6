"""The memory of multi-step methods in the running episode."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Past(NamedTuple):
    """Eligibility traces, or the last steps for n-step returns.

    Attributes:
        traces: The eligibility trace of each action, float64 [S, A]; empty for n-step returns.
        traced: The pairs, as numbers state * A + action, whose trace is not 0 [S * A].
        steps: State and action of the last steps whose values were not updated, int64 [n, 2].
        rewards: The rewards of these steps, float64 [n].
        sizes: The number of pairs with a trace, or of steps that wait, int64 [1].
    """

    traces: NDArray[np.float64]
    traced: NDArray[np.int64]
    steps: NDArray[np.int64]
    rewards: NDArray[np.float64]
    sizes: NDArray[np.int64]


def traced_past(traces: NDArray[np.float64]) -> Past:
    """Return the past of an episode with these traces, which change in place."""
    pairs = np.flatnonzero(traces)
    traced = np.empty(traces.size, np.int64)
    traced[: len(pairs)] = pairs
    return Past(traces, traced, np.zeros((0, 2), np.int64), np.zeros(0), np.array([len(pairs)]))


def waiting_past(steps: NDArray[np.int64], rewards: NDArray[np.float64], waiting: int) -> Past:
    """Return the past of an episode with this many waiting steps; the arrays change in place."""
    return Past(np.zeros((0, 0)), np.zeros(0, np.int64), steps, rewards, np.array([waiting]))
