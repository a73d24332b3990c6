"""A tabular model prepared for sampling in compiled loops."""

from typing import Any, NamedTuple, Self

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .model import TabularModel, tabular_model, time_limit


class SamplingTables(NamedTuple):
    """A tabular model with cumulative probabilities.

    Attributes:
        model: The model to learn from.
        score: The reward that episode returns add up, without shaping, float64 [S, A, K].
        outcome_ends: Cumulative probabilities of the outcomes, float64 [S, A, K] (see `cumulative`).
        start_ends: Cumulative probabilities of the first state, float64 [S].
        random: Whether the environment has any randomness.
        time_limit: The maximum number of actions in an episode, or 0 for no limit.
    """

    model: TabularModel
    score: NDArray[np.float64]
    outcome_ends: NDArray[np.float64]
    start_ends: NDArray[np.float64]
    random: bool
    time_limit: int

    @classmethod
    def of(cls, env: gym.Env[Any, Any]) -> Self | None:
        """Return the tables of an environment, or None if the environment has no model."""
        model, unshaped = tabular_model(env), tabular_model(env, unshaped=True)
        if model is None or unshaped is None:
            return None
        random = model.next_state.shape[2] > 1 or np.count_nonzero(model.start) > 1
        ends, start_ends = cumulative(model.probability), cumulative(model.start)
        return cls(model, unshaped.reward, ends, start_ends, bool(random), time_limit(env) or 0)


def cumulative(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return cumulative probabilities along the last axis, exactly 1 from the last possible outcome on.

    Rounding can therefore never map a random number in [0, 1) to an impossible outcome or past the end.
    """
    possible = probability > 0
    from_here = np.flip(np.logical_or.accumulate(np.flip(possible, -1), -1), -1)
    later = np.concatenate([from_here[..., 1:], np.zeros_like(from_here[..., :1])], axis=-1)
    return np.where(later, probability.cumsum(axis=-1), 1.0)
