"""`memory replay`: the score of every snapshot of a run, as a table."""

import argparse
from typing import Any

import numpy as np
from rich.console import Console

from cookie_jar.agents import runs
from cookie_jar.scripts.common.argument_types import add_command, run_folder
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.tables import new_table, number_cell, percent_cell
from cookie_jar.scripts.inspection.view import MemoryView

BAR = 20  # length of the bar of 100 % in characters


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    replay = add_command(commands, "replay", "print the score of every snapshot of a run")
    replay.add_argument("run", type=run_folder, metavar="RUN", help="the folder of a run")
    replay.set_defaults(do=show_timeline)


def show_timeline(args: argparse.Namespace, console: Console) -> None:
    """Print the score of each snapshot, and the number of parameters that differ from the first snapshot."""
    snapshots = runs.snapshots(args.run)
    if not snapshots:
        raise UsageError(f"{args.run}: expected the folder of a run with snapshots")
    table = new_table("steps", "happiness", "of possible", "", "numbers changed")
    with console.status("evaluating the snapshots"):
        view, first = MemoryView(args.run), MemoryView(snapshots[0][1]).parameters()
        for steps, file in [*snapshots, (view.agent.num_timesteps, runs.memory_file(args.run))]:
            snapshot = MemoryView(file, view.evaluator)
            happiness = snapshot.score.mean_return
            percent = view.evaluator.percent(happiness)
            changed = np.count_nonzero(snapshot.parameters() != first)
            table.add_row(
                f"{steps:,}",
                number_cell(happiness),
                percent_cell(percent),
                "█" * round(BAR * max(0.0, percent) / 100) if np.isfinite(percent) else "",
                f"{changed:,} of {snapshot.size:,}",
            )
    console.print(table)
