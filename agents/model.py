"""Tabular models of Gymnasium environments, also prepared for sampling."""

from typing import Any, NamedTuple, Self

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete
from numpy.typing import NDArray

from .errors import AgentError

# Wrappers that do not change observations, actions, rewards or terminations (a time limit only truncates), by
# name because other libraries replace Gymnasium's classes with their own.
_TRANSPARENT = {
    *("gymnasium.HumanRendering", "gymnasium.OrderEnforcing", "gymnasium.PassiveEnvChecker"),
    *("gymnasium.RenderCollection", "gymnasium.TimeLimit"),
    "rl_zoo3.PatchedTimeLimit",  # replaces Gymnasium's once rl_zoo3 is imported
}


class TabularModel(NamedTuple):
    """A Markov decision process as arrays; K = 1 if the dynamics are deterministic.

    Attributes:
        next_state: int64 [S, A, K].
        probability: float64 [S, A, K], summing to 1 over K.
        reward: float64 [S, A, K].
        terminated: bool [S, A, K].
        start: The distribution of the first state, float64 [S].
    """

    next_state: NDArray[np.int64]
    probability: NDArray[np.float64]
    reward: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    start: NDArray[np.float64]


def tabular_model(env: gym.Env[Any, Any], *, unshaped: bool = False) -> TabularModel | None:
    """Return the exact model of an environment, or None if there is none.

    The model is the attribute `tabular_model`, or is built from `P` and `initial_state_distrib` as in
    Gymnasium's toy_text. There is none if a wrapper may change observations, actions or rewards.

    Args:
        env: The environment.
        unshaped: Whether to prefer the attribute `unshaped_model`, whose rewards have no shaping.
    """
    if not is_plain(env):
        return None
    wrapper = env.unwrapped
    if unshaped and hasattr(wrapper, "unshaped_model"):
        return TabularModel(*wrapper.unshaped_model)
    if hasattr(wrapper, "tabular_model"):
        return TabularModel(*wrapper.tabular_model)
    if hasattr(wrapper, "P") and hasattr(wrapper, "initial_state_distrib"):
        return from_transitions(wrapper.P, np.asarray(wrapper.initial_state_distrib, np.float64))
    return None


def is_plain(env: gym.Env[Any, Any]) -> bool:
    """Return whether no wrapper may change observations, actions or rewards."""
    while isinstance(env, gym.Wrapper):
        if _name(type(env)) not in _TRANSPARENT:
            return False
        env = env.env
    return True


def state_observations(env: gym.Env[Any, Any]) -> NDArray[Any] | None:
    """Return the observation in each state of the tabular model [S, ...], or None if unknown.

    The observations are the attribute `state_observations`, or the state numbers of a `Discrete` space.
    """
    model = tabular_model(env)
    if model is None:
        return None
    if hasattr(env.unwrapped, "state_observations"):
        observations: NDArray[Any] = env.unwrapped.state_observations
        return observations
    return np.arange(len(model.start)) if isinstance(env.observation_space, Discrete) else None


def time_limit(env: gym.Env[Any, Any]) -> int | None:
    """Return the maximum number of actions in an episode, or None without a limit."""
    limits = []
    while isinstance(env, gym.Wrapper):
        if "gymnasium.TimeLimit" in map(_name, type(env).__mro__):
            limits.append(env._max_episode_steps)  # type: ignore[attr-defined]
        env = env.env
    return min(limits, default=None)


def from_transitions(
    transitions: dict[int, dict[int, list[tuple[float, int, float, bool]]]], start: NDArray[np.float64]
) -> TabularModel:
    """Build a model from `P[s][a] = [(probability, next_state, reward, terminated), ...]`.

    Raises:
        AgentError: If a next state does not exist.
    """
    states, actions = len(transitions), len(transitions[0])
    outcomes = max(len(results) for row in transitions.values() for results in row.values())
    shape = (states, actions, outcomes)
    model = TabularModel(
        next_state=np.zeros(shape, np.int64),
        probability=np.zeros(shape),
        reward=np.zeros(shape),
        terminated=np.zeros(shape, np.bool_),
        start=start / start.sum(),
    )
    for state, row in transitions.items():
        for action, results in row.items():
            for k, (probability, next_state, reward, terminated) in enumerate(results):
                place = state, action, k
                model.next_state[place] = next_state
                model.probability[place] = probability
                model.reward[place] = reward
                model.terminated[place] = terminated
    if ((model.next_state < 0) | (model.next_state >= states)).any():
        raise AgentError(f"P: expected next states below {states}")
    return model


def _name(kind: type) -> str:
    """Return the library and the class, without the module."""
    return f"{kind.__module__.partition('.')[0]}.{kind.__name__}"


class SamplingTables(NamedTuple):
    """A tabular model with cumulative probabilities.

    Attributes:
        model: The model to learn from.
        score: The reward that episode returns add up, without shaping, float64 [S, A, K].
        outcome_ends: Cumulative probabilities of the outcomes, float64 [S, A, K] (see `cumulative`).
        start_ends: Cumulative probabilities of the first state, float64 [S].
        random: Whether the environment has any randomness.
        time_limit: The maximum number of actions in an episode, or 0 for no limit.
    """

    model: TabularModel
    score: NDArray[np.float64]
    outcome_ends: NDArray[np.float64]
    start_ends: NDArray[np.float64]
    random: bool
    time_limit: int

    @classmethod
    def of(cls, env: gym.Env[Any, Any]) -> Self | None:
        """Return the tables of an environment, or None if the environment has no model."""
        model, unshaped = tabular_model(env), tabular_model(env, unshaped=True)
        if model is None or unshaped is None:
            return None
        random = model.next_state.shape[2] > 1 or np.count_nonzero(model.start) > 1
        ends, start_ends = cumulative(model.probability), cumulative(model.start)
        return cls(model, unshaped.reward, ends, start_ends, bool(random), time_limit(env) or 0)


def cumulative(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return cumulative probabilities along the last axis, exactly 1 from the last possible outcome on.

    Rounding can therefore never map a random number in [0, 1) to an impossible outcome or past the end.
    """
    possible = probability > 0
    from_here = np.flip(np.logical_or.accumulate(np.flip(possible, -1), -1), -1)
    later = np.concatenate([from_here[..., 1:], np.zeros_like(from_here[..., :1])], axis=-1)
    return np.where(later, probability.cumsum(axis=-1), 1.0)
