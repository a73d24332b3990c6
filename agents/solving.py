"""Optimal values and actions of a tabular model by value iteration."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import AgentError
from .hyperparameters import Interval
from .model_table import TabularModel, from_arrays, own_states

MAX_SWEEPS = 100_000
LARGE = 1 << 17  # outcomes from which on compiled loops are used: importing Numba takes as long as 100 sweeps
EPSILON = np.finfo(np.float64).eps
ROUNDING = 64 * EPSILON  # relative differences up to here are ties

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Solution(NamedTuple):
    """Optimal values and actions.

    Attributes:
        values: Optimal expected discounted return from each state, float64 [S].
        action_values: The same for each action, float64 [S, A].
        policy: The optimal action from which an episode can end soonest, int64 [S].
        optimal_actions: All optimal actions, bool [S, A].
    """

    values: Floats
    action_values: Floats
    policy: NDArray[np.int64]
    optimal_actions: Bools


def value_iteration(model: TabularModel, gamma: float = 0.99) -> Solution:
    """Compute optimal values by repeated Bellman backups (Sutton and Barto 2018, section 4.4).

    Backups are repeated until the relative change is within rounding, far below 1e-10. Actions whose values
    differ by less than rounding are ties, which occur with a tiny gamma, far from any reward.

    Raises:
        AgentError: If the model is not valid, gamma is not in [0, 1], or the values do not converge, as with
            gamma 1 and positive rewards in a loop.
    """
    model, gamma = from_arrays(model), Interval(0, 1)("gamma", gamma)
    solver = ArraySolver(model, gamma) if model.next_state.size < LARGE else LoopSolver(model, gamma)
    for _ in range(MAX_SWEEPS):
        change, largest = solver.sweep()
        if change <= 4 * EPSILON * largest:
            break
    else:
        raise AgentError(f"the values do not converge in {MAX_SWEEPS:,} sweeps: choose gamma below {gamma}")
    action_values, best = solver.greedy()
    return Solution(solver.values, action_values, solver.soonest(best), best)


class ArraySolver:
    """Value iteration with NumPy: a sweep updates all states at once.

    Arrays are [A, S], so that the maximum over actions is one of long rows.

    Attributes:
        values: The values so far, float64 [S].
    """

    def __init__(self, model: TabularModel, gamma: float) -> None:
        states, outcomes = len(model.start), range(model.next_state.shape[2])
        self._extended = np.zeros(states + 1)  # the last is the value after the end
        self.values = self._extended[:-1]
        self._reward = expected(model, model.reward).T.copy()
        ended = model.terminated.transpose(2, 1, 0)
        self._next = [model.next_state[:, :, k].T.copy() for k in outcomes]
        for k in outcomes:
            self._next[k][ended[k]] = states
        self._chance = model.probability
        self._discount = gamma
        self._weight: list[Floats] = []  # with one outcome, the discount is applied to all values at once
        if len(outcomes) > 1:
            self._discount = 1.0
            self._weight = [(gamma * self._chance[:, :, k].T).copy() for k in outcomes]
        self._following, self._result = np.empty_like(self._reward), np.empty_like(self._reward)

    def _backup(self) -> Floats:
        """Return action values [A, S]: a Bellman backup; the next call changes them."""
        result, following, values = self._result, self._following, self._extended * self._discount
        for k, next_state in enumerate(self._next):
            part = result if k == 0 else following
            values.take(next_state, out=part, mode="clip")  # in place only if clipped
            if self._weight:
                part *= self._weight[k]
            result += self._reward if k == 0 else following
        return result

    def sweep(self) -> tuple[float, float]:
        """Update all values, and return the largest change and the largest absolute value."""
        new = self._backup().max(axis=0)
        self.values -= new
        change = max(self.values.max(), -self.values.min())
        self.values[:] = new
        return float(change), float(max(new.max(), -new.min()))

    def greedy(self) -> tuple[Floats, Bools]:
        """Return action values [S, A] and optimal actions [S, A]."""
        values = self._backup()
        highest = values.max(axis=0)
        best = values >= highest - ROUNDING * np.maximum(highest, -values.min(axis=0))
        return values.T.copy(), best.T.copy()

    def soonest(self, allowed: Bools) -> NDArray[np.int64]:
        """Return the allowed action [S] with the shortest possible path to an end, which excludes cycles."""
        policy: NDArray[np.int64] = allowed.argmax(axis=1)  # where no path ends, any allowed action
        end = len(policy)
        places = np.flatnonzero(allowed.T)
        actions, states = np.divmod(places, end)
        after = np.array([next_state.ravel().take(places) for next_state in self._next])  # [K, n]
        if len(after) > 1:
            possible = self._chance.transpose(2, 1, 0)[:, allowed.T] > 0
            after[~possible] = end + 1
        reached = np.zeros(end + 2, np.bool_)  # the last two stand for the end and for impossible outcomes
        reached[end] = True
        while len(states):
            arrived = reached.take(after)
            ways = np.flatnonzero(arrived[0] if len(after) == 1 else arrived.any(axis=0))[::-1]
            if not len(ways):
                break
            now = states.take(ways)
            policy[now] = actions.take(ways)  # of several actions, the first is written last
            reached[now] = True
            waiting = np.flatnonzero(~reached.take(states))
            states, actions, after = states.take(waiting), actions.take(waiting), after.take(waiting, axis=1)
        return policy


class LoopSolver:
    """Value iteration in compiled loops: a sweep updates one state after another, in alternating order.

    New values are used at once, so that a few sweeps reach all states.

    Attributes:
        values: The values so far, float64 [S].
    """

    def __init__(self, model: TabularModel, gamma: float) -> None:
        self.values = np.zeros(len(model.start))
        self._model, self._gamma = model, gamma
        self._reward = expected(model, model.reward)
        self._tables = own_states(model, np.int32), model.probability, model.terminated
        self._backwards = True  # the direction of the next sweep

    def sweep(self) -> tuple[float, float]:
        """Update all values, and return the largest change and the largest absolute value."""
        from .solving_loops import sweep

        change, largest = sweep(*self._tables, self._reward, self._gamma, self.values, self._backwards)
        self._backwards = not self._backwards
        return float(change), float(largest)

    def greedy(self) -> tuple[Floats, Bools]:
        """Return action values [S, A] and optimal actions [S, A]."""
        from .solving_loops import greedy

        action_values = np.empty(self._reward.shape)
        best = np.empty(self._reward.shape, np.bool_)
        greedy(*self._tables, self._reward, self._gamma, self.values, ROUNDING, action_values, best)
        return action_values, best

    def soonest(self, allowed: Bools) -> NDArray[np.int64]:
        """Return the allowed action [S] with the shortest possible path to an end, which excludes cycles."""
        from .solving_loops import soonest

        policy: NDArray[np.int64] = soonest(*self._tables, allowed)
        return policy


def backup(model: TabularModel, reward: Floats, values: Floats, gamma: float) -> Floats:
    """Return action values [S, A] for expected rewards [S, A] and state values [S]: a Bellman backup."""
    following = np.where(model.terminated, 0.0, values[model.next_state])
    return reward + gamma * expected(model, following)


def expected(model: TabularModel, quantity: Floats) -> Floats:
    """Return the expectation [S, A] of a quantity of the outcomes [S, A, K]."""
    if quantity.shape[2] == 1:
        return quantity[:, :, 0]
    mean: Floats = np.einsum("sak,sak->sa", model.probability, quantity)
    return mean
