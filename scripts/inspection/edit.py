"""`memory diff`, `edit`, `forget` and `lesion`: what it means when numbers are others."""

import argparse
import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from cookie_jar.agents import runs
from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.console import UsageError, command
from cookie_jar.scripts.inspection.view import MemoryView

FRACTIONS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0)
MOST_ROWS = 10


def add_commands(commands: Any) -> None:
    """Declare the commands."""
    diff = commands.add_parser("diff", help="which numbers and which behaviour differ between two memories")
    diff.add_argument("run", metavar="A", help="a run or a snapshot")
    diff.add_argument("other", metavar="B", help="another one in the same environment")
    diff.set_defaults(do=show_difference)

    edit = commands.add_parser("edit", help="change one number, into a new run")
    edit.add_argument("run", metavar="RUN", help="a run or a snapshot")
    edit.add_argument(
        "place",
        nargs="+",
        metavar="PLACE",
        help="of a table, STATE ACTION, such as 0 pick-left; of a network, a weight, such as policy.2.bias 7",
    )
    edit.add_argument("value", type=float, metavar="VALUE", help="the new number")
    edit.set_defaults(do=edit_number)

    forget = commands.add_parser("forget", help="wipe numbers at random, into a new run")
    forget.add_argument("run", metavar="RUN", help="a run or a snapshot")
    forget.add_argument(
        "--fraction", type=float, default=0.3, metavar="X", help="of all numbers (default: %(default)s)"
    )
    forget.add_argument("--seed", type=int, default=0, help="of what is wiped (default: %(default)s)")
    forget.set_defaults(do=forget_numbers)
    for changing in (edit, forget):
        changing.add_argument(
            "-o", "--output", type=Path, required=True, metavar="NEW", help="folder of the new run"
        )

    lesion = commands.add_parser("lesion", help="how much of it can be lost")
    lesion.add_argument("run", metavar="RUN", help="a run or a snapshot")
    lesion.add_argument(
        "--seeds", type=int, default=20, metavar="N", help="trials a fraction (default: %(default)s)"
    )
    lesion.add_argument("--png", type=Path, metavar="FILE", help="also draw the curve into a file")
    lesion.set_defaults(do=show_lesion)


def show_difference(args: argparse.Namespace, console: Console) -> None:
    """The numbers that changed most, and the states where the greedy action differs."""
    a, b = MemoryView(args.run), MemoryView(args.other)
    shapes = [{name: array.shape for name, array in view.numbers.items()} for view in (a, b)]
    if shapes[0] != shapes[1] or _env(a) != _env(b):
        raise UsageError(f"expected two memories of one environment, got {_env(a)} and {_env(b)}")
    for name, view in (("A", a), ("B", b)):
        console.print(f"{name}  {view.run}: {view.summary()}", markup=False, soft_wrap=True)
    before, after = a.parameters(), b.parameters()
    change = np.abs(after - before)
    console.print(f"\n{np.count_nonzero(change):,} of {change.size:,} numbers differ; the largest changes:")
    table = _table("number", "A", "B", "change")
    for place in np.argsort(-change, kind="stable")[:MOST_ROWS]:
        if change[place] > 0:
            numbers = f"{before[place]:.3f}", f"{after[place]:.3f}", f"{after[place] - before[place]:+.3f}"
            table.add_row(a.words(place), *numbers)
    console.print(table)
    if a.has_states:
        show_behaviour(a, b, console)


def show_behaviour(a: MemoryView, b: MemoryView, console: Console) -> None:
    """The states where the greedy action differs."""
    visited = np.union1d(a.reachable(), b.reachable())
    policies = a.agent.policy, b.agent.policy
    differ = visited[policies[0][visited] != policies[1][visited]]
    console.print(
        f"\nOf {len(visited):,} states that either comes to, they act differently in {len(differ):,}:"
    )
    table = _table("state", "A does", "B does")
    for state in differ[:MOST_ROWS]:
        table.add_row(f"{state}", *(a.action_names[policy[state]] for policy in policies))
    console.print(table)
    if len(differ) > MOST_ROWS:
        console.print(f"... and {len(differ) - MOST_ROWS:,} more")


def edit_number(args: argparse.Namespace, console: Console) -> None:
    """Change one number and tell what it did."""
    view = MemoryView(args.run)
    place = view.place(args.place)
    if not np.isfinite(args.value):
        raise UsageError(f"VALUE: expected a finite number, got {args.value}")
    changed = view.parameters()
    before, changed[place] = changed[place], args.value
    what = f"{view.words(place)}: {before:.4f} -> {args.value:.4f}"
    _save_changed(view, changed, args.output, what, console)


