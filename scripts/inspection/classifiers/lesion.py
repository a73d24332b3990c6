"""`memory lesion` for a classifier: its accuracy after random parts of its numbers are set to 0."""

import argparse

import numpy as np

from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.common.tables import new_table
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView
from cookie_jar.scripts.inspection.commands import FEW_DRAWS
from cookie_jar.scripts.inspection.lesion_draws import FRACTIONS, mean_half_widths, scores_with_zeros


def show_lesion(args: argparse.Namespace, console: Console) -> None:
    """Print the mean accuracy for each fraction, with the interval of the mean over the draws."""
    view, draws = ClassifierView(args.run), args.draws or FEW_DRAWS
    count = len(view.data.validation[1])
    with np.errstate(all="ignore"):
        [scores] = 100 * scores_with_zeros(view, lambda: (view.scores().accuracy,), draws, console).T
    means, half_widths = scores.mean(axis=0), mean_half_widths(scores.T)
    bounds = np.clip((means - half_widths, means + half_widths), 0, 100)
    table = new_table("forgotten", "accuracy", "95 % interval")
    for part, mean, low, high in zip(FRACTIONS, means, *bounds, strict=True):
        table.add_row(f"{part:.0%}", f"{mean:.1f} %", f"{low:.1f} to {high:.1f} %")
    console.print(table)
    console.print(
        f"{count:,} pictures of the validation part; means over {draws:,} independent draws of the numbers "
        "for each fraction; interval: of the mean, by Student's t",
        style="dim",
    )
    if args.png is not None:
        from cookie_jar.scripts.inspection.figures import draw_lesion

        label = "accuracy in the validation part, %"
        write_atomically(args.png, draw_lesion(FRACTIONS, means, bounds, label))
        console.out(f"wrote {args.png}")
