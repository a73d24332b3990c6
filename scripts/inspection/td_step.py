"""The next step of a tabular agent: its epsilon, its actions and its transition.

The agent draws the random numbers of a step in this order: for its action, for the next action of SARSA, and
in an environment with chance for the outcome (see `td_loops.learn_on_model`). Here they are drawn from a copy
of its random number generator, so the step is the one that training would take.
"""

from copy import deepcopy

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import tabular_model, td_loops, td_methods
from cookie_jar.agents.model import cumulative
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.envs import Event
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.greedy import Transition
from cookie_jar.scripts.inspection.view import MemoryView


def epsilon_of(agent: TemporalDifference) -> float:
    """Return the probability of a random action in the next step of an agent."""
    initial, final = agent.exploration_initial_eps, agent.exploration_final_eps
    return float(
        td_loops.linear_schedule(agent.num_timesteps, float(agent.exploration_steps), initial, final)
    )


def draws_of(agent: TemporalDifference) -> NDArray[np.float64]:
    """Return the random numbers of the next step [3]: for the action, the next action and the outcome."""
    return deepcopy(agent.rng).random(3)


def next_action(agent: TemporalDifference, step: Transition) -> int:
    """Return the action that SARSA chooses after a transition."""
    visits = agent.visits.copy()
    visits[step.state, step.action] += 1
    return _choice(agent, visits, step.next_state, draws_of(agent)[1])


def next_value(agent: TemporalDifference, step: Transition) -> float:
    """Return the value of the next state in the target of the agent's method, if the episode goes on."""
    table, after = agent.q_table, step.next_state
    if agent.method == td_methods.SARSA:
        return float(table[after, next_action(agent, step)])
    if agent.method == td_methods.EXPECTED_SARSA:
        return float(td_loops.expected_sarsa_target(table, 0.0, after, False, epsilon_of(agent), 1.0))
    return float(table[after].max())


def next_transition(view: MemoryView, agent: TemporalDifference) -> Transition:
    """Return the transition that an agent learns from next, if training goes on.

    Raises:
        UsageError: If the environment has no model, or the agent has no running episode.
    """
    model = tabular_model(agent.env)
    if model is None:
        raise UsageError(f"--next: expected an environment with a model, got {agent.env}; use --step")
    if "episode" not in (progress := agent.resume_state()):
        raise UsageError(f"--next: expected an agent with a running episode; {view.run} has none; use --step")
    state, action, *_ = progress["episode"]
    draws = draws_of(agent)
    if action == td_loops.NO_ACTION:
        action = _choice(agent, agent.visits, state, draws[0])
    ends = cumulative(model.probability[state, action])
    at = state, action, int(np.searchsorted(ends, draws[2], side="right"))
    event = None if view.world is None else Event(view.world.event[at]).label
    reward, ended = float(model.reward[at]), bool(model.terminated[at])
    return Transition(state, action, reward, int(model.next_state[at]), ended, event)


def _choice(agent: TemporalDifference, visits: NDArray[np.int64], state: int, random: float) -> int:
    """Return the action that the agent chooses in a state with a random number."""
    epsilon, bonus = epsilon_of(agent), agent.exploration_bonus
    return int(td_loops.choose_action(agent.q_table, visits, state, epsilon, bonus, random))
