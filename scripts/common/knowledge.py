"""What an agent has learned something about: the actions that it has tried, the states that it knows."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.network_policy import NetworkPolicy
from cookie_jar.agents.on_policy import TABLE

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Batch = NDArray[Any] | dict[str, NDArray[Any]]  # observations: [n, ...], or such arrays by name


def action_values(agent: Any, observations: Batch) -> Floats | None:
    """Return the action values of an agent [n, A]; None if it has neither a `q_table` nor `action_values`."""
    if hasattr(agent, "q_table"):
        values: Floats = agent.q_table[observations]
        return values
    return agent.action_values(observations) if hasattr(agent, "action_values") else None


def state_values(agent: Any, observations: Batch) -> Floats | None:
    """Return the estimated discounted return from each observation [n]; None if the agent has no values."""
    values = action_values(agent, observations)
    if values is not None:
        best: Floats = values.max(axis=1)
        return best
    return agent.values(observations) if hasattr(agent, "values") else None


def known_values(agent: Any, observations: Batch) -> Floats | None:
    """Return the state values [n], NaN where nothing is known; None if the agent has no values."""
    values = state_values(agent, observations)
    return None if values is None else np.where(known(agent, observations), values, np.nan)


def tried(agent: Any, observations: Batch, actions: int) -> Bools:
    """Return whether an agent has learned something about each action [n, A].

    An action value was learned if it differs from its initial value; see `initial_value`.
    Agents without action values change all actions of a state together: see `known`.

    Args:
        agent: The agent.
        observations: The observations [n, ...].
        actions: The number of actions A.
    """
    values = action_values(agent, observations)
    if values is None:
        return np.repeat(known(agent, observations)[:, None], actions, axis=1)
    differs: Bools = values != initial_value(agent)
    return differs


def known(agent: Any, observations: Batch) -> Bools:
    """Return whether an agent has learned something about each observation [n].

    Action values: if any action was tried. Tables of a policy and its values: if any number has changed.
    Networks generalise from one observation to all: if they were updated at all. Other agents, such as
    functions: always.
    """
    values = action_values(agent, observations)
    if values is not None:
        return np.asarray(tried(agent, observations, values.shape[-1]).any(axis=1))
    if getattr(agent, "policy_kind", None) == TABLE:
        logits, state_values = agent.evaluate_network(observations)
        return np.asarray(logits.any(axis=1) | (state_values != np.float32(initial_value(agent))))
    return np.full(count(observations), not isinstance(agent, NetworkPolicy) or _is_updated(agent))


def initial_value(agent: Any) -> float:
    """Return the number that all values of an agent start from; also of an agent behind eyes."""
    return float(getattr(getattr(agent, "agent", agent), "initial_value", 0.0))


def _is_updated(agent: NetworkPolicy) -> bool:
    """Return whether a network has been updated: the first steps of a run only collect a rollout."""
    updates = [array for name, array in agent.optimizer_state().items() if name.endswith(".steps")]
    return agent.num_timesteps > 0 and (not updates or any(array.any() for array in updates))


def count(observations: Batch) -> int:
    """Return the number of observations of a batch."""
    return len(next(iter(observations.values())) if isinstance(observations, dict) else observations)
