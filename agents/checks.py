"""What a user gives, checked."""

from collections.abc import Iterable
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete

from .errors import AgentError


def in_range(name: str, value: float, low: float, high: float) -> float:
    """The value, when it lies from low to high.

    Raises:
        AgentError: it does not.
    """
    is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise AgentError(f"{name}: expected a number from {low:g} to {high:g}, got {value!r}")
    return float(value)


def whole(name: str, value: int, low: int) -> int:
    """The value, when it is a whole number of at least low.

    Raises:
        AgentError: it is not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < low:
        raise AgentError(f"{name}: expected a whole number of at least {low}, got {value!r}")
    return int(value)


def one_of(name: str, value: str, choices: Iterable[str]) -> str:
    """The value, when it is one of the choices.

    Raises:
        AgentError: it is not.
    """
    choices = list(choices)
    if value not in choices:
        raise AgentError(f"{name}: expected one of {', '.join(choices)}, got {value!r}")
    return value


def discrete(space: gym.Space[Any], role: str) -> Discrete:
    """The space, when it is `Discrete` from 0.

    Raises:
        AgentError: it is not.
    """
    if not isinstance(space, Discrete) or space.start != 0:
        raise AgentError(f"expected a Discrete {role} space that starts at 0, got {space}")
    return space
