"""Array types, read-only arrays, and the tabular model."""

from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.int8]

Array = TypeVar("Array", bound=NDArray[Any])


def frozen(array: Array) -> Array:
    """Make an array read-only and return it."""
    array.setflags(write=False)
    return array


def upper_ends(probability: Floats) -> list[float]:
    """Return the upper end of each outcome's slice of [0, 1), up to the last possible outcome."""
    last = int(np.flatnonzero(probability)[-1])
    return [*np.cumsum(probability)[:last].tolist(), 1.0]


class TabularModel(NamedTuple):
    """A Markov decision process as read-only arrays; K = 1 if the dynamics are deterministic.

    Attributes:
        next_state: int64 [S, A, K]; where `terminated`, the state before the action.
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


Transitions = dict[int, dict[int, list[tuple[float, int, float, bool]]]]


def transition_lists(model: TabularModel) -> Transitions:
    """Return a model in the form of `P` in Gymnasium's toy_text.

    Returns:
        `P[s][a] = [(probability, next_state, reward, terminated), ...]`, without impossible outcomes.
    """
    parts = (model.probability, model.next_state, model.reward, model.terminated)
    return {
        s: {
            a: [outcome for outcome in zip(*per_action, strict=True) if outcome[0] > 0]
            for a, per_action in enumerate(zip(*per_state, strict=True))
        }
        for s, per_state in enumerate(zip(*(part.tolist() for part in parts), strict=True))
    }
