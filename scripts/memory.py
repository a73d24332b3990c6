"""Look into a memory: read it, explain it, compare it, edit it, wipe it out, rewind it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from cookie_jar.agents import runs
from cookie_jar.scripts.common.console import UsageError, run
from cookie_jar.scripts.inspection import edit as memory_change
from cookie_jar.scripts.inspection import explain_td as memory_explain
from cookie_jar.scripts.inspection import show as memory_show
from cookie_jar.scripts.inspection.view import MemoryView


def parser() -> argparse.ArgumentParser:
    """The command line: a command, a run, and what the command needs."""
    parser = argparse.ArgumentParser(
        prog="cookie-jar memory",
        description=__doc__,
        epilog="RUN is the folder of a run, such as runs/NAME; runs/NAME@STEPS its snapshot nearest below",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (memory_show, memory_explain, memory_change):
        module.add_commands(commands)
    replay = commands.add_parser("replay", help="when it learned: the timeline as a table")
    replay.add_argument("run", type=Path, metavar="RUN", help="the folder of a run")
    replay.set_defaults(do=show_timeline)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    args.do(args, Console(highlight=False))


def show_timeline(args: argparse.Namespace, console: Console) -> None:
    """Every snapshot: how good it was, and how many numbers were no longer untouched."""
    snapshots = runs.snapshots(args.run)
    if not snapshots:
        raise UsageError(f"{args.run}: expected the folder of a run with snapshots")
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in ("steps", "happiness", "of possible", "", "numbers touched"):
        table.add_column(heading, justify="left" if heading == "" else "right")
    with console.status("judging every snapshot"):
        view, first = MemoryView(args.run), MemoryView(snapshots[0][1]).parameters()
        for steps, file in [*snapshots, (view.agent.num_timesteps, runs.memory_file(args.run))]:
            then = MemoryView(file, view.evaluator)
            percent = then.evaluator.percent(then.score.mean_return)
            table.add_row(
                f"{steps:,}",
                f"{then.score.mean_return:.2f}",
                f"{percent:.1f} %",
                "█" * round(max(0.0, percent) / 5) if np.isfinite(percent) else "",
                f"{np.count_nonzero(then.parameters() != first):,} of {then.count:,}",
            )
    console.print(table)


if __name__ == "__main__":
    sys.exit(run(main))
