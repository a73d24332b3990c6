"""Array types, and arrays that nobody can change."""

from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.int8]

Array = TypeVar("Array", bound=NDArray[Any])


def frozen(array: Array) -> Array:
    """The same array, made read-only."""
    array.setflags(write=False)
    return array


def upper_ends(probability: Floats) -> list[float]:
    """Where the slices of [0, 1) end that belong to each outcome, up to the last that can happen."""
    last = int(np.flatnonzero(probability)[-1])
    return [*np.cumsum(probability)[:last].tolist(), 1.0]


class TabularModel(NamedTuple):
    """A Markov decision process as read-only arrays; K = 1 where nothing is random.

    Attributes:
        next_state: int64 [S, A, K]; where `terminated`, the state that was left.
        probability: float64 [S, A, K], summing to 1 over K.
        reward: float64 [S, A, K].
        terminated: bool [S, A, K].
        start: float64 [S], the distribution of the first state.
    """

    next_state: Ints
    probability: Floats
    reward: Floats
    terminated: Bools
    start: Floats
