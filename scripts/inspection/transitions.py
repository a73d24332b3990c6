"""The transition that `memory explain` learns from: a step of the greedy episode, or a state and action."""

import argparse

import numpy as np

from cookie_jar.agents import tabular_model
from cookie_jar.agents.model import TabularModel
from cookie_jar.envs import Event
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.greedy import Transition, greedy_episode
from cookie_jar.scripts.inspection.view import MemoryView


def chosen_transition(view: MemoryView, args: argparse.Namespace) -> tuple[Transition, str]:
    """Return the transition of `--step`, or of `--state` and `--action`, and a note about its chance or "".

    Raises:
        UsageError: If there is no such step, state or action.
    """
    if not view.has_states:
        raise view.no_states()
    if args.state is not None and args.step is not None:
        raise UsageError("--state: expected no --step, which is a step of the greedy episode; leave one out")
    if args.state is None:
        step = _step(view, 1 if args.step is None else args.step)
        if args.action is None:
            return step, ""
        state = step.state
    else:
        state = _checked_state(view, args.state)
    action = int(view.agent.policy[state]) if args.action is None else _checked_action(view, args.action)
    model = tabular_model(view.agent.env)
    if model is None:
        return _found_in_episode(view, state, action), ""
    return _most_likely(view, model, state, action)


def _step(view: MemoryView, number: int) -> Transition:
    """Return a step of the greedy episode."""
    steps = greedy_episode(view)
    if number > len(steps):
        raise UsageError(f"--step: expected a step of the greedy episode, 1 to {len(steps)}, got {number}")
    return steps[number - 1]


def _checked_state(view: MemoryView, state: int) -> int:
    try:
        return view.check_state(state)
    except UsageError as error:
        raise UsageError(f"--state: {error}") from None


def _checked_action(view: MemoryView, name: str) -> int:
    """Return the number of an action, given by name or number."""
    try:
        return view.action_number(name)
    except UsageError:
        last = len(view.action_names) - 1
        names = f", or {', '.join(view.action_names)}" if view.world is not None else ""
        raise UsageError(f"--action: expected a number from 0 to {last}{names}, got {name!r}") from None


def _most_likely(view: MemoryView, model: TabularModel, state: int, action: int) -> tuple[Transition, str]:
    """Return the most likely transition after an action, and its probability as text if there are others."""
    stays = model.terminated[state] & (model.next_state[state] == state)
    if stays[model.probability[state] > 0].all():
        raise UsageError(f"--state: state {state} ends the episode, so there is no action to learn from")
    chances = model.probability[state, action]
    outcome = int(chances.argmax())
    others = np.count_nonzero(chances) - 1
    note = f"The most likely of {others + 1} outcomes, with probability {chances[outcome]:.2f}."
    at = state, action, outcome
    event = None if view.world is None else Event(view.world.event[at]).label
    reward, after = float(model.reward[at]), int(model.next_state[at])
    transition = Transition(state, action, reward, after, bool(model.terminated[at]), event)
    return transition, note if others else ""


def _found_in_episode(view: MemoryView, state: int, action: int) -> Transition:
    """Return the first step of the greedy episode with a state and an action, without a model."""
    steps = greedy_episode(view)
    for step in steps:
        if (step.state, step.action) == (state, action):
            return step
    pairs = ", ".join(dict.fromkeys(f"{step.state} {step.action}" for step in steps[:8]))
    raise UsageError(
        f"--state {state} --action {action}: without a model of {view.env_id}, expected a state and an "
        f"action of the greedy episode, such as {pairs}"
    )
