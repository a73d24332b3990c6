"""Hints: potential-based reward shaping."""

import numpy as np

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
    phi = HINT_PER_STEP * fewest_steps(model)
    reward = phi[model.next_state]  # computed in place: large kitchens have millions of outcomes
    reward[model.terminated] = 0.0
    reward *= gamma
    reward -= phi[:, None, None]
    reward += model.reward
    return reward


def fewest_steps(model: TabularModel) -> Floats:
    """Compute the fewest steps from each state to the liked cookie [S], over all possible outcomes.

    The search is breadth-first, backwards from the states in which an action may end the episode.
    """
    possible = model.probability > 0
    steps = np.full(len(model.start), np.inf)
    frontier = np.flatnonzero((model.terminated & possible).any(axis=(1, 2)))
    first, before = _predecessors(model, possible)
    distance = 1
    while len(frontier):
        steps[frontier] = distance
        counts = first[frontier + 1] - first[frontier]
        ends = np.cumsum(counts)
        found = before[np.arange(ends[-1]) + np.repeat(first[frontier + 1] - ends, counts)]
        frontier = np.unique(found[np.isinf(steps[found])])
        distance += 1
    return steps


def _predecessors(model: TabularModel, possible: Bools) -> tuple[Ints, Ints]:
    """Return the states that precede each state, as the first place of each [S + 1] in one array [n]."""
    states = len(model.start)
    moves = possible & ~model.terminated & (model.next_state != np.arange(states)[:, None, None])
    before, after = np.nonzero(moves)[0], model.next_state[moves]
    order = np.argsort(after, kind="stable")
    return np.searchsorted(after[order], np.arange(states + 1)), before[order]
