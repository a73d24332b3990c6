"""The numbers that a step reports: reward, unshaped reward, success, and the end of the episode."""

from collections.abc import Mapping
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import AgentError, NotFiniteError, shown

UNSHAPED = "happiness"  # the key of the unshaped reward in the info of a step
SUCCESS = "is_success"


def finite_reward(reward: Any) -> float:
    """Return the reward of a step as a float.

    Raises:
        AgentError: If it is not a number.
        NotFiniteError: If it is not finite.
    """
    return _finite("reward", reward)


def unshaped_reward(info: Mapping[str, Any], reward: float) -> float:
    """Return the unshaped reward of a step: `info["happiness"]`, or the reward without this key.

    Raises:
        AgentError: If it is not a number.
        NotFiniteError: If it is not finite.
    """
    return _finite(f'info["{UNSHAPED}"]', info[UNSHAPED]) if UNSHAPED in info else reward


def unshaped_rewards(
    infos: Mapping[str, Any], rewards: NDArray[np.float64], ended: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the unshaped rewards [n] of a step of a vector environment with autoreset in the same step.

    Args:
        infos: The infos of the step; those of ended episodes are in `final_info`.
        rewards: The rewards [n], for environments that report no unshaped reward.
        ended: Whether the episode ended, bool [n].

    Raises:
        AgentError: If an unshaped reward is not a number.
        NotFiniteError: If an unshaped reward is not finite.
    """
    scores = rewards.astype(np.float64)
    for source, here in ((infos, ~ended), (infos.get("final_info", {}), ended)):
        if UNSHAPED not in source or not here.any():
            continue
        where = here & source.get(f"_{UNSHAPED}", True)
        given = np.asarray(source[UNSHAPED])
        if given.shape[:1] != scores.shape:  # the copies' infos were merged as dicts, for example
            raise AgentError(f'info["{UNSHAPED}"]: expected a number, got {shown(source[UNSHAPED])}')
        if given.dtype.kind not in "biuf" or given.shape != scores.shape:
            scores[where] = [_finite(f'info["{UNSHAPED}"]', value) for value in given[where]]
            continue
        numbers = given[where]
        if not (finite := np.isfinite(numbers)).all():
            raise NotFiniteError(f'info["{UNSHAPED}"]: expected finite numbers, got {numbers[~finite][0]}')
        scores[where] = numbers
    return scores


def success(info: Mapping[str, Any]) -> float:
    """Return whether an episode succeeded, from the info of its last step: NaN without "is_success".

    Raises:
        AgentError: If the value is neither a bool nor a number from 0 to 1.
    """
    if SUCCESS not in info:
        return float("nan")
    number = _finite(f'info["{SUCCESS}"]', info[SUCCESS])
    if not 0 <= number <= 1:
        raise AgentError(f'info["{SUCCESS}"]: expected a bool, got {number:g}')
    return number


def checked_flag(name: str, value: Any) -> bool:
    """Return whether an episode has ended.

    Args:
        name: "terminated" or "truncated".
        value: The value that a step returned.

    Raises:
        AgentError: If it is neither a bool, 0 nor 1.
    """
    if value is True or value is False:  # the usual case, in a loop
        return bool(value)
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if isinstance(value, (Real, np.bool_)) and value in (0, 1):
        return bool(value)
    raise AgentError(f"{name}: expected True or False, got {shown(value)}")


def as_number(name: str, value: Any) -> float:
    """Return a number as a float, which may be infinite or NaN.

    Raises:
        AgentError: If the value is not a number.
    """
    if type(value) is float:  # the usual case, in a loop
        return value
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if not isinstance(value, (Real, np.bool_)):
        raise AgentError(f"{name}: expected a number, got {shown(value)}")
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _finite(name: str, value: Any) -> float:
    number = as_number(name, value)
    if not isfinite(number):
        raise NotFiniteError(f"{name}: expected a finite number, got {shown(value)}")
    return number
