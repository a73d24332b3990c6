"""Ask a policy of any kind for the probabilities of its actions."""

import inspect
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .base import Agent
from .errors import AgentError, shown
from .evaluation import action_probabilities

Floats = NDArray[np.float64]
Ask = Callable[[NDArray[Any]], Floats]  # the probabilities [n, A] of actions for observations [n, ...]

FUNCTION = "pass a function from one observation to an action or to the probabilities of the actions"


def asked(policy: Any, env: gym.Env[Any, Any], deterministic: bool) -> Ask | None:
    """Return how to ask a policy for probabilities, or None for a table."""
    actions = int(env.action_space.n)  # type: ignore[attr-defined]  # a table has discrete actions
    if isinstance(policy, type):
        raise AgentError(f"expected a policy, got the class {policy.__name__}; create an object of the class")
    if isinstance(policy, Agent):
        _check_spaces(policy, env)
        if deterministic:
            return lambda observations: np.eye(actions)[policy.best(observations)]
        return lambda observations: action_probabilities(policy, observations)
    if hasattr(policy, "predict"):
        return _ask_model(policy, env, actions, deterministic)
    if callable(policy):
        return lambda observations: np.stack([_answer(policy, obs, actions) for obs in observations])
    return None


def _check_spaces(policy: Any, env: gym.Env[Any, Any]) -> None:
    """Raise an AgentError if a policy is for other spaces; pictures may have their channels first."""
    for name in ("observation_space", "action_space"):
        mine, other = getattr(policy, name, None), getattr(env, name)
        pictures = name == "observation_space" and len(other.shape or ()) == 3 and mine is not None
        if mine not in (None, other) and not (pictures and sorted(mine.shape or ()) == sorted(other.shape)):
            raise AgentError(f"expected a policy for {shown(other)}, got one for {shown(mine)}")


def _ask_model(model: Any, env: gym.Env[Any, Any], actions: int, deterministic: bool) -> Ask:
    """Return how to ask a model with the interface of Stable-Baselines3."""
    try:
        parameters = set(inspect.signature(model.predict).parameters)
    except (TypeError, ValueError):  # written in C, or not a function
        parameters = set()
    if "deterministic" not in parameters:
        raise AgentError(f"expected a method predict with an argument `deterministic`; {FUNCTION}")
    if "action_masks" in parameters:
        raise AgentError(f"{type(model).__name__} needs the action masks of the state; {FUNCTION}")
    normalizer = model.get_vec_normalize_env() if hasattr(model, "get_vec_normalize_env") else None
    _check_spaces(model if normalizer is None else normalizer.venv, env)

    def ask(observations: NDArray[Any]) -> Floats:
        seen = observations if normalizer is None else normalizer.normalize_obs(observations)
        answer = model.predict(seen, deterministic=True)
        if not isinstance(answer, tuple) or len(answer) != 2:
            raise AgentError(f"predict: expected actions and a state (None), got {shown(answer)}; {FUNCTION}")
        chosen, memory = answer
        if memory is not None:
            raise AgentError(f"{type(model).__name__} remembers: expected a policy of the observation alone")
        greedy = _one_hot(chosen, len(observations), actions)
        return greedy if deterministic else _explored(model, seen, greedy)

    return ask


def _one_hot(chosen: Any, number: int, actions: int) -> Floats:
    """Return actions [n] as probabilities [n, A]."""
    whole = _array(chosen)
    if whole.size != number or whole.dtype.kind not in "iu" or not ((whole >= 0) & (whole < actions)).all():
        raise AgentError(f"predict: expected {number} actions below {actions}, got {shown(chosen)}")
    one_hot: Floats = np.eye(actions)[whole.ravel()]
    return one_hot


def _explored(model: Any, observations: NDArray[Any], greedy: Floats) -> Floats:
    """Return the probabilities [n, A] with which a model explores, given its greedy policy [n, A]."""
    policy = getattr(model, "policy", model)
    if hasattr(policy, "get_distribution"):
        distribution = policy.get_distribution(policy.obs_to_tensor(observations)[0]).distribution
        return _normalized(distribution.probs.detach().cpu().numpy())
    if hasattr(model, "exploration_rate"):
        epsilon, actions = float(model.exploration_rate), greedy.shape[1]
        explored: Floats = epsilon / actions + (1 - epsilon) * greedy
        return explored
    raise AgentError(f"{type(model).__name__} does not report how it explores; {FUNCTION}")


def _answer(function: Callable[[Any], Any], observation: Any, actions: int) -> Floats:
    """Return the answer of a function as probabilities [A]."""
    obs = observation.item() if np.ndim(observation) == 0 else observation.copy()
    given = function(obs)
    answer = _array(given)
    if answer.size == 1 and answer.dtype.kind in "iu" and 0 <= answer.item() < actions:
        one_hot: Floats = np.eye(actions)[answer.item()]
        return one_hot
    right = answer.shape == (actions,) and answer.dtype.kind in "iuf" and bool((answer >= 0).all())
    if right and abs(answer.sum() - 1) < 1e-4:
        return _normalized(answer)
    expected = f"an action below {actions}, or {actions} probabilities that sum to 1"
    raise AgentError(f"expected a function that returns {expected}, got {shown(given)} for {shown(obs)}")


def _array(answer: Any) -> NDArray[Any]:
    """Return an answer as an array; an empty one if it has no shape."""
    try:
        return np.asarray(answer)
    except Exception:  # ragged, or not convertible for a reason of its own
        return np.empty(0, object)


def _normalized(chances: NDArray[Any]) -> Floats:
    """Return probabilities [..., A] that sum to 1 also in double precision."""
    exact = chances.astype(np.float64)
    normalized: Floats = exact / exact.sum(axis=-1, keepdims=True)
    return normalized
