"""Checks of arguments: each returns the checked value."""

from collections.abc import Iterable
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete, MultiDiscrete
from numpy.typing import NDArray

from .errors import AgentError


def in_range(name: str, value: float, low: float, high: float) -> float:
    """Return the value as a float.

    Raises:
        AgentError: If the value is not a number from `low` to `high`.
    """
    is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise AgentError(f"{name}: expected a number from {low:g} to {high:g}, got {value!r}")
    return float(value)


def whole(name: str, value: int, low: int) -> int:
    """Return the value as an int.

    Raises:
        AgentError: If the value is not a whole number of at least `low`.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < low:
        raise AgentError(f"{name}: expected a whole number of at least {low}, got {value!r}")
    return int(value)


def one_of(name: str, value: str, choices: Iterable[str]) -> str:
    """Return the value if it is one of the choices.

    Raises:
        AgentError: If it is not.
    """
    choices = list(choices)
    if value not in choices:
        raise AgentError(f"{name}: expected one of {', '.join(choices)}, got {value!r}")
    return value


def discrete(space: gym.Space[Any], role: str) -> Discrete:
    """Return the space if it is `Discrete` and starts at 0.

    Args:
        space: The space.
        role: "observation" or "action", for the message.

    Raises:
        AgentError: If it is another space.
    """
    if not isinstance(space, Discrete) or space.start != 0:
        raise AgentError(f"expected a Discrete {role} space that starts at 0, got {space}")
    return space


def checked_observations(space: gym.Space[Any], observation: Any) -> NDArray[Any]:
    """Return an observation [...] or a batch [n, ...] as an array.

    Raises:
        AgentError: If an observation is not in the space.
    """
    observations, shape = np.asarray(observation), space.shape or ()
    right = observations.shape == shape or observations.shape[1:] == shape
    if isinstance(space, (Discrete, MultiDiscrete)):
        sizes = space.n if isinstance(space, Discrete) else space.nvec
        right = right and observations.dtype.kind in "iu"
        right = right and not ((observations < 0) | (observations >= sizes)).any()
    if not right:
        raise AgentError(f"expected one observation of {space} or a batch, got {observation!r:.200}")
    return observations
