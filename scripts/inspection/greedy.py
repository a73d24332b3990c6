"""Behaviour of the greedy policy: an episode, state by state, and the states that it can reach."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import tabular_model
from cookie_jar.agents.model import TabularModel
from cookie_jar.envs.rendering.episode import EpisodeRunner, TimeStep
from cookie_jar.scripts.inspection.view import MemoryView

MAX_ACTS = 200  # of an episode


class Transition(NamedTuple):
    """A step of an episode.

    Attributes:
        state: The number of the state.
        action: The number of the action.
        reward: The reward that the agent learns from.
        next_state: The number of the state that follows.
        terminated: Whether the episode terminated.
        event: The event in the kitchen, or None in other environments.
    """

    state: int
    action: int
    reward: float
    next_state: int
    terminated: bool
    event: str | None


def greedy_episode(view: MemoryView, seed: int = 0) -> list[Transition]:
    """Return the transitions of a greedy episode.

    Raises:
        UsageError: If the environment has no numbered states.
    """
    runner = EpisodeRunner(view.agent.env, pictures=False)
    steps = runner.roll_out(view.agent, seed, max_acts=MAX_ACTS).time_steps
    states = [_state_number(view, step) for step in steps]
    return [
        Transition(state, step.action, step.env_reward, after, step.terminated, step.info.get("event"))
        for state, after, step in zip(states, states[1:], steps[1:], strict=False)
        if step.action is not None
    ]


def reachable_states(view: MemoryView) -> NDArray[np.int64]:
    """Return the numbers [n] of the states that the greedy policy can reach.

    Without a model, these are the states of an episode.

    Raises:
        UsageError: If the environment has no numbered states.
    """
    model = tabular_model(view.agent.env)
    if model is None:
        return np.unique([step.state for step in greedy_episode(view)])
    policy = view.agent.policy
    acting = acting_states(model, policy)
    following, chances = (array[acting, policy[acting]] for array in (model.next_state, model.probability))
    return np.union1d(acting, following[chances > 0])


def acting_states(model: TabularModel, policy: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers [n] of the states in which a policy [S] takes an action, before an episode ends.

    A policy that agrees with another in these states has the same episodes, with the same probabilities.
    """
    seen = model.start > 0
    rows = np.arange(len(seen))
    goes_on = (model.probability[rows, policy] > 0) & ~model.terminated[rows, policy]
    following = model.next_state[rows, policy]
    while True:
        more = seen.copy()
        more[following[seen][goes_on[seen]]] = True
        if np.array_equal(more, seen):
            return np.flatnonzero(seen)
        seen = more


def _state_number(view: MemoryView, step: TimeStep) -> int:
    if view.world is not None and step.state is not None:
        return view.world.number(step.state)
    if np.ndim(step.obs) == 0:
        return int(step.obs)
    raise view.no_states()
