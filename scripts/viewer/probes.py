"""Read the action values or probabilities of any agent, and of the optimal policy."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Evaluation, TabularModel, optimum
from cookie_jar.envs import World
from cookie_jar.scripts.common import knowledge
from cookie_jar.scripts.common.knowledge import Batch, Bools, Floats
from cookie_jar.scripts.common.value_scale import MAX_STATES, optimal_action_values

__all__ = ["MAX_STATES", "AgentProbe", "Batch", "best_from", "make_batch", "optimal_action_values"]


class AgentProbe:
    """Reads what an agent has learned.

    Agents with a `q_table` or a method `action_values` have action values; agents with `probabilities` and
    `values` have action probabilities and state values; agents that only have `predict` have neither.

    Args:
        agent: The agent.

    Attributes:
        has_probabilities: Whether `action_values` returns probabilities.
        readable: Whether the agent has action values or probabilities.
        has_state_values: Whether the agent has values of states; imported policies have probabilities alone.
    """

    def __init__(self, agent: Any) -> None:
        self.agent = agent
        has_values = hasattr(agent, "q_table") or hasattr(agent, "action_values")
        self.has_probabilities = not has_values and hasattr(agent, "probabilities")
        self.readable = has_values or self.has_probabilities
        self.has_state_values = has_values or (self.has_probabilities and hasattr(agent, "values"))

    def action_values(self, observations: Batch) -> Floats:
        """Return the action values, or the action probabilities [n, A]; needs `readable`."""
        values = knowledge.action_values(self.agent, observations)
        probabilities: Floats = self.agent.probabilities(observations) if values is None else values
        return probabilities

    def state_values(self, observations: Batch) -> Floats:
        """Return the discounted return to come from each observation [n]; needs `has_state_values`."""
        values = knowledge.state_values(self.agent, observations)
        assert values is not None
        return values

    def known(self, observations: Batch) -> Bools:
        """Return whether the agent knows something about each observation [n]; see `knowledge.known`."""
        return knowledge.known(self.agent, observations)

    def tried(self, observations: Batch) -> Bools:
        """Return whether the agent has tried each action [n, A]; needs `readable`. See `knowledge.tried`."""
        return knowledge.tried(self.agent, observations, self.action_values(observations).shape[-1])

    def ties(self, observations: Batch) -> Bools:
        """Return whether several actions share the best value or probability of each observation [n]."""
        if not self.readable:
            return np.zeros(knowledge.count(observations), np.bool_)
        values = self.action_values(observations)
        return np.asarray((values == values.max(axis=1, keepdims=True)).sum(axis=1) > 1)

    def known_values(self, observations: Batch) -> Floats:
        """Return the value of each observation [n], NaN where unknown; needs `has_state_values`."""
        values = knowledge.known_values(self.agent, observations)
        assert values is not None
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
