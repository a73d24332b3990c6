"""`memory explain` of a Q-table: one update, with its formula and its numbers filled in."""

import argparse
from typing import Any

import numpy as np
from rich.console import Console

from cookie_jar.agents import td_loops, td_methods
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.explain_gradient import gradient_story
from cookie_jar.scripts.inspection.view import MemoryView


def add_commands(commands: Any) -> None:
    """Declare the command."""
    explain = commands.add_parser("explain", help="one update, with its formula and its numbers")
    explain.add_argument("run", metavar="RUN", help="a run or a snapshot")
    explain.add_argument(
        "--step",
        type=int,
        default=1,
        metavar="N",
        help="of a Q-table, which step of its greedy episode (default: %(default)s)",
    )
    explain.set_defaults(do=explain_update)


def explain_update(args: argparse.Namespace, console: Console) -> None:
    """Tell the update that the run would make now after a step of its greedy episode."""
    view = MemoryView(args.run)
    if isinstance(view.agent, OnPolicy):
        for line in gradient_story(view, view.agent):
            console.print(line, markup=False, soft_wrap=True)
        return
    steps = view.episode()
    if not 1 <= args.step <= len(steps):
        raise UsageError(f"--step: its greedy episode has the steps 1 to {len(steps)}, got {args.step}")
    state, action, told = steps[args.step - 1]
    for line in story(view, view.agent, state, action, told):
        console.print(line, markup=False, soft_wrap=True)


def story(
    view: MemoryView, agent: TemporalDifference, state: int, action: int, told: dict[str, Any]
) -> list[str]:
    """The update in plain words; every number is computed as the learner computes it."""
    names, table = view.action_names, agent.q_table
    rate, gamma, before = agent.learning_rate, agent.gamma, float(table[state, action])
    reward, next_obs, terminated = told["reward"], told["next_obs"], bool(told["terminated"])
    best = int(table[next_obs].argmax())
    epsilon = agent.exploration_final_eps

    def target_of(reward: float, gamma: float, terminated: bool) -> float:
        if agent.method == td_methods.SARSA:
            target = td_loops.sarsa_target(table, reward, next_obs, best, terminated, gamma)
        elif agent.method == td_methods.EXPECTED_SARSA:
            target = td_loops.expected_sarsa_target(table, reward, next_obs, terminated, epsilon, gamma)
        else:
            target = td_loops.q_target(table, reward, next_obs, terminated, gamma)
        return float(target)

    future = target_of(0.0, 1.0, False)  # the value of the next state alone
    after = {end: before + rate * (target_of(reward, gamma, end) - before) for end in (False, True)}
    event = f" ({told['event']})" if "event" in told else ""
    means = {
        td_methods.Q_LEARNING: f"the best that it expects there: {names[best]}",
        td_methods.SARSA: f"what it expects of what it would do there: {names[best]}",
        td_methods.EXPECTED_SARSA: f"the mean of what it would do there, mostly {names[best]}",
    }
    picture = _side_by_side(view.draw(state), view.draw(next_obs), names[action])
    going_on = f"{reward:.4f} + {gamma:g} x {future:.4f} = {reward + gamma * future:.4f}"
    lines = [
        f"The child was in state {state}, did `{names[action]}`{event}, and came to state {next_obs}:",
        "",
        *picture,
        "",
        f"happiness now (reward)                 {reward:.4f}",
        f"happiness to come (value of state {next_obs})   {future:.4f}   {means[agent.method]}",
        f"what it had expected (value before)    {before:.4f}   the number at state {state}, {names[action]}",
        "",
    ]
    if terminated:
        lines += [
            "The episode ended here, so nothing is to come: only the reward counts.",
            f"target = reward                        = {reward:.4f}",
        ]
    else:
        lines += [
            f"A later happiness counts a little less than one now: gamma = {gamma:g}.",
            f"target = reward + gamma x to come      = {going_on}",
        ]
    target = reward if terminated else reward + gamma * future
    lines += [
        f"error  = target - before               = {target:.4f} - {before:.4f} = {target - before:+.4f}",
        f"after  = before + learning rate x error = {before:.4f} + {rate:g} x {target - before:+.4f}"
        f" = {after[terminated]:.4f}",
        "",
        "That one number is all that is written. What if ...",
        "  the episode had ended there (terminated)?",
        f"      target = {reward:.4f}, after = {after[True]:.4f}",
        "  only the time had run out (truncated)?",
        f"      target = {going_on}, after = {after[False]:.4f}",
        "A time-out is not an end: the kitchen would have gone on, so what is to come still counts.",
    ]
    return lines


def _side_by_side(left: str, right: str, between: str) -> list[str]:
    """Two drawings with an arrow between them."""
    a, b = left.splitlines(), right.splitlines()
    rows = max(len(a), len(b))
    width = max(map(len, a))
    arrow = f"  -- {between} -->  "
    middle = int(np.ceil(rows / 2)) - 1
    gaps = [arrow if row == middle else " " * len(arrow) for row in range(rows)]
    a, b = a + [""] * (rows - len(a)), b + [""] * (rows - len(b))
    return [f"  {x:<{width}}{gap}{y}".rstrip() for x, gap, y in zip(a, gaps, b, strict=True)]
