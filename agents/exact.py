"""Exact evaluation on a tabular model: of the optimum under a time limit, and of any policy."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .chain import chain_of, checked, sparse, step_gains, success_reward, transitions
from .errors import AgentError
from .hyperparameters import Interval, Whole
from .model_table import TabularModel, from_arrays, own_states
from .solving import LARGE, Solution, backup, expected, value_iteration

__all__ = ["Evaluation", "Solution", "backup", "backward_induction", "best_stationary", "discounted_values"]
__all__ += ["epsilon_greedy", "evaluate", "expected", "optimum", "stationary", "uniform_policy"]
__all__ += ["value_iteration"]

STEPS_TO_CHECK = 8  # between two looks for a fixed point, which take as long as a step

Floats = NDArray[np.float64]


class Evaluation(NamedTuple):
    """The performance of a policy from the start distribution, under a time limit.

    Attributes:
        mean_return: Expected sum of rewards of an episode.
        success: Probability that an episode terminates with the highest possible final reward.
        length: Expected number of actions in an episode.
    """

    mean_return: float
    success: float
    length: float

    @property
    def actions_per_success(self) -> float:
        """Expected number of actions per success, over many episodes."""
        return self.length / self.success if self.success > 0 else float("inf")


def optimum(model: TabularModel, horizon: int) -> Evaluation:
    """Evaluate the optimal policy in episodes of at most `horizon` actions, by backward induction.

    The optimal action may depend on the time left, which agents do not see; see `best_stationary`. Among
    policies of equal return, the one with the higher success, then with shorter episodes, is chosen: success
    and length have tiny weights next to the return.

    Raises:
        AgentError: If the model is not valid, or the horizon is not a whole number of at least 0.
    """
    return backward_induction(model, horizon)[0]


def backward_induction(model: TabularModel, horizon: int) -> tuple[Evaluation, NDArray[np.int64]]:
    """Return the evaluation of `optimum`, and its action in each state with all the time left, int64 [S].

    Raises:
        AgentError: See `optimum`.
    """
    model, horizon = from_arrays(model), Whole(0)("horizon", horizon)
    gains = np.stack([expected(model, gain) for gain in step_gains(model, success_reward(model))], axis=2)
    weights = max(1e-300, np.abs(model.reward).max()) * np.array([0.0, 1e-8, -1e-11]) + [1.0, 0.0, 0.0]
    step_back = _step_back
    if _is_large(model):
        step_back, model = _compiled_step_back, model._replace(next_state=own_states(model))
    merit, totals = gains @ weights, np.zeros((len(model.start), 3))
    best = np.zeros(len(totals), np.int64)
    for _ in range(horizon):
        new, best = step_back(model, gains, merit, totals, totals @ weights)
        if np.array_equal(new, totals):
            break  # a fixed point: more time changes nothing
        totals = new
    return Evaluation(*(model.start @ totals).tolist()), best


def _is_large(model: TabularModel) -> bool:
    """Return whether a compiled loop pays; with several outcomes, its sums would round differently."""
    return model.next_state.size >= LARGE and model.next_state.shape[2] == 1


def _step_back(
    model: TabularModel, gains: Floats, merit: Floats, totals: Floats, merits: Floats
) -> tuple[Floats, NDArray[np.int64]]:
    """Return the totals [S, 3] with one more action left, and that action [S].

    Args:
        model: The model.
        gains: Expected reward, success and length of one step [S, A, 3].
        merit: Their weighted sum [S, A], of which the action has the highest.
        totals: The totals with the time left [S, 3].
        merits: Their weighted sum [S].
    """
    best = backup(model, merit, merits, 1.0).argmax(axis=1)
    states = np.arange(len(best))
    weight = np.where(model.terminated[states, best], 0.0, model.probability[states, best])
    following = np.einsum("sk,skj->sj", weight, totals[model.next_state[states, best]])
    return gains[states, best] + following, best


def _compiled_step_back(
    model: TabularModel, gains: Floats, merit: Floats, totals: Floats, merits: Floats
) -> tuple[Floats, NDArray[np.int64]]:
    """Return the result of `_step_back`, to the bit, for a model of one outcome."""
    from .solving_loops import step_back

    new, best = np.empty_like(totals), np.empty(len(totals), np.int64)
    step_back(model.next_state, model.probability, model.terminated, gains, merit, totals, merits, new, best)
    return new, best


def best_stationary(model: TabularModel, horizon: int) -> Evaluation:
    """Evaluate the best policy found whose actions do not depend on the time left.

    The candidates are the policies that backward induction finds optimal with 1 to `horizon` actions left.
    The result is a lower bound: the best stationary policy for a time limit is hard to compute. It equals
    `optimum` where the time limit does not matter.

    Raises:
        AgentError: If the model is not valid, or the horizon is not a whole number of at least 0.
    """
    model = from_arrays(model)
    return stationary(model, horizon, *backward_induction(model, horizon))


def stationary(model: TabularModel, horizon: int, best: Evaluation, policy: NDArray[np.int64]) -> Evaluation:
    """Return the result of `best_stationary`, given that of `backward_induction`, which is often enough."""
    found = evaluate(model, policy, horizon)
    reward, values = expected(model, model.reward), np.zeros(len(model.start))
    enough = best.mean_return - 1e-12 * max(1.0, abs(best.mean_return))
    tried = {policy.tobytes()}
    for _ in range(horizon):
        if found.mean_return >= enough:
            break
        action_values = backup(model, reward, values, 1.0)
        policy, values = action_values.argmax(axis=1), action_values.max(axis=1)
        if policy.tobytes() not in tried:
            tried.add(policy.tobytes())
            found = max(found, evaluate(model, policy, horizon))
    return found


def evaluate(model: TabularModel, policy: NDArray[np.generic], horizon: int) -> Evaluation:
    """Evaluate a policy in episodes of at most `horizon` actions, by dynamic programming.

    Args:
        model: A model of S states and A actions.
        policy: The action in each state, int [S], or the probability of each action, float [S, A].
        horizon: The time limit.

    Raises:
        AgentError: If the model is not valid, the policy has neither form, or the horizon is not a whole
            number of at least 0.
    """
    model, horizon = from_arrays(model), Whole(0)("horizon", horizon)
    chain = chain_of(model, policy)
    totals = np.zeros_like(chain.gains)
    for step in range(horizon):
        new = chain.gains + chain.follow @ totals
        if step % STEPS_TO_CHECK == 0 and np.array_equal(new, totals):
            break  # a fixed point: more time changes nothing
        totals = new
    return Evaluation(*(chain.start @ totals).tolist())


def discounted_values(model: TabularModel, policy: NDArray[np.generic], gamma: float) -> Floats:
    """Return the expected discounted return of a policy from each state [S], without a time limit.

    Solves v = r + gamma P v (Sutton and Barto 2018, equation 4.4). The policy is given as in `evaluate`.

    Raises:
        AgentError: If the model or the policy is not valid, or gamma is not in [0, 1).
    """
    from scipy.sparse import eye_array  # slow to import
    from scipy.sparse.linalg import spsolve

    model, gamma = from_arrays(model), Interval(0, 1)("gamma", gamma)
    if gamma == 1:
        raise AgentError(
            "gamma: expected a number below 1, got 1: without a time limit, returns may be infinite"
        )
    weights, rows, columns, gains = transitions(model, policy)
    follow = sparse(weights, rows, columns, len(model.start)).tocsc()
    values: Floats = spsolve(eye_array(len(model.start), format="csc") - gamma * follow, gains[:, 0])
    return values


def uniform_policy(model: TabularModel) -> Floats:
    """Return the probabilities [S, A] of the uniformly random policy.

    Raises:
        AgentError: If the model is not valid.
    """
    states, actions, _ = from_arrays(model).next_state.shape
    return np.full((states, actions), 1 / actions)


def epsilon_greedy(model: TabularModel, policy: NDArray[np.int64], epsilon: float) -> Floats:
    """Return the probabilities [S, A] of a policy [S] that acts at random with probability epsilon.

    Raises:
        AgentError: If the model is not valid, the policy is not an action for each state, or epsilon is not
            in [0, 1].
    """
    uniform, epsilon = uniform_policy(model), Interval(0, 1)("epsilon", epsilon)
    actions = checked(model, policy)
    if actions.ndim != 1:
        raise AgentError(f"expected a policy [{len(uniform)}] of actions, got shape {list(actions.shape)}")
    probabilities: Floats = epsilon * uniform + (1 - epsilon) * np.eye(uniform.shape[1])[actions]
    return probabilities