def forget_numbers(args: argparse.Namespace, console: Console) -> None:
    """Wipe some numbers and tell what it did."""
    if not 0 <= args.fraction <= 1:
        raise UsageError(f"--fraction: expected a number from 0 to 1, got {args.fraction}")
    if args.seed < 0:
        raise UsageError(f"--seed: expected 0 or more, got {args.seed}")
    view = MemoryView(args.run)
    changed = wiped(view.parameters(), args.fraction, args.seed)
    what = f"{round(args.fraction * changed.size):,} of {changed.size:,} numbers wiped (seed {args.seed})"
    _save_changed(view, changed, args.output, what, console)


def show_lesion(args: argparse.Namespace, console: Console) -> None:
    """Happiness against the fraction forgotten, with intervals over seeds."""
    if args.seeds < 2:
        raise UsageError(f"--seeds: expected at least 2, got {args.seeds}")
    view = MemoryView(args.run)
    whole = view.parameters()
    scores = np.array(
        [
            [_score(view, wiped(whole, fraction, seed)) for seed in range(args.seeds)]
            for fraction in track(FRACTIONS, description="forgetting", console=console, transient=True)
        ]
    )
    means, half = scores.mean(axis=1), interval(scores)
    table = _table("forgotten", "happiness", "95 % interval", "of possible")
    for fraction, mean, width in zip(FRACTIONS, means, half, strict=True):
        percent = f"{view.evaluator.percent(mean):.1f} %"
        table.add_row(f"{fraction:.0%}", f"{mean:.2f}", f"{mean - width:.2f} to {mean + width:.2f}", percent)
    console.print(table)
    console.print(f"mean of {args.seeds} random choices of what is forgotten", style="dim")
    if args.png is not None:
        write_atomically(args.png, _curve(means, half))
        console.print(f"written: {args.png}", markup=False)


def wiped(numbers: NDArray[np.float64], fraction: float, seed: int) -> NDArray[np.float64]:
    """A copy [n] in which a random fraction of the numbers is 0."""
    changed = numbers.copy()
    places = np.random.default_rng(seed).permutation(changed.size)[: round(fraction * changed.size)]
    changed[places] = 0.0
    return changed


def interval(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the width of the 95 % interval of the mean of each row [n], by Student's t."""
    from scipy.stats import t

    count = scores.shape[1]
    half: NDArray[np.float64] = t.ppf(0.975, count - 1) * scores.std(axis=1, ddof=1) / np.sqrt(count)
    return half


def _score(view: MemoryView, numbers: NDArray[np.float64]) -> float:
    """The happiness with other numbers in the place of the memory's, which stay there."""
    view.set_parameters(numbers)
    return view.score.mean_return


def _save_changed(
    view: MemoryView, changed: NDArray[np.float64], output: Path, what: str, console: Console
) -> None:
    if output.exists():
        raise UsageError(f"{output} exists already: choose another folder")
    before, policy = view.summary(), view.agent.policy if view.has_states else None
    view.set_parameters(changed)
    view.agent.reset_episode()  # what was under way was done with other numbers
    console.print(what, markup=False)
    console.print(f"before: {before}", markup=False)
    console.print(f"after:  {view.summary()}", markup=False)
    if policy is not None:
        differs = int((view.agent.policy != policy).sum())
        console.print(f"its greedy action is now another one in {differs:,} of {len(policy):,} states")
    view.agent.notes = dict(view.agent.notes) | {"changed": what, "performance": view.score._asdict()}
    file = view.agent.save(output / runs.AGENT_FILE)
    console.out(f"saved in {file}\nWatch it: {command('watch', output)}", highlight=False)


def _curve(means: NDArray[np.float64], half: NDArray[np.float64]) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    percent = [100 * fraction for fraction in FRACTIONS]
    axes.fill_between(percent, means - half, means + half, color="#1e785c", alpha=0.2, linewidth=0)
    axes.plot(percent, means, color="#1e785c", linewidth=2.5, marker="o", markersize=4)
    axes.set_title("How much of the memory can be lost", loc="left", fontweight="bold")
    axes.set_xlabel("numbers forgotten, %")
    axes.set_ylabel("happiness of an episode")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#eee6da")
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()


def _env(view: MemoryView) -> str:
    return "?" if view.agent.env.spec is None else view.agent.env.spec.to_json()


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in headings:
        table.add_column(heading, justify="right")
    return table
