"""What RL Zoo needs to train in our kitchens with the settings that are shipped."""

from typing import Any

import gymnasium as gym

from cookie_jar.envs import CookieJarEnv


class Factors(gym.ObservationWrapper[Any, Any, Any]):
    """A kitchen observed as its factors instead of the number of its state.

    A settings file of RL Zoo can name a wrapper, and it is put around the environments to train and to
    evaluate in; `env_kwargs` of a file reach the former only.

    Args:
        env: that observes state numbers.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        super().__init__(env)
        if env.spec is None or not isinstance(env.unwrapped, CookieJarEnv):
            raise ValueError(f"expected one of our kitchens, got {env}")
        options = env.spec.kwargs | {"observation": "factors", "render_mode": None}
        factors = gym.make(env.spec.id, **options)
        self.observation_space = factors.observation_space
        self._table = factors.unwrapped.state_observations  # type: ignore[attr-defined]

    def observation(self, observation: Any) -> Any:
        """The factors of a state number."""
        return self._table[observation].copy()
