"""Hints: potential-based reward shaping."""

import numpy as np

from .arrays import Floats, TabularModel

HINT_GAMMA = 0.99
HINT_PER_ACT = -0.1  # the potential of a state, per action that is still needed


def hints(model: TabularModel) -> Floats:
    """Compute the shaping rewards [S, A, K]: gamma * phi(next) - phi(state), with phi(end) = 0.

    phi is `HINT_PER_ACT` times the fewest actions that are still needed. The optimal policy stays the same:
    Ng, Harada and Russell, "Policy invariance under reward transformations", 1999.
    """
    phi = HINT_PER_ACT * fewest_acts(model)
    next_phi = np.where(model.terminated, 0.0, phi[model.next_state])
    return HINT_GAMMA * next_phi - phi[:, None, None]


def fewest_acts(model: TabularModel) -> Floats:
    """Compute the fewest actions from each state to the liked cookie [S], over all possible outcomes."""
    acts = np.full(len(model.start), np.inf)
    while True:
        after = np.where(model.terminated, 0.0, acts[model.next_state])
        better = 1 + np.where(model.probability > 0, after, np.inf).min(axis=(1, 2))
        if np.array_equal(better, acts):
            return acts
        acts = better
