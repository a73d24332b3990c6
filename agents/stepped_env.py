"""The environment of an agent that steps: its running episode, and whether it was stepped from outside."""

from collections.abc import Mapping, Sequence
from typing import Any

import gymnasium as gym

from .checks import checked_reset, checked_state
from .fingerprint import Position


class SteppedEnv:
    """An environment with numbered states.

    Args:
        env: The environment.
        states: The number of states.

    Attributes:
        random: The random state of the environment before the running episode.
        actions: The actions of the running episode; the caller appends them.
    """

    def __init__(self, env: gym.Env[Any, Any], states: int) -> None:
        self.env, self._states = env, states
        self.random: Mapping[str, Any] = {}
        self.actions: list[int] = []
        self._position: Position | None = None

    def reset(self, seed: int | None = None) -> int:
        """Start an episode, and return its first state.

        Args:
            seed: The seed of the environment; None continues its random numbers.
        """
        if seed is not None:
            self.env.reset(seed=seed)
        self.random = self.env.unwrapped.np_random.bit_generator.state
        self.actions = []
        return self.state(checked_reset(self.env, self.env.reset())[0])

    def state(self, obs: Any) -> int:
        """Return an observation as the number of a state.

        Raises:
            AgentError: If the observation is not a whole number, or there is no such state.
        """
        if type(obs) is int and 0 <= obs < self._states:  # the usual case, in a loop
            return obs
        return int(checked_state(self.env.observation_space, obs))

    def repeat(self, random: Mapping[str, Any], actions: Sequence[int]) -> int | None:
        """Repeat an episode from a random state, and return its last state, or None if it ends."""
        self.env.reset(seed=0)
        self.env.unwrapped.np_random.bit_generator.state = random
        state = self.reset()
        for action in actions:
            obs, _, terminated, truncated, _ = self.env.step(action)
            if terminated or truncated:
                return None
            state = self.state(obs)
        self.actions = list(actions)
        self.leave()
        return state

    def enter(self) -> None:
        """Forget the position: unless `leave` is called, the environment counts as moved."""
        self._position = None

    def leave(self) -> None:
        """Remember the position of the environment, before others may move it."""
        self._position = Position(self.env)

    @property
    def was_moved(self) -> bool:
        """Whether the environment is no longer where it was left."""
        return self._position is None or self._position.is_left(self.env)
