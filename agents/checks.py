"""Checks of spaces and observations."""

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete, MultiDiscrete
from numpy.typing import NDArray

from .errors import AgentError


def discrete(space: gym.Space[Any], role: str) -> Discrete:
    """Return the space if it is `Discrete` and starts at 0.

    Args:
        space: The space.
        role: "observation" or "action", for the message.

    Raises:
        AgentError: If it is another space.
    """
    if not isinstance(space, Discrete) or space.start != 0:
        hint = "; PPO also takes other observations" if role == "observation" else ""
        raise AgentError(f"expected a Discrete {role} space that starts at 0, got {space!s:.200}{hint}")
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
