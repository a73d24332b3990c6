"""A wrapper for RL Zoo, which trains with the settings in scripts/hyperparameters."""

from typing import Any

import gymnasium as gym
from gymnasium.spaces import Discrete

from cookie_jar.envs import CookieJarEnv


class Factors(gym.ObservationWrapper[Any, Any, Any]):
    """Replaces state numbers with factors; environments other than kitchens stay unchanged.

    RL Zoo applies the wrapper that a settings file names to the environments for training and for
    evaluation, but `env_kwargs` only to those for training.

    Args:
        env: A kitchen with state numbers as observations, or any other environment.
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
        """Return the factors of a state number."""
        return observation if self._table is None else self._table[observation].copy()
