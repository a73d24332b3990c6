"""A tabular model packed into one word per outcome, for loops that wait for memory."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .model_table import TabularModel, own_states

Floats = NDArray[np.float64]


class PackedModel(NamedTuple):
    """A model of S states, A actions and K outcomes, for compiled loops.

    Attributes:
        outcomes: int32 [S A, K], or int64 if 32 bits are too few: from the highest bit to the lowest, the
            next state, the index of the rewards, and whether the episode terminates.
        bits: The number of bits below the next state.
        rewards: The different pairs of reward and score, float64 [n, 2].
        outcome_ends: Cumulative probabilities of the outcomes, float64 [S A, K]; empty if K = 1.
        start_ends: Cumulative probabilities of the first state, float64 [S].
        random: Whether the environment has any randomness.
        time_limit: The maximum number of actions in an episode, or 0 for no limit.
    """

    outcomes: NDArray[Any]
    bits: int
    rewards: Floats
    outcome_ends: Floats
    start_ends: Floats
    random: bool
    time_limit: int


def packed_outcomes(model: TabularModel, score: Floats) -> tuple[NDArray[Any], int, Floats]:
    """Return `outcomes`, `bits` and `rewards` of `PackedModel` for a model and its scores [S, A, K]."""
    index, rewards = _indexed(model.reward, score)
    bits = 1 + (len(rewards) - 1).bit_length()
    dtype = np.int32 if (len(model.start) - 1) << bits <= np.iinfo(np.int32).max else np.int64
    words = own_states(model, dtype)
    words <<= bits
    words |= (index << 1).astype(dtype)
    words |= model.terminated
    return words.reshape(-1, words.shape[2]), bits, rewards


def _indexed(reward: Floats, score: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return the index [S, A, K] of each pair of two arrays in the different pairs [n, 2]."""
    index, values = _ranked(reward.view(np.int64))  # as bits: 0.0 and -0.0 differ
    if score is reward:
        return index, np.stack([values, values], axis=1).view(np.float64)
    score_index, scores = _ranked(score.view(np.int64))
    index, pairs = _ranked(index * len(scores) + score_index)
    return index, np.stack([values[pairs // len(scores)], scores[pairs % len(scores)]], axis=1).view(
        np.float64
    )


def _ranked(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the index of each value in the different values, and these.

    This is `np.unique` with its inverse, ten times as fast for a few different values.
    """
    different = np.unique(values)
    index: NDArray[np.int64] = np.searchsorted(different, values)
    return index, different
