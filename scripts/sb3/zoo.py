"""What RL Zoo needs to train in our kitchens with the settings that are shipped."""

from typing import Any

import gymnasium as gym
from gymnasium.spaces import Discrete

from cookie_jar.envs import CookieJarEnv


class Factors(gym.ObservationWrapper[Any, Any, Any]):
    """A kitchen observed as its factors instead of the number of its state; other environments as they are.

    A settings file of RL Zoo can name a wrapper, and it is put around the environments to train and to
    evaluate in; `env_kwargs` of a file reach the former only.

    Args:
        env: a kitchen that observes state numbers, or any other environment.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        super().__init__(env)
        self._table = None
        numbered = isinstance(env.unwrapped, CookieJarEnv) and isinstance(env.observation_space, Discrete)
        if numbered and env.spec is not None:
            options = env.spec.kwargs | {"observation": "factors", "render_mode": None}
            factors = gym.make(env.spec.id, **options)
            self.observation_space = factors.observation_space
            self._table = factors.unwrapped.state_observations  # type: ignore[attr-defined]

    def observation(self, observation: Any) -> Any:
        """The factors of a state number."""
        return observation if self._table is None else self._table[observation].copy()
