"""`memory diff` and `memory replay`: how agents differ, two of them or all snapshots of a run."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cookie_jar.agents import runs
from cookie_jar.agents.env_spec import env_key
from cookie_jar.scripts.common.console import Console, UsageError, progress_bar
from cookie_jar.scripts.common.tables import new_table, number_cell, percent_cell
from cookie_jar.scripts.inspection.greedy import reachable_states
from cookie_jar.scripts.inspection.parameters import Parameters
from cookie_jar.scripts.inspection.untrained import explain_untrained
from cookie_jar.scripts.inspection.view import MemoryView

BAR = 20  # characters of 100 %
MAX_ROWS = 10


def show_difference(args: argparse.Namespace, console: Console) -> None:
    """Print the largest differences of numbers, and the states in which the greedy actions differ."""
    a, b = MemoryView(args.run), MemoryView(args.other)
    shapes = [{name: array.shape for name, array in view.arrays.items()} for view in (a, b)]
    if shapes[0] != shapes[1] or _env(a) != _env(b):
        raise UsageError(f"expected two runs in one environment, got {_env(a)} and {_env(b)}")
    for name, view in (("A", a), ("B", b)):
        console.out(f"{name}  {view.run}: {view.summary()}")
    show_numbers(a, b, console)
    if a.has_states:
        show_actions(a, b, console)


def show_numbers(a: Parameters, b: Parameters, console: Console) -> None:
    """Print the numbers that differ most."""
    before, after = a.parameters(), b.parameters()
    change = np.abs(after - before)
    console.print(
        f"\n{np.count_nonzero(change):,} of {change.size:,} numbers differ; the largest differences:"
    )
    table = new_table("number", "A", "B", "change")
    for index in np.argsort(-change, kind="stable")[:MAX_ROWS]:
        if change[index] > 0:
            old, new = before[index], after[index]
            table.add_row(a.parameter_name(index), f"{old:z.3f}", f"{new:z.3f}", f"{new - old:+z.3f}")
    console.print(table)


def show_actions(a: MemoryView, b: MemoryView, console: Console) -> None:
    """Print the reachable states in which the greedy actions differ."""
    reachable = np.union1d(reachable_states(a), reachable_states(b))
    policies = a.agent.policy, b.agent.policy
    differ = reachable[policies[0][reachable] != policies[1][reachable]]
    where = f"{len(differ):,} of {len(reachable):,} states that A or B can reach"
    console.print(f"\nThe greedy actions differ in {where}:")
    table = new_table("state", "A", "B")
    for state in differ[:MAX_ROWS]:
        table.add_row(f"{state}", *(a.action_names[policy[state]] for policy in policies))
    console.print(table)
    if len(differ) > MAX_ROWS:
        console.print(f"... and {len(differ) - MAX_ROWS:,} more")


def _env(view: MemoryView) -> str:
    return env_key(view.agent.env) or "?"


def show_timeline(args: argparse.Namespace, console: Console) -> None:
    """Print the score of each snapshot, and the number of parameters that differ from the first snapshot."""
    snapshots = runs.snapshots(args.run)
    if not snapshots:
        raise UsageError(f"{args.run}: expected the folder of a run with snapshots")
    view = MemoryView(args.run)
    first = MemoryView(snapshots[0][1], view.evaluator)
    end = view.agent.num_timesteps, runs.memory_file(args.run)
    scores, changes = _measured([*(pair for pair in snapshots if pair[0] != end[0]), end], first, console)
    known = np.isfinite(view.evaluator.percent(scores[end[0]]))
    table = new_table("steps", "happiness", *(("of possible", "") if known else ()), "numbers changed")
    for steps, happiness in scores.items():
        percent = view.evaluator.percent(happiness)
        cells = (percent_cell(percent), "█" * round(BAR * max(0.0, percent) / 100)) if known else ()
        table.add_row(f"{steps:,}", number_cell(happiness), *cells, f"{changes[steps]:,} of {view.size:,}")
    console.print(table)
    if snapshots[0][0] == 0:
        console.print("\n".join(explain_untrained(first)), style="dim")


def _measured(
    files: Sequence[tuple[int, Path]], first: MemoryView, console: Console
) -> tuple[dict[int, float], dict[int, int]]:
    """Return the happiness of each file by its steps, and how many numbers differ from the first file."""
    scores, changes, before = dict[int, float](), dict[int, int](), first.parameters()
    with progress_bar(console) as bar:
        for steps, file in bar.track(files, description="evaluating snapshots"):
            snapshot = MemoryView(file, first.evaluator)
            scores[steps] = snapshot.score.mean_return
            changes[steps] = int(np.count_nonzero(snapshot.parameters() != before))
    return scores, changes
