"""Reference agents: the random policy and the optimal policy."""

from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .base import Agent
from .checks import discrete
from .exact import value_iteration
from .model import required_model


class _Fixed(Agent):
    """An agent that does not learn: `learn` only counts steps."""

    machine_dependent = False

    def learn_steps(self, steps: int) -> None:
        """Count the steps."""
        self.num_timesteps += steps


class Random(_Fixed):
    """The uniformly random policy, also with `deterministic=True`."""

    @property
    def policy(self) -> NDArray[np.int64]:
        """A random action for each state, int64 [S]; new actions at each access."""
        return self.sample(np.arange(discrete(self.observation_space, "observation").n))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return no arrays."""
        return {}

    def best(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Return random actions [n]."""
        return self.sample(observations)

    def sample(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Return random actions [n]."""
        return self.rng.integers(self.action_space.n, size=len(observations))

    def probabilities(self, observations: NDArray[Any]) -> NDArray[np.float64]:
        """Return equal probabilities [n, A]."""
        return np.full((len(observations), int(self.action_space.n)), 1 / int(self.action_space.n))


class Optimal(_Fixed):
    """The optimal policy, by value iteration on the model of the environment.

    Args:
        env: A Gymnasium environment that has a tabular model, or its id.
        gamma: Discount factor. From 0 to 1.
        seed: Seed of the choice among equally good actions.

    Attributes:
        q_table: The optimal action values, float64 [S, A].

    Raises:
        AgentError: If the environment has no model, or its table is not believed (see `tabular_model`).
    """

    def __init__(self, env: gym.Env[Any, Any] | str, *, gamma: float = 0.99, seed: int | None = None) -> None:
        super().__init__(env, gamma=gamma, seed=seed)
        discrete(self.observation_space, "observation")
        self._solve()

    def enter_env(self) -> None:
        """Start a new episode, and solve the model of the new environment."""
        self._solve()
        super().enter_env()

    def _solve(self) -> None:
        solution = value_iteration(required_model(self.env).model, self.gamma)
        self.q_table = solution.action_values
        self._policy, self._optimal_actions = solution.policy, solution.optimal_actions

    @property
    def policy(self) -> NDArray[np.int64]:
        """An optimal action in each state, int64 [S]: one from which an episode can end soonest."""
        return self._policy

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the optimal action values [S, A] as "q_table"."""
        return {"q_table": self.q_table}

    def sample(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """Return random optimal actions [n]."""
        lottery = self.rng.random((len(observations), int(self.action_space.n)))
        allowed = self._optimal_actions[observations]
        winners: NDArray[np.int64] = np.where(allowed, lottery, -1).argmax(axis=1)
        return winners

    def probabilities(self, observations: NDArray[Any]) -> NDArray[np.float64]:
        """Return probabilities [n, A], equal for all optimal actions."""
        allowed = self._optimal_actions[observations]
        shares: NDArray[np.float64] = allowed / allowed.sum(axis=1, keepdims=True)
        return shares
