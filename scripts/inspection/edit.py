"""`memory edit` and `memory forget`: change the numbers of an agent, and save it as a new run."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from cookie_jar.agents import runs
from cookie_jar.scripts.common.argument_types import add_command, finite, fraction, non_negative
from cookie_jar.scripts.common.console import UsageError, command
from cookie_jar.scripts.inspection.view import MemoryView


def add_commands(commands: Any) -> None:
    """Declare the commands and their options."""
    edit = add_command(commands, "edit", "change one number, and save the result as a new run")
    edit.add_argument("run", metavar="RUN", help="a run or a snapshot")
    edit.add_argument(
        "place",
        nargs="+",
        metavar="PLACE",
        help="for a table: STATE ACTION (0 pick-left); for a network: NAME INDEX (policy.2.bias 7)",
    )
    edit.add_argument("value", type=finite, metavar="VALUE", help="new value of the number")
    edit.set_defaults(do=edit_number)

    forget = add_command(commands, "forget", "set random numbers to 0, and save the result as a new run")
    forget.add_argument("run", metavar="RUN", help="a run or a snapshot")
    forget.add_argument(
        "--fraction",
        type=fraction,
        default=0.3,
        metavar="X",
        help="fraction of all numbers (default: %(default)s)",
    )
    forget.add_argument(
        "--seed", type=non_negative, default=0, help="seed of the random selection (default: %(default)s)"
    )
    forget.set_defaults(do=forget_numbers)
    for parser in (edit, forget):
        parser.add_argument(
            "-o", "--output", type=Path, required=True, metavar="NEW", help="folder of the new run"
        )


def edit_number(args: argparse.Namespace, console: Console) -> None:
    """Change one number, and print the effect."""
    view = MemoryView(args.run)
    index = view.parameter_index(args.place)
    changed = view.parameters()
    before, changed[index] = changed[index], args.value
    note = f"{view.parameter_name(index)}: {before:.4f} -> {args.value:.4f}"
    save_changed(view, changed, args.output, note, console)


def forget_numbers(args: argparse.Namespace, console: Console) -> None:
    """Set random numbers to 0, and print the effect."""
    view = MemoryView(args.run)
    changed = with_zeros(view.parameters(), args.fraction, args.seed)
    count = round(args.fraction * changed.size)
    note = f"{count:,} of {changed.size:,} numbers set to 0 (seed {args.seed})"
    save_changed(view, changed, args.output, note, console)


def with_zeros(parameters: NDArray[np.float64], fraction: float, seed: int) -> NDArray[np.float64]:
    """Return a copy [n] of parameters in which a random fraction is 0."""
    changed = parameters.copy()
    indices = np.random.default_rng(seed).permutation(changed.size)[: round(fraction * changed.size)]
    changed[indices] = 0.0
    return changed


def save_changed(
    view: MemoryView, changed: NDArray[np.float64], output: Path, note: str, console: Console
) -> None:
    """Save the agent with changed parameters [n] as a new run, and print the effect of the change.

    Args:
        view: The view of the agent; its parameters are changed.
        changed: The new parameters.
        output: The folder of the new run.
        note: A description of the change, saved with the agent.
        console: The console for the report.

    Raises:
        UsageError: If the folder exists.
    """
    if output.exists():
        raise UsageError(f"{output} exists already: choose another folder")
    before, policy = view.summary(), view.agent.policy if view.has_states else None
    view.set_parameters(changed)
    view.agent.reset_episode()  # the running episode began with the old parameters
    console.print(note, markup=False)
    console.print(f"before: {before}", markup=False)
    console.print(f"after:  {view.summary()}", markup=False)
    if policy is not None:
        differs = int((view.agent.policy != policy).sum())
        console.print(f"The greedy action changed in {differs:,} of {len(policy):,} states.")
    view.agent.notes = dict(view.agent.notes) | {"changed": note, "performance": view.score._asdict()}
    file = view.agent.save(output / runs.AGENT_FILE)
    console.out(f"Saved as {file}\nNext: {command('watch', output)}", highlight=False)
