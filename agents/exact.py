"""Exact answers on a tabular model: the optimum, and what any policy is worth."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import spsolve

from .errors import AgentError
from .model import TabularModel

MAX_SWEEPS = 20_000

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

    Raises:
        AgentError: the values do not settle, as with gamma 1 and rewards for going on for ever.
    """
    reward = _expected(model, model.reward)
    values = np.zeros(len(model.start))
    largest_change = np.inf
    for _ in range(MAX_SWEEPS):
        if largest_change <= tolerance * (1 - gamma):
            break
        action_values = backup(model, reward, values, gamma)
        new = action_values.max(axis=1)
        largest_change = float(np.abs(new - values).max())
        values = new
    else:
        raise AgentError(f"the values do not settle in {MAX_SWEEPS:,} sweeps: choose gamma below {gamma}")
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
    chain = _chain(model, policy)
    totals = np.zeros_like(chain.gains)
    for _ in range(horizon):
        new = chain.gains + chain.follow @ totals
        if np.array_equal(new, totals):
            break  # a fixed point: more time changes nothing
        totals = new
    return Evaluation(*(chain.start @ totals).tolist())


def discounted_values(model: TabularModel, policy: NDArray[np.generic], gamma: float) -> Floats:
    """Expected discounted reward from each state [S] without a time limit, of a policy as in `evaluate`.

    One system of linear equations, v = r + gamma P v (Sutton and Barto 2018, equation 4.4); gamma < 1.
    """
    chain = _chain(model, policy, everywhere=True)
    identity = eye_array(len(model.start), format="csc")
    values: Floats = spsolve(identity - gamma * chain.follow.tocsc(), chain.gains[:, 0])
    return values


def uniform_policy(model: TabularModel) -> Floats:
    """The policy that chooses among all actions alike [S, A]."""
    states, actions, _ = model.next_state.shape
    return np.full((states, actions), 1 / actions)


def epsilon_greedy(model: TabularModel, policy: NDArray[np.int64], epsilon: float) -> Floats:
    """The policy [S, A] that follows another one [S], but acts at random with probability epsilon."""
    return epsilon * uniform_policy(model) + (1 - epsilon) * np.eye(model.next_state.shape[1])[policy]


class _Chain(NamedTuple):
    """A policy in a model: a Markov chain over the n states that count.

    Attributes:
        follow: sparse [n, n], the probability that the episode goes on from one to another.
        gains: float64 [n, 3], expected happiness, success and length of one step.
        start: float64 [n].
    """

    follow: csr_array
    gains: Floats
    start: Floats


def _chain(model: TabularModel, policy: NDArray[np.generic], everywhere: bool = False) -> _Chain:
    """The chain of a policy over the states that it can reach, or over all of them."""
    states = len(model.start)
    rows = np.arange(states)
    if policy.ndim == 1:
        weight = model.probability[rows, policy]
        next_state, terminated = model.next_state[rows, policy], model.terminated[rows, policy]
        gains = [gain[rows, policy] for gain in _gains(model)]
    else:
        weight = (policy.astype(np.float64)[:, :, None] * model.probability).reshape(states, -1)
        next_state, terminated = model.next_state.reshape(states, -1), model.terminated.reshape(states, -1)
        gains = [gain.reshape(states, -1) for gain in _gains(model)]
    source = np.broadcast_to(rows[:, None], weight.shape)
    goes_on = (weight > 0) & ~terminated
    places = source[goes_on], next_state[goes_on]
    follow = csr_array((weight[goes_on], places), shape=(states, states))
    expected = np.stack([(weight * gain).sum(axis=1) for gain in gains], axis=1)
    kept = rows if everywhere else _reachable(follow, model.start)
    return _Chain(follow[kept][:, kept], expected[kept], model.start[kept])


def _reachable(follow: csr_array, start: Floats) -> NDArray[np.int64]:
    """The states that a chain can reach from its start."""
    seen = start > 0
    while True:
        more = seen | (follow.T @ seen > 0)
        if np.array_equal(more, seen):
            return np.flatnonzero(seen)
        seen = more


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
