"""Checks of environments, spaces, observations and the results of a step."""

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple
from numpy.typing import NDArray

from .errors import AgentError, shown
from .rewards import checked_flag

MAX_ID = 200  # characters of the id of an environment
MAX_BYTES = 1 << 32  # of the arrays of an agent

_NUMBERS = "gymnasium.wrappers.TransformAction with a function of a number"
_FLAT = "gymnasium.wrappers.FlattenObservation"
_WRAPPERS = {  # by role and class of a space
    ("action", Box): "gymnasium.wrappers.DiscretizeAction, or Stable-Baselines3",
    ("action", MultiDiscrete): _NUMBERS,
    ("action", MultiBinary): _NUMBERS,
    ("action", Discrete): _NUMBERS,
    ("observation", Dict): f"{_FLAT}, or Stable-Baselines3 with MultiInputPolicy",
    ("observation", Tuple): _FLAT,
    ("observation", MultiDiscrete): _FLAT,
    (
        "observation",
        Discrete,
    ): "gymnasium.wrappers.TransformObservation with a function that subtracts the start",
}


def checked_env(env: Any) -> gym.Env[Any, Any]:
    """Return an environment, created if its id is given.

    Raises:
        AgentError: If the value is neither, or the environment cannot be created.
    """
    if isinstance(env, str):
        if len(env) > MAX_ID or not env.isprintable():
            raise AgentError(f"expected a Gymnasium environment or its id, got {shown(env)}")
        try:
            env = gym.make(env)
        except (AgentError, gym.error.Error):
            raise
        except Exception as error:  # a foreign constructor can raise anything
            raise AgentError(
                f"{shown(env)} cannot be created; {type(error).__name__}: {error!s:.150}"
            ) from error
    if not isinstance(env, gym.Env):
        raise AgentError(f"expected a Gymnasium environment or its id, got {shown(env)}{_instead(env)}")
    for role in ("observation_space", "action_space"):
        space = getattr(env, role, None)
        if not isinstance(space, gym.Space):
            raise AgentError(f"{shown(env)}: expected a Gymnasium space as {role}, got {shown(space)}")
    return env


def _instead(env: Any) -> str:
    """Return what to pass instead of a value that is not an environment."""
    if isinstance(env, type) or (callable(env) and not hasattr(env, "step")):
        return "; call it to create the environment"
    if hasattr(env, "num_envs"):
        return "; pass a single environment, and `n_envs` to agents that step several"
    if hasattr(env, "step") and hasattr(env, "reset"):
        return "; subclass gymnasium.Env, or convert the environment with the package shimmy"
    return ', such as "CartPole-v1"' if env is None else ""


def discrete(space: gym.Space[Any], role: str) -> Discrete:
    """Return the space if it is `Discrete` and starts at 0.

    Args:
        space: The space.
        role: "observation" or "action", for the message.

    Raises:
        AgentError: If it is another space.
    """
    if not isinstance(space, Discrete) or space.start != 0:
        direct = role == "observation" and isinstance(space, (Box, MultiDiscrete, MultiBinary))
        advice = "; use PPO (--agent ppo)" if direct else wrapper_for(space, role)
        raise AgentError(f"expected a Discrete {role} space that starts at 0, got {shown(space)}{advice}")
    return space


def wrapper_for(space: gym.Space[Any], role: str) -> str:
    """Return the end of a message that names the wrapper that makes a space usable, or nothing."""
    names = (name for (of, kind), name in _WRAPPERS.items() if role == of and isinstance(space, kind))
    return next((f"; use {name}" for name in names), "")


def check_size(what: str, numbers: int, size: int = 8) -> None:
    """Check that an array is not too large for an agent.

    Args:
        what: The array, for the message.
        numbers: The number of elements.
        size: The bytes of an element.

    Raises:
        AgentError: If the array is too large.
    """
    if numbers * size > MAX_BYTES:
        need, limit = numbers * size / 2**30, MAX_BYTES >> 30
        raise AgentError(f"{what}: expected up to {limit} GiB, needs {need:,.1f} GiB")


def checked_observations(space: gym.Space[Any], observation: Any) -> NDArray[Any]:
    """Return an observation [...] or a batch [n, ...] as an array.

    Numbers outside the bounds of a `Box` of floats are accepted, because many environments return some.

    Raises:
        AgentError: If an observation is not in the space.
    """
    if not isinstance(space, (Box, Discrete, MultiBinary, MultiDiscrete)):
        return _single(space, observation)
    observations = _as_numbers(observation)
    right = observations is not None and space.shape in (observations.shape, observations.shape[1:])
    if observations is None or not right or not _all_in(space, observations) or not _finite(observations):
        raise AgentError(f"expected one observation of {shown(space)} or a batch, got {shown(observation)}")
    return observations


