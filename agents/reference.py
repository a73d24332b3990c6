"""The zero and the top of every plot: acting at random, and acting as well as can be."""

from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .base import Agent
from .checks import discrete
from .errors import AgentError
from .exact import value_iteration
from .model import tabular_model


class _Fixed(Agent):
    """An agent that has nothing to learn: `learn` only counts steps."""

    def learn_steps(self, steps: int) -> None:
        """There is nothing to learn."""
        self.num_timesteps += steps


class Random(_Fixed):
    """Chooses among all actions alike, whatever it is asked."""

    @property
    def policy(self) -> NDArray[np.int64]:
        """An action for each state, drawn anew at each look, int64 [S]."""
        return self.sample(np.arange(discrete(self.observation_space, "observation").n))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """It remembers nothing."""
        return {}

    def best(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Random actions [n]: none is better than the others."""
        return self.sample(observations)

    def sample(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Random actions [n]."""
        return self.rng.integers(self.action_space.n, size=len(observations))


class Optimal(_Fixed):
    """Knows the model of its environment, and the best action in each state by value iteration.

    Args:
        env: a Gymnasium environment that has a tabular model, or the id of one.
        gamma: discount factor, from 0 to 1.
        seed: of the choice among equally good actions.

    Attributes:
        q_table: float64 [S, A], the optimal action values.

    Raises:
        AgentError: the environment has no model.
    """

    hyperparameters: ClassVar[tuple[str, ...]] = ("gamma", "seed")

    def __init__(self, env: gym.Env[Any, Any] | str, *, gamma: float = 0.99, seed: int | None = None) -> None:
        super().__init__(env, gamma=gamma, seed=seed)
        discrete(self.observation_space, "observation")
        model = tabular_model(self.env)
        if model is None:
            raise AgentError(f"expected an environment with a tabular model, got {self.env}")
        solution = value_iteration(model, gamma)
        self.q_table = solution.action_values
        self._policy, self._optimal_actions = solution.policy, solution.optimal_actions

    @property
    def policy(self) -> NDArray[np.int64]:
        """A best action in each state, int64 [S]: the one from which the end can come soonest."""
        return self._policy

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The optimal action values."""
        return {"q_table": self.q_table}

    def sample(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """One of the best actions, at random [n]."""
        lottery = self.rng.random((len(observations), int(self.action_space.n)))
        allowed = self._optimal_actions[observations]
        winners: NDArray[np.int64] = np.where(allowed, lottery, -1).argmax(axis=1)
        return winners
