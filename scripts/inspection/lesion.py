"""`memory lesion`: the score of an agent against the fraction of its numbers that is set to 0."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.argument_types import add_command, at_least
from cookie_jar.scripts.common.console import progress_bar
from cookie_jar.scripts.common.tables import new_table, number_cell, percent_cell
from cookie_jar.scripts.inspection.edit import with_zeros
from cookie_jar.scripts.inspection.view import MemoryView

FRACTIONS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0)

Floats = NDArray[np.float64]


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    lesion = add_command(commands, "lesion", "measure how the score falls as more numbers are set to 0")
    lesion.add_argument("run", metavar="RUN", help="a run or a snapshot")
    lesion.add_argument(
        "--seeds", type=at_least(2), default=20, metavar="N",
        help="random selections per fraction (default: %(default)s)",
    )  # fmt: skip
    lesion.add_argument("--png", type=Path, metavar="FILE", help="plot the curve to a file")
    lesion.set_defaults(do=show_lesion)


def show_lesion(args: argparse.Namespace, console: Console) -> None:
    """Print the mean score for each fraction, with its interval over seeds."""
    view = MemoryView(args.run)
    scores = lesion_scores(view, args.seeds, console)
    means, half_widths = scores.mean(axis=1), mean_half_widths(scores)
    table = new_table("forgotten", "happiness", "95 % interval", "of possible")
    for fraction, mean, half in zip(FRACTIONS, means, half_widths, strict=True):
        percent = percent_cell(view.evaluator.percent(mean))
        interval = f"{mean - half:.2f} to {mean + half:.2f}"
        table.add_row(f"{fraction:.0%}", number_cell(mean), interval, percent)
    console.print(table)
    console.print(f"means over {args.seeds} random selections of the numbers", style="dim")
    if args.png is not None:
        from cookie_jar.scripts.inspection.figures import draw_lesion

        write_atomically(args.png, draw_lesion(FRACTIONS, means, half_widths))
        console.print(f"wrote {args.png}", markup=False)


def lesion_scores(view: MemoryView, seeds: int, console: Console) -> Floats:
    """Return the happiness of the greedy policy for each fraction and seed [len(FRACTIONS), seeds]."""
    intact = view.parameters()
    scores = np.empty((len(FRACTIONS), seeds))
    with progress_bar(console) as bar:
        for row, fraction in enumerate(bar.track(FRACTIONS, description="lesions")):
            for seed in range(seeds):
                view.set_parameters(with_zeros(intact, fraction, seed))
                scores[row, seed] = view.score.mean_return
    view.set_parameters(intact)
    return scores


def mean_half_widths(scores: Floats) -> Floats:
    """Return half the width of the 95 % interval of the mean of each row [k, n], by Student's t: [k]."""
    from scipy.stats import t

    count = scores.shape[1]
    half: Floats = t.ppf(0.975, count - 1) * scores.std(axis=1, ddof=1) / np.sqrt(count)
    return half
