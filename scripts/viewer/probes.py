"""Read the action values or probabilities of any agent, and of the optimal policy."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Evaluation, TabularModel, optimum, value_iteration
from cookie_jar.envs import World

Floats = NDArray[np.float64]
Batch = NDArray[Any] | dict[str, NDArray[Any]]  # observations: [n, ...], or such arrays by name

MAX_STATES = 20_000  # number of states above which computing the optimum between two frames takes too long


class AgentProbe:
    """Reads what an agent has learned.

    Agents with a `q_table` or a method `action_values` have action values; agents with `probabilities` and
    `values` have action probabilities and state values; agents that only have `predict` have neither.

    Args:
        agent: The agent.

    Attributes:
        has_probabilities: Whether `action_values` returns probabilities.
        readable: Whether the agent has action values or probabilities.
    """

    def __init__(self, agent: Any) -> None:
        self.agent = agent
        self._has_table = hasattr(agent, "q_table")
        has_values = self._has_table or hasattr(agent, "action_values")
        self.has_probabilities = not has_values and hasattr(agent, "probabilities")
        self.readable = has_values or self.has_probabilities

    def action_values(self, observations: Batch) -> Floats:
        """Return the action values, or the action probabilities [n, A]; needs `readable`."""
        agent = self.agent
        if self._has_table:
            values: Floats = agent.q_table[observations]
        elif self.has_probabilities:
            values = agent.probabilities(observations)
        else:
            values = agent.action_values(observations)
        return values

    def state_values(self, observations: Batch) -> Floats:
        """Return the value of each observation [n]: the expected return; needs `readable`."""
        values: Floats = (
            self.agent.values(observations)
            if self.has_probabilities
            else self.action_values(observations).max(axis=1)
        )
        return values

    def greedy_actions(self, observations: Batch) -> NDArray[np.int64]:
        """Return the greedy actions [n]."""
        actions, _ = self.agent.predict(observations, deterministic=True)
        return np.asarray(actions, np.int64).reshape(-1)


def make_batch(*observations: Any) -> Batch:
    """Return observations of the same space as a batch."""
    first = observations[0]
    if isinstance(first, Mapping):
        return {name: np.stack([obs[name] for obs in observations]) for name in first}
    return np.stack([np.asarray(obs) for obs in observations])


@lru_cache(maxsize=64)
def best_from(world: World, state: int, horizon: int) -> Evaluation:
    """Return the value of a kitchen's optimal policy in the state with that number."""
    model = TabularModel(*world.unshaped_model)
    start = np.zeros_like(model.start)
    start[state] = 1.0
    return optimum(model._replace(start=start), horizon)


@lru_cache(maxsize=4)
def optimal_action_values(world: World) -> Floats:
    """Return the action values of the optimal policy of a kitchen [S, A]."""
    return value_iteration(TabularModel(*world.unshaped_model)).action_values
