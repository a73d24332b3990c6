"""Many environments side by side, which can tell where they stand and go back there."""

from collections.abc import Sequence
from copy import deepcopy
from functools import partial
from typing import Any, Protocol

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from numpy.typing import NDArray

from .errors import AgentError
from .model import is_plain

SAME_STEP = AutoresetMode.SAME_STEP.value  # an episode that ends is followed by the next one at once


class ResumableVectorEnv(Protocol):
    """A vector environment that starts anew in the same step, and can go back to where it stood."""

    def reset(self, *, seed: int | None = None) -> tuple[Any, dict[str, Any]]:
        """Start episodes."""

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """One act in each environment."""

    def get_state(self) -> Any:
        """Where all environments stand, as plain values."""

    def set_state(self, state: Any) -> NDArray[Any]:
        """Stand there again; returns the observations [n, ...]."""


def make_vector(env: gym.Env[Any, Any], number: int) -> ResumableVectorEnv:
    """Environments like this one: its own vector environment if that can go back, else copies."""
    if env.spec is not None and env.spec.vector_entry_point is not None and is_plain(env):
        options: dict[str, Any] = {"autoreset_mode": SAME_STEP, "render_mode": None}
        try:
            envs: Any = gym.make_vec(env.spec, number, "vector_entry_point", **options)
        except TypeError:  # it knows nothing of these options
            envs = None
        if hasattr(envs, "set_state"):
            return envs  # type: ignore[no-any-return]
    return CopiedVectorEnv(env, number)


class CopiedVectorEnv(SyncVectorEnv):
    """Copies of an environment, stepped one after the other.

    They go back to where they stood by their own randomness and the same acts; that is exact for
    environments that draw all chance from `np_random` and keep nothing else between episodes.
    """

    def __init__(self, env: gym.Env[Any, Any], number: int) -> None:
        try:
            copies = [_Retraced(deepcopy(env)) for _ in range(number)]
        except Exception as error:  # whatever an environment that cannot be copied brings about
            raise AgentError(f"expected an environment that can be copied, got {env}; {error}") from error
        self._copies = copies
        super().__init__([partial(copies.__getitem__, i) for i in range(number)], autoreset_mode=SAME_STEP)

    def get_state(self) -> list[Any]:
        """Of each copy, the generator's state before its episode, and what has been done since."""
        return [(copy.random, list(copy.acts)) for copy in self._copies]

    def set_state(self, state: Sequence[Any]) -> NDArray[Any]:
        """Play the running episodes again."""
        return np.stack([copy.retrace(*way) for copy, way in zip(self._copies, state, strict=True)])


class _Retraced(gym.Wrapper[Any, Any, Any, Any]):
    """Remembers how the running episode came about.

    Attributes:
        random: the state of the environment's generator before the episode.
        acts: of the episode.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        super().__init__(env)
        self.random: Any = None
        self.acts: list[int] = []

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        if seed is not None:
            self.env.reset(seed=seed)  # so that the generator's state is known before the episode
        self.random, self.acts = self.env.unwrapped.np_random.bit_generator.state, []
        return self.env.reset(options=options)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        self.acts.append(int(action))
        return self.env.step(int(action))

    def retrace(self, random: Any, acts: Sequence[int]) -> Any:
        """Begin an episode with this randomness, and do the same again; returns the observation."""
        self.env.reset(seed=0)
        self.env.unwrapped.np_random.bit_generator.state = random
        obs, _ = self.reset()
        for action in acts:
            obs, *_ = self.step(action)
        return obs
