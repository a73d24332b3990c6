"""`memory explain`: an update that an agent makes at this moment, with its formula and all numbers."""

import argparse
from itertools import zip_longest

from cookie_jar.agents import DynaQ, NStepSarsa, td_methods
from cookie_jar.agents.multi_step import EligibilityTraces
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.scripts.common.console import Console, UsageError
from cookie_jar.scripts.inspection.explain_gradient import explain_gradient
from cookie_jar.scripts.inspection.explain_multi_step import explain_n_step, explain_traces, trace_of
from cookie_jar.scripts.inspection.explain_planning import explain_planning
from cookie_jar.scripts.inspection.explain_sample import explain_sample
from cookie_jar.scripts.inspection.greedy import Transition
from cookie_jar.scripts.inspection.td_step import epsilon_of, next_action, next_transition, next_value
from cookie_jar.scripts.inspection.transitions import chosen_transition
from cookie_jar.scripts.inspection.view import MemoryView


def show_update(args: argparse.Namespace, console: Console) -> None:
    """Print the update from a transition, or from the next batch of a policy gradient."""
    given = [name for name in ("state", "action", "step") if getattr(args, name) is not None]
    if args.next and given:
        raise UsageError(f"--next: expected no --{given[0]}, which chooses another update; leave one out")
    view = MemoryView(args.run)
    if args.picture is not None:
        raise UsageError("--picture: expected the run of a classifier, got an agent; use --step or --state")
    for line in explain(view, args):
        console.out(line)


def explain(view: MemoryView, args: argparse.Namespace) -> list[str]:
    """Explain the update that the options choose in lines of text."""
    agent = view.agent
    if isinstance(agent, OnPolicy) and args.step is args.state is args.action is None:
        return explain_gradient(view, agent)
    if isinstance(agent, TemporalDifference) and args.next:
        step, note = next_transition(view, agent), ""
    else:
        step, note = chosen_transition(view, args)
    lines = [*explain_transition(view, step), *([note] if note else []), ""]
    if isinstance(agent, OnPolicy):
        return [*lines, *explain_sample(view, agent, step)]
    if isinstance(agent, NStepSarsa):
        return [*lines, *explain_n_step(view, agent, step, running=args.next)]
    return [*lines, *explain_td(view, agent, step, running=args.next)]


def explain_transition(view: MemoryView, step: Transition) -> list[str]:
    """Describe a transition in lines of text, with drawings of its states."""
    name = view.action_names[step.action]
    who = "The agent" if view.world is None else "The child"
    event = "" if step.event is None else f" ({step.event})"
    return [
        f"{who} was in state {step.state}, took `{name}`{event}, and reached state {step.next_state}:",
        "",
        *_side_by_side(view.draw(step.state), view.draw(step.next_state), name),
    ]


def explain_td(
    view: MemoryView, agent: TemporalDifference, step: Transition, *, running: bool = False
) -> list[str]:
    """Explain the update after a transition in lines of text; all numbers are computed as by the agent.

    The update is the next one that the agent makes if its episode continues with this transition: with the
    epsilon of its step, and for SARSA with the next action that its random number generator gives. Traces are
    those of the running episode, or none, as at the beginning of an episode.
    """
    names, table = view.action_names, agent.q_table
    state, action = step.state, step.action
    before, value = float(table[state, action]), next_value(agent, step)
    best = names[table[step.next_state].argmax()]
    drawn, epsilon = names[next_action(agent, step)], f"epsilon = {epsilon_of(agent):.4g}"
    source = {
        td_methods.Q_LEARNING: f"the maximum: {best}",
        td_methods.SARSA: f"the value of the next action, drawn with {epsilon}: {drawn}",
        td_methods.EXPECTED_SARSA: f"the mean over its actions, drawn with {epsilon}; the best: {best}",
    }[agent.method]
    changes, further = _further(view, agent, step, value, running)
    return [
        f"reward                                  {step.reward:z.4f}",
        f"{f'next value (of state {step.next_state})':<40}{value:z.4f}   {source}",
        f"{'before (the old value)':<40}{before:z.4f}   the number at state {state}, {names[action]}",
        "",
        *_update(agent, step, before, value, trace_of(agent, step, running), changes),
        *further,
    ]


def _further(
    view: MemoryView, agent: TemporalDifference, step: Transition, value: float, running: bool
) -> tuple[str, list[str]]:
    """Describe which numbers the update changes, in a sentence, and how the others move, in lines of text."""
    if isinstance(agent, EligibilityTraces):
        return explain_traces(view, agent, step, value, running)
    if isinstance(agent, DynaQ):
        return explain_planning(view, agent, step)
    return "The update changes only this number.", []


def _update(
    agent: TemporalDifference, step: Transition, before: float, value: float, trace: float, changes: str
) -> list[str]:
    """Describe target, error and new value; then the same for a terminated and a truncated episode."""
    reward, rate, gamma = step.reward, agent.learning_rate, agent.gamma
    discounted = f"{reward:z.4f} + {gamma:g} x {value:z.4f} = {reward + gamma * value:z.4f}"
    targets = {False: reward + gamma * value, True: reward}
    after = {end: before + rate * trace * (targets[end] - before) for end in (False, True)}
    factor, words = (f" x {trace:.4g}", " x trace") if trace != 1 else ("", "")
    right = targets[step.terminated]
    error = right - before
    if step.terminated:
        lines = [
            "The episode terminated here, so there is no next value:",
            f"target = reward                         = {reward:z.4f}",
        ]
    else:
        lines = [
            f"The next value is discounted by gamma = {gamma:g}:",
            f"target = reward + gamma x next value    = {discounted}",
        ]
    return [
        *lines,
        f"error  = target - before                = {right:z.4f} - {before:z.4f} = {error:+z.4f}",
        f"after  = before + learning rate{words} x error = {before:z.4f} + {rate:g}{factor} x {error:+z.4f}"
        f" = {after[step.terminated]:z.4f}",
        "",
        f"{changes} For comparison:",
        "  if the episode had terminated here:",
        f"      target = {reward:z.4f}, after = {after[True]:z.4f}",
        "  if the time limit had been reached here (truncated):",
        f"      target = {discounted}, after = {after[False]:z.4f}",
        "After a time limit, the episode could continue, so the next value counts.",
    ]


def _side_by_side(left: str, right: str, between: str) -> list[str]:
    """Return two drawings with an arrow between them."""
    rows = list(zip_longest(left.splitlines(), right.splitlines(), fillvalue=""))
    width, arrow = max(len(a) for a, _ in rows), f"  -- {between} -->  "
    middle = (len(rows) - 1) // 2
    gaps = [arrow if row == middle else " " * len(arrow) for row in range(len(rows))]
    return [f"  {a:<{width}}{gap}{b}".rstrip() for (a, b), gap in zip(rows, gaps, strict=True)]
