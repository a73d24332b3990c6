"""Exact answers on a tabular model: the optimum, and what any policy is worth."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .model import TabularModel

Floats = NDArray[np.float64]


class Evaluation(NamedTuple):
    """What a policy is worth from the start distribution, under a time limit; no sampling noise.

    Attributes:
        happiness: expected sum of rewards of an episode.
        success: probability that an episode ends as well as an end can.
        length: expected actions in an episode.
    """

    happiness: float
    success: float
    length: float

    @property
    def actions_per_success(self) -> float:
        """Expected actions until a success, over as many episodes as it takes."""
        return self.length / self.success if self.success > 0 else float("inf")


class Solution(NamedTuple):
    """The optimum.

    Attributes:
        values: float64 [S], expected discounted reward from each state.
        action_values: float64 [S, A].
        policy: int64 [S], the first of the best actions.
        optimal_actions: bool [S, A], all of the best actions.
    """

    values: Floats
    action_values: Floats
    policy: NDArray[np.int64]
    optimal_actions: NDArray[np.bool_]


def value_iteration(model: TabularModel, gamma: float = 0.99, tolerance: float = 1e-10) -> Solution:
    """Optimal values by repeated Bellman backups (Sutton and Barto 2018, section 4.4).

    Stops when no value can be off by more than `tolerance`, or none changes any more.
    """
    reward = _expected(model, model.reward)
    values = np.zeros(len(model.start))
    largest_change = np.inf
    while largest_change > tolerance * (1 - gamma) and largest_change > 0:
        action_values = backup(model, reward, values, gamma)
        new = action_values.max(axis=1)
        largest_change = float(np.abs(new - values).max())
        values = new
    action_values = backup(model, reward, values, gamma)
    best = action_values >= action_values.max(axis=1, keepdims=True) - 1e-9
    return Solution(values, action_values, best.argmax(axis=1), best)


def optimum(model: TabularModel, horizon: int) -> Evaluation:
    """What the best behaviour is worth in episodes of at most `horizon` actions: no policy can do better.

    Backward induction; the best action may depend on the time that is left.
    """
    gains = np.stack([_expected(model, gain) for gain in _gains(model)], axis=2)
    states = np.arange(len(model.start))
    totals = np.zeros((len(states), 3))
    for _ in range(horizon):
        best = backup(model, gains[:, :, 0], totals[:, 0], 1.0).argmax(axis=1)
        weight = np.where(model.terminated[states, best], 0.0, model.probability[states, best])
        following = np.einsum("sk,skj->sj", weight, totals[model.next_state[states, best]])
        new = gains[states, best] + following
        if np.array_equal(new, totals):
            break  # a fixed point: more time changes nothing
        totals = new
    return Evaluation(*(model.start @ totals).tolist())


def evaluate(model: TabularModel, policy: NDArray[np.generic], horizon: int) -> Evaluation:
    """What a policy is worth in episodes of at most `horizon` actions, by dynamic programming.

    Args:
        model: with S states and A actions.
        policy: the action in each state, int [S], or the probability of each action, float [S, A].
        horizon: the time limit.
    """
    policy = as_probabilities(policy, model.next_state.shape[1])
    states = len(model.start)
    weight = policy[:, :, None] * model.probability
    source = np.broadcast_to(np.arange(states)[:, None, None], weight.shape)
    goes_on = (weight > 0) & ~model.terminated
    places = source[goes_on], model.next_state[goes_on]
    follow = csr_array((weight[goes_on], places), shape=(states, states))
    gains = np.stack([(weight * gain).sum(axis=(1, 2)) for gain in _gains(model)], axis=1)
    totals = np.zeros((states, 3))
    for _ in range(horizon):
        new = gains + follow @ totals
        if np.array_equal(new, totals):
            break
        totals = new
    return Evaluation(*(model.start @ totals).tolist())


def as_probabilities(policy: NDArray[np.generic], actions: int) -> Floats:
    """A policy as a table of probabilities [S, A], from one or from the action in each state [S]."""
    if policy.ndim == 2:
        return policy.astype(np.float64)
    return np.eye(actions)[policy.astype(np.int64)]


def uniform_policy(model: TabularModel) -> Floats:
    """The policy that chooses among all actions alike [S, A]."""
    states, actions, _ = model.next_state.shape
    return np.full((states, actions), 1 / actions)


def backup(model: TabularModel, reward: Floats, values: Floats, gamma: float) -> Floats:
    """One Bellman backup: action values [S, A] from expected rewards [S, A] and state values [S]."""
    following = np.where(model.terminated, 0.0, values[model.next_state])
    return reward + gamma * _expected(model, following)


def _expected(model: TabularModel, quantity: Floats) -> Floats:
    """The expectation [S, A] of a quantity of the outcomes [S, A, K]."""
    if quantity.shape[2] == 1:
        return quantity[:, :, 0]
    expected: Floats = np.einsum("sak,sak->sa", model.probability, quantity)
    return expected


def _gains(model: TabularModel) -> tuple[Floats, Floats, Floats]:
    """What each outcome adds to happiness, success and length [S, A, K].

    A success is an end with the highest reward of all ends.
    """
    ends = model.terminated & (model.probability > 0)
    success = ends & (model.reward >= model.reward[ends].max(initial=-np.inf) - 1e-9)
    return model.reward, success.astype(np.float64), np.ones_like(model.reward)