def is_observation(space: gym.Space[Any], observation: Any) -> bool:
    """Return whether a space has a single observation, apart from numbers that are not finite."""
    if not isinstance(space, (Box, Discrete, MultiBinary, MultiDiscrete)):
        return space.contains(observation)
    numbers = _as_numbers(observation)
    return numbers is not None and numbers.shape == space.shape and _all_in(space, numbers)


def _single(space: gym.Space[Any], observation: Any) -> NDArray[Any]:
    """Return an observation that is not an array as an array without axes."""
    if not space.contains(observation):
        raise AgentError(f"expected one observation of {shown(space)}, got {shown(observation)}")
    single = np.empty((), object)
    single[()] = observation
    return single


def _as_numbers(observation: Any) -> NDArray[Any] | None:
    try:
        numbers = np.asarray(observation)
    except Exception:  # ragged, or not convertible for a reason of its own
        return None
    return numbers if numbers.dtype.kind in "biuf" else None


def _finite(numbers: NDArray[Any]) -> bool:
    """Return whether all numbers are finite, also as float32."""
    return numbers.dtype.kind != "f" or bool((np.abs(numbers) <= np.finfo(np.float32).max).all())


def _all_in(space: gym.Space[Any], observations: NDArray[Any]) -> bool:
    """Return whether numbers of the right shape can be observations of a space of numbers."""
    if isinstance(space, (Discrete, MultiDiscrete)):
        sizes = space.n if isinstance(space, Discrete) else space.nvec
        whole = observations.dtype.kind in "iu"
        return whole and not bool(((observations < 0) | (observations >= sizes)).any())
    if isinstance(space, MultiBinary):
        return bool(((observations == 0) | (observations == 1)).all())
    if isinstance(space, Box) and space.dtype is not None and space.dtype.kind in "biu":
        whole = observations.dtype.kind in "biu" or bool((observations == np.floor(observations)).all())
        return whole and bool(((observations >= space.low) & (observations <= space.high)).all())
    return True


def checked_state(space: gym.Space[Any], obs: Any) -> Any:
    """Return an observation as an int if the space is `Discrete`, otherwise unchanged.

    Raises:
        AgentError: If the observation is not a whole number of the space.
    """
    if not isinstance(space, Discrete):
        return obs
    low, high = int(space.start), int(space.start + space.n)
    if type(obs) is int and low <= obs < high:  # the usual case, in a loop
        return obs
    if isinstance(obs, np.ndarray) and obs.size == 1:
        obs = obs.ravel()[0]
    is_whole = isinstance(obs, (int, np.integer)) and not isinstance(obs, bool)
    if not is_whole or not low <= obs < high:
        raise AgentError(f"expected whole numbers of {space} as observations, got {shown(obs)}")
    return int(obs)


def checked_array(name: str, mine: NDArray[Any], new: Any) -> NDArray[Any]:
    """Return a new value for an array, of the same type.

    Raises:
        AgentError: If the value does not match.
    """
    try:
        array = np.asarray(new)
    except Exception:  # ragged, or not on this device
        array = np.zeros(0, object)
    same_kind = array.dtype.kind in "biuf" and np.can_cast(array.dtype, mine.dtype, "same_kind")
    expected = f"finite numbers {list(mine.shape)} of {mine.dtype}"
    if array.shape != mine.shape or not same_kind:
        raise AgentError(f"{name}: expected {expected}, got {list(array.shape)} of {array.dtype}")
    with np.errstate(over="ignore"):
        array = array.astype(mine.dtype)
    if not np.isfinite(array).all():
        raise AgentError(f"{name}: expected {expected}, got {array[~np.isfinite(array)][0]}")
    return array


def checked_reset(env: gym.Env[Any, Any], result: Any) -> tuple[Any, dict[str, Any]]:
    """Return the result of `env.reset`.

    Raises:
        AgentError: If the result is not an observation and a dict.
    """
    if not isinstance(result, tuple) or len(result) != 2 or not isinstance(result[1], dict):
        raise AgentError(f"{shown(env)}.reset: expected (observation, info), got {shown(result)}")
    return result


def checked_step(env: gym.Env[Any, Any], result: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
    """Return the result of `env.step`, with plain flags; the observation and the reward are not checked.

    Raises:
        AgentError: If there are not five parts, a flag is no truth value, or the info is not a dict.
    """
    if not isinstance(result, tuple) or len(result) != 5 or not isinstance(result[4], dict):
        expected = "(observation, reward, terminated, truncated, info)"
        raise AgentError(f"{shown(env)}.step: expected {expected}, got {shown(result)}")
    obs, reward, terminated, truncated, info = result
    if terminated.__class__ is bool and truncated.__class__ is bool:  # the usual case, in a loop
        return result
    return obs, reward, checked_flag("terminated", terminated), checked_flag("truncated", truncated), info
