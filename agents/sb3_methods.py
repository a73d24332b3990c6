"""The methods that clients of Stable-Baselines3 expect of an agent, and its representation."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from html import escape
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .checks import checked_array
from .errors import AgentError, shown
from .hyperparameters import MAX_SEED, Flag, Hyperparameter, Whole

Arrays = dict[str, NDArray[Any]]


class Sb3Methods(ABC):
    """Methods of an agent that are named as in Stable-Baselines3."""

    hyperparameters: ClassVar[Mapping[str, Hyperparameter]]
    env: gym.Env[Any, Any]
    seed: int | None
    rng: np.random.Generator
    num_timesteps: int
    num_episodes: int

    @abstractmethod
    def arrays(self) -> Arrays:
        """Return the learned arrays by name."""

    @abstractmethod
    def optimizer_state(self) -> Arrays:
        """Return the additional arrays that a resumed run needs, by name."""

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Return the values of the hyperparameters by name."""

    @abstractmethod
    def reset_episode(self) -> None:
        """Discard the running episode."""

    def get_env(self) -> gym.Env[Any, Any]:
        """Return the environment. Stable-Baselines3 returns a vector environment instead."""
        return self.env

    def set_env(self, env: gym.Env[Any, Any] | str) -> None:
        """Replace the environment, and start a new episode.

        Raises:
            AgentError: If the spaces of the new environment differ.
        """
        self.env = env  # type: ignore[assignment]  # the setter also takes an id

    def set_random_seed(self, seed: int | None = None) -> None:
        """Replace the random number generator, and start a new episode, which the seed determines too.

        Raises:
            AgentError: If the seed is not a whole number of at least 0, or None.
        """
        self.seed = None if seed is None else Whole(0, MAX_SEED)("seed", seed)
        self.rng = np.random.default_rng(self.seed)
        self.reset_episode()

    def get_parameters(self) -> Arrays:
        """Return copies of the learned arrays and of the state of the optimizer, by name."""
        return {name: array.copy() for name, array in (self.arrays() | self.optimizer_state()).items()}

    def set_parameters(self, parameters: Mapping[str, Any], exact_match: bool = True) -> None:
        """Replace learned arrays, and the state of the optimizer, in place.

        Args:
            parameters: Arrays by name, as from `get_parameters`.
            exact_match: Whether all arrays have to be given; otherwise, the others stay as they are.

        Raises:
            AgentError: If a name, a shape or a type does not match, or a number is not finite. Nothing has
                changed then.
        """
        mine = self.arrays() | self.optimizer_state()
        exact = Flag()("exact_match", exact_match)
        if not isinstance(parameters, Mapping):
            raise AgentError(f"parameters: expected arrays by name, got {shown(parameters)}")
        unknown, missing = parameters.keys() - mine.keys(), mine.keys() - parameters.keys()
        if unknown or (exact and missing):
            expected = f"expected the names that get_parameters returns{'' if exact else ', or some of them'}"
            names = f"missing {shown(sorted(missing))}, unknown {shown(sorted(map(str, unknown)))}"
            raise AgentError(f"parameters: {expected}; {names}")
        checked = {name: checked_array(name, mine[name], new) for name, new in parameters.items()}
        for name, array in checked.items():
            mine[name][...] = array

    def special_settings(self) -> dict[str, Any]:
        """Return the hyperparameters that differ from their defaults."""
        defaults = {name: hyperparameter.default for name, hyperparameter in self.hyperparameters.items()}
        return {name: value for name, value in self.settings().items() if value != defaults[name]}

    def __repr__(self) -> str:
        """Return the class, the environment, special hyperparameters and the experience, in one line."""
        settings = "".join(f" {name}={shown(value)}" for name, value in self.special_settings().items())
        counts = f"{self.num_timesteps:,} steps, {self.num_episodes:,} episodes"
        return f"<{type(self).__name__} {_env_name(self.env)}{settings}: {counts}>"

    def _repr_html_(self) -> str:
        """Return a table for notebooks."""
        rows = {"environment": _env_name(self.env)}
        rows |= {name: shown(value) for name, value in self.special_settings().items()}
        rows |= {"steps": f"{self.num_timesteps:,}", "episodes": f"{self.num_episodes:,}"}
        cells = (f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows.items())
        return f"<table><caption>{escape(type(self).__name__)}</caption>{''.join(cells)}</table>"


def _env_name(env: gym.Env[Any, Any]) -> str:
    spec = env.unwrapped.spec
    return type(env.unwrapped).__name__ if spec is None else spec.id
