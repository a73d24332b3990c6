"""The table of action values of tabular agents."""

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .base import Agent
from .checks import checked_array, discrete


class QTableAgent(Agent):
    """An agent with a table of action values; subclasses make the table and learn it."""

    machine_dependent = False
    exploration_bonus: float
    exploration_final_eps: float
    _q_table: NDArray[np.float64]
    _visits: NDArray[np.int64] | None = None

    @property
    def q_table(self) -> NDArray[np.float64]:
        """The action values [S, A]; may be changed in place, or replaced by an array of the same shape.

        Raises:
            AgentError: If the new array has another shape, or a number is not finite.
        """
        return self._q_table

    @q_table.setter
    def q_table(self, table: NDArray[np.float64]) -> None:
        self._q_table[...] = checked_array("q_table", self._q_table, table)

    @property
    def policy(self) -> NDArray[np.int64]:
        """The greedy action in each state, int64 [S]; the first if several are best."""
        best: NDArray[np.int64] = self.q_table.argmax(axis=1)
        return best

    @classmethod
    def array_shapes(cls, env: gym.Env[Any, Any], settings: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
        """Return the shape of the Q-table."""
        spaces = discrete(env.observation_space, "observation"), discrete(env.action_space, "action")
        return {"q_table": (int(spaces[0].n), int(spaces[1].n))}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the Q-table [S, A] as "q_table"."""
        return {"q_table": self.q_table}

    @property
    def visits(self) -> NDArray[np.int64]:
        """How often each action was taken, int64 [S, A]; counted only with an `exploration_bonus`."""
        if self._visits is None:
            self._visits = np.zeros(self._q_table.shape, np.int64)
        return self._visits

    def optimizer_state(self) -> dict[str, NDArray[Any]]:
        """Return the counts of visits [S, A] as "visits", if they are used."""
        return {"visits": self.visits} if self.exploration_bonus > 0 else {}

    def sample(self, observations: NDArray[np.int64]) -> NDArray[np.int64]:
        """Sample epsilon-greedy actions [n], with the final epsilon and without a bonus."""
        explores = self.rng.random(len(observations)) < self.exploration_final_eps
        random = self.rng.integers(self.action_space.n, size=len(observations))
        return np.where(explores, random, self.policy[observations])

    @property
    def _counted(self) -> NDArray[np.int64] | None:
        """The counts of visits, or None if they are not used."""
        return self.visits if self.exploration_bonus > 0 else None
