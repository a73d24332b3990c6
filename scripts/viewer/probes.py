"""What an agent tells of what it has learned, whatever kind of agent it is."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Evaluation, TabularModel, optimum
from cookie_jar.envs import World

Floats = NDArray[np.float64]


class AgentProbe:
    """Asks an agent what it expects.

    An agent with a `q_table` tells the value of each action; one with `probabilities` and `values` tells
    these; one that only has `predict` tells nothing.

    Attributes:
        agent: who is asked.
        tells: whether it tells anything: the values of actions and observations, or probabilities.
        has_probabilities: whether it tells how likely each action is.
    """

    def __init__(self, agent: Any) -> None:
        self.agent = agent
        self._is_table = hasattr(agent, "q_table")
        self.has_probabilities = not self._is_table and hasattr(agent, "probabilities")
        self.readable = self._is_table or self.has_probabilities

    def action_values(self, observations: NDArray[Any]) -> Floats:
        """The value, or where it has these the probability, of each action [n, A]; ask only if it tells."""
        agent = self.agent
        known: Floats = agent.q_table[observations] if self._is_table else agent.probabilities(observations)
        return known

    def state_values(self, observations: NDArray[Any]) -> Floats:
        """The happiness to come that is expected after each observation [n]; ask only if it tells."""
        known: Floats = (
            self.action_values(observations).max(axis=1)
            if self._is_table
            else self.agent.values(observations)
        )
        return known

    def greedy_actions(self, observations: NDArray[Any]) -> NDArray[np.int64]:
        """The action that it would take [n]."""
        actions, _ = self.agent.predict(observations, deterministic=True)
        return np.asarray(actions, np.int64).reshape(len(observations))


@lru_cache(maxsize=64)
def best_from(world: World, state: int, horizon: int) -> Evaluation:
    """What the best behaviour is worth in a kitchen, from the state of that number."""
    model = TabularModel(*world.unshaped_model)
    start = np.zeros_like(model.start)
    start[state] = 1.0
    return optimum(model._replace(start=start), horizon)
