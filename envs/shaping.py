"""Hints: potential-based reward shaping."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import Bools, Floats, Ints, TabularModel

HINT_GAMMA = 0.99
HINT_PER_STEP = -0.1  # the potential of a state, per step that is still needed


def shaped_reward(model: TabularModel, gamma: float = HINT_GAMMA) -> Floats:
    """Compute the rewards with hints [S, A, K]: reward + gamma * phi(next) - phi(state), with phi(end) = 0.

    phi is `HINT_PER_STEP` times the fewest steps that are still needed. For an agent that discounts by the
    same gamma, the sum of hints over an episode depends on its first state only, so that the optimal policy
    stays the same: Ng, Harada and Russell, "Policy invariance under reward transformations", 1999. For an
    agent with another discount factor g, (gamma - g) * phi(next) remains in every step: with g < gamma a
    penalty for distance, with g > gamma a bonus for it.

    Args:
        model: The model with happiness as reward.
        gamma: The discount factor of the hints, from 0 to 1.
    """
    return add_hints(model, HINT_PER_STEP * fewest_steps(model), gamma)


def add_hints(model: TabularModel, phi: Floats, gamma: float) -> Floats:
    """Return the rewards with hints [S, A, K] for a potential [S]; see `shaped_reward`."""
    reward = phi[model.next_state]  # computed in place: large kitchens have millions of outcomes
    reward[model.terminated] = 0.0
    reward *= gamma
    reward -= phi[:, None, None]
    reward += model.reward
    return reward


def fewest_steps(model: TabularModel) -> Floats:
    """Compute the fewest steps from each state to the liked cookie [S], over all possible outcomes."""
    return search_backwards(model.next_state, model.terminated, model.probability > 0)


def search_backwards(next_state: NDArray[Any], terminated: Bools, possible: Bools) -> Floats:
    """Compute the fewest steps from each state to the end of an episode [S].

    The search is breadth-first, backwards from the states in which an action may end the episode.

    Args:
        next_state: As in `TabularModel`, of any type of whole numbers.
        terminated: As in `TabularModel`.
        possible: Whether each outcome has a positive probability [S, A, K], or an array that broadcasts.
    """
    steps = np.full(len(next_state), np.inf)
    frontier = np.flatnonzero((terminated & possible).any(axis=(1, 2)))
    first, before = _predecessors(next_state, possible & ~terminated)
    distance = 1
    while len(frontier):
        steps[frontier] = distance
        counts = first[frontier + 1] - first[frontier]
        ends = np.cumsum(counts)
        found = before[np.arange(ends[-1]) + np.repeat(first[frontier + 1] - ends, counts)]
        frontier = np.unique(found[np.isinf(steps[found])])
        distance += 1
    return steps


def _predecessors(next_state: NDArray[Any], possible: Bools) -> tuple[Ints, Ints]:
    """Return the states that precede each state, as the first place of each [S + 1] in one array [n]."""
    states, outcomes = len(next_state), next_state[0].size
    moves = np.flatnonzero(possible & (next_state != np.arange(states)[:, None, None]))
    after = next_state.ravel()[moves]
    order = np.argsort(after, kind="stable")
    return np.searchsorted(after[order], np.arange(states + 1)), moves[order] // outcomes
