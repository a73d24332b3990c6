"""`memory explain`: the next update of an agent, with its formula and all numbers."""

import argparse
from typing import Any

from rich.console import Console

from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.scripts.common.argument_types import add_command, positive
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.explain_gradient import explain_gradient
from cookie_jar.scripts.inspection.explain_td import explain_td
from cookie_jar.scripts.inspection.greedy import greedy_episode
from cookie_jar.scripts.inspection.view import MemoryView


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    explain = add_command(commands, "explain", "print one update, with its formula and all numbers")
    explain.add_argument("run", metavar="RUN", help="a run or a snapshot")
    explain.add_argument(
        "--step",
        type=positive,
        default=1,
        metavar="N",
        help="step of the greedy episode to learn from, for a Q-table (default: %(default)s)",
    )
    explain.set_defaults(do=show_update)


def show_update(args: argparse.Namespace, console: Console) -> None:
    """Print the update from a step of the greedy episode, or from the next batch of a policy gradient."""
    view = MemoryView(args.run)
    if isinstance(view.agent, OnPolicy):
        lines = explain_gradient(view, view.agent)
    else:
        steps = greedy_episode(view)
        if args.step > len(steps):
            raise UsageError(
                f"--step: expected a step of the greedy episode, 1 to {len(steps)}, got {args.step}"
            )
        lines = explain_td(view, view.agent, steps[args.step - 1])
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
