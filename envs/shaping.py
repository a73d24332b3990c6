"""Hints: potential-based reward shaping."""

import numpy as np

from .arrays import Floats, TabularModel

HINT_GAMMA = 0.99
HINT_PER_STEP = -0.1  # the potential of a state, per step that is still needed


def hints(model: TabularModel) -> Floats:
    """Compute the shaping rewards [S, A, K]: gamma * phi(next) - phi(state), with phi(end) = 0.

    phi is `HINT_PER_STEP` times the fewest steps that are still needed. The optimal policy stays the same:
    Ng, Harada and Russell, "Policy invariance under reward transformations", 1999.
    """
    phi = HINT_PER_STEP * fewest_steps(model)
    next_phi = np.where(model.terminated, 0.0, phi[model.next_state])
    return HINT_GAMMA * next_phi - phi[:, None, None]


def fewest_steps(model: TabularModel) -> Floats:
    """Compute the fewest steps from each state to the liked cookie [S], over all possible outcomes."""
    steps = np.full(len(model.start), np.inf)
    while True:
        after = np.where(model.terminated, 0.0, steps[model.next_state])
        better = 1 + np.where(model.probability > 0, after, np.inf).min(axis=(1, 2))
        if np.array_equal(better, steps):
            return steps
        steps = better
