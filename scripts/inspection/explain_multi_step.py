"""`memory explain` for multi-step methods: earlier actions that an error moves, and n-step returns."""

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import NStepSarsa
from cookie_jar.agents.multi_step import EligibilityTraces
from cookie_jar.agents.past import traced_past
from cookie_jar.agents.td_methods import SARSA
from cookie_jar.agents.temporal_difference import RunningEpisode, TemporalDifference
from cookie_jar.scripts.inspection.greedy import Transition, greedy_episode
from cookie_jar.scripts.inspection.td_step import next_value
from cookie_jar.scripts.inspection.view import MemoryView

SHOWN = 8  # earlier actions, or rewards


def trace_of(agent: TemporalDifference, step: Transition, running: bool) -> float:
    """Return the trace with which an agent updates the value of a step; 1 without traces."""
    if not isinstance(agent, EligibilityTraces):
        return 1.0
    return float(_traces(agent, step, running)[step.state, step.action])


def explain_traces(
    view: MemoryView, agent: EligibilityTraces, step: Transition, value: float, running: bool
) -> tuple[str, list[str]]:
    """Describe which numbers the update of a step changes, and how those of earlier actions move."""
    traces, table = _traces(agent, step, running), agent.q_table
    target = step.reward if step.terminated else step.reward + agent.gamma * value
    change = agent.learning_rate * (target - table[step.state, step.action])
    traces[step.state, step.action] = 0.0
    order = np.argsort(-traces, axis=None, kind="stable")[: np.count_nonzero(traces)]
    if not len(order):
        when = "now" if running else "when an episode begins"
        return f"The update changes only this number: {when}, no other action has a trace.", []
    places = [divmod(int(pair), table.shape[1]) for pair in order]
    lines = [
        f"  {f'state {at[0]}, {view.action_names[at[1]]}':<38}{table[at]:z.4f} + {traces[at]:.4f} x "
        f"{change:+z.4f} = {table[at] + change * traces[at]:z.4f}"
        for at in places[:SHOWN]
    ]
    more = [f"  and {len(places) - SHOWN} more"] if len(places) > SHOWN else []
    head = f"The error also moves {len(places)} earlier actions of the episode: number + trace x rate x error"
    return "The update also changes the numbers below.", ["", f"{head}:", *lines, *more]


def _traces(agent: EligibilityTraces, step: Transition, running: bool) -> NDArray[np.float64]:
    """Return a copy of the traces [S, A] with which an agent learns from a step."""
    from cookie_jar.agents.multi_step_loops import mark

    goes_on = running and RunningEpisode(*agent.resume_state()["episode"]).length > 0
    traces = agent.traces.copy() if goes_on else np.zeros_like(agent.traces)
    cuts = agent.method != SARSA
    mark(agent.q_table, traced_past(traces), step.state, step.action, agent.replacing_traces, cuts)
    return traces


def explain_n_step(view: MemoryView, agent: NStepSarsa, step: Transition, *, running: bool) -> list[str]:
    """Explain the updates that a step makes due; otherwise that of the step, if greedy actions follow.

    All numbers are computed as by the agent.
    """
    if running:
        past = agent.past(RunningEpisode(*agent.resume_state()["episode"]))
        steps = [
            step._replace(state=int(state), action=int(action), reward=float(reward))
            for (state, action), reward in zip(past.steps, past.rewards, strict=True)
        ][: past.sizes[0]]
        steps, source = [*steps, step], "of the next action, drawn as in training"
        value = next_value(agent, step)
    else:
        steps, source = _followed(view, agent, step), "of the best action there"
        value = float(agent.q_table[steps[-1].next_state].max())
    if not steps[-1].terminated and len(steps) < agent.return_steps:
        missing = agent.return_steps - len(steps)
        return [
            f"No number moves yet: an update needs {agent.return_steps} rewards, and {missing} are missing;",
            f"{len(steps)} steps wait, the first in state {steps[0].state}.",
        ]
    return _due(view, agent, steps, value, source)


def _followed(view: MemoryView, agent: NStepSarsa, step: Transition) -> list[Transition]:
    """Return a step and those that follow in the greedy episode, as many as a target needs."""
    episode = greedy_episode(view)
    if step not in episode:
        return [step]
    first = episode.index(step)
    return episode[first : first + agent.return_steps]


def _due(
    view: MemoryView, agent: NStepSarsa, steps: list[Transition], value: float, source: str
) -> list[str]:
    """Describe the update of the first step, and of all others if the episode terminated."""
    rewards, last, rate = [step.reward for step in steps], steps[-1], agent.learning_rate
    before = float(agent.q_table[steps[0].state, steps[0].action])
    target = _target(rewards, 0.0 if last.terminated else value, agent.gamma)
    place = f"state {steps[0].state}, {view.action_names[steps[0].action]}"
    terms = [f"{reward:z.4f}" for reward in rewards] + [f"{value:z.4f}"] * (not last.terminated)
    powers = ["", f"{agent.gamma:g} x ", *(f"{agent.gamma:g}^{n} x " for n in range(2, len(terms)))]
    parts = [power + term for power, term in zip(powers, terms, strict=False)]
    total = " + ".join(parts if len(parts) <= SHOWN else [*parts[:3], "...", parts[-1]])
    given = [f"{reward:z.4f}" for reward in rewards[:SHOWN]] + ["..."] * (len(rewards) > SHOWN)
    end = (
        "The episode terminated, so there is no next value, and all steps that wait are updated."
        if last.terminated
        else f"next value (of state {last.next_state})".ljust(40) + f"{value:z.4f}   that {source}"
    )
    after = before + rate * (target - before)
    lines = [
        f"rewards of the last {len(steps)} steps".ljust(40) + "  ".join(given),
        end,
        f"{'before (the old value)':<40}{before:z.4f}   the number at {place}",
        "",
        "Each reward is discounted once more than the one before:",
        f"target = {total} = {target:z.4f}",
        f"error  = target - before                = {target:z.4f} - {before:z.4f} = {target - before:+z.4f}",
        f"after  = before + learning rate x error = {before:z.4f} + {rate:g} x {target - before:+z.4f}"
        f" = {after:z.4f}",
    ]
    if not last.terminated or len(steps) == 1:
        return [*lines, "", "The update changes only this number."]
    return [*lines, "", "Then the later steps, with fewer rewards:", *_later(view, agent, steps, after)]


def _later(view: MemoryView, agent: NStepSarsa, steps: list[Transition], after: float) -> list[str]:
    """Describe the updates of the later steps of an episode that terminated."""
    table = agent.q_table.copy()
    table[steps[0].state, steps[0].action] = after
    lines = []
    for number, step in enumerate(steps[1:], 1):
        at = step.state, step.action
        before, target = table[at], _target([later.reward for later in steps[number:]], 0.0, agent.gamma)
        table[at] += agent.learning_rate * (target - table[at])
        place = f"state {step.state}, {view.action_names[step.action]}"
        lines.append(f"  {place:<38}target {target:z.4f}, {before:z.4f} -> {table[at]:z.4f}")
    return lines


def _target(rewards: list[float], value: float, gamma: float) -> float:
    """Return the discounted sum of rewards and of the value that follows."""
    for reward in reversed(rewards):
        value = reward + gamma * value
    return value
