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


def tried(agent: Any, observations: Batch, actions: int) -> Bools:
    """Return whether an agent has learned something about each action [n, A].

    An action value was learned if it differs from its initial value, which is `agent.initial_value` or 0.
    Agents without action values change all actions of a state together: see `known`.

    Args:
        agent: The agent.
        observations: The observations [n, ...].
        actions: The number of actions A.
    """
    values = action_values(agent, observations)
    if values is None:
        return np.repeat(known(agent, observations)[:, None], actions, axis=1)
    return np.not_equal(values, getattr(agent, "initial_value", 0.0))


def known(agent: Any, observations: Batch) -> Bools:
    """Return whether an agent has learned something about each observation [n].

    Action values: if any action was tried. Tables of a policy and its values, initially 0: if any number has
    changed. Networks generalise from one observation to all: if they were trained at all. Other agents, such
    as functions: always.
    """
    values = action_values(agent, observations)
    if values is not None:
        return tried(agent, observations, values.shape[-1]).any(axis=1)
    if getattr(agent, "policy_kind", None) == TABLE:
        logits, state_values = agent.evaluate_network(observations)
        return np.asarray(logits.any(axis=1) | (state_values != 0))
    trained = not isinstance(agent, NetworkPolicy) or agent.num_timesteps > 0
    return np.full(count(observations), trained)


def count(observations: Batch) -> int:
    """Return the number of observations of a batch."""
    return len(next(iter(observations.values())) if isinstance(observations, dict) else observations)
