"""Hints: potential-based shaping of the reward."""

import numpy as np

from .arrays import Floats, TabularModel

HINT_GAMMA = 0.99
HINT_PER_ACT = -0.1  # the potential of a state, per act that is still needed


def hints(model: TabularModel) -> Floats:
    """Potential-based shaping [S, A, K]: gamma * phi(next) - phi(state), phi(end) = 0.

    phi is `HINT_PER_ACT` times the fewest acts that are still needed. It leaves the optimal policy as
    it is: Ng, Harada and Russell, "Policy invariance under reward transformations", 1999.
    """
    phi = HINT_PER_ACT * fewest_acts(model)
    next_phi = np.where(model.terminated, 0.0, phi[model.next_state])
    return HINT_GAMMA * next_phi - phi[:, None, None]


def fewest_acts(model: TabularModel) -> Floats:
    """How many acts the liked cookie is away from each state [S], with all luck on the child's side."""
    acts = np.full(len(model.start), np.inf)
    while True:
        after = np.where(model.terminated, 0.0, acts[model.next_state])
        better = 1 + np.where(model.probability > 0, after, np.inf).min(axis=(1, 2))
        if np.array_equal(better, acts):
            return acts
        acts = better
