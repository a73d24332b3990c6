"""The report at the end of `cookies train`: losses and accuracies of the best and the last epoch."""

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import load_classifier, runs
from cookie_jar.agents.classifier_run import ClassifierRun, Scores, best_file, loss_and_accuracy
from cookie_jar.scripts.common.console import Console, command
from cookie_jar.scripts.common.loss_curve import has_risen, is_overfitted
from cookie_jar.scripts.common.tables import new_table, percent_cell

FALLING = 0.02  # share of the validation loss; an epoch in which it falls by more shows unfinished training
ENOUGH = 1_000  # gradient steps, those of a default run


def print_report(console: Console, run: ClassifierRun) -> None:
    """Print the scores of a run, its folder, and the command that tests the classifier."""
    best, last = run.best, run.table.rows[-1]
    kept = load_classifier(best_file(run.folder))
    table = new_table("", "loss", "accuracy", "validation loss", "accuracy")
    sets = run.train, run.validation
    rows = {"always the same kind": [constant_scores(labels) for _, labels in sets]}
    rows |= {f"epoch {best.epoch} (kept)": [loss_and_accuracy(kept, labelled) for labelled in sets]}
    if last.epoch != best.epoch:
        rows |= {f"epoch {last.epoch}": [loss_and_accuracy(run.classifier, labelled) for labelled in sets]}
    for name, scores in rows.items():
        cells = [cell for loss, right in scores for cell in (f"{loss:.3f}", percent_cell(100 * right))]
        table.add_row(name, *cells, style="bold green" if name.endswith("(kept)") else "")
    console.print()
    console.print(table)
    console.print(
        f"\n{len(run.train[1]):,} training and {len(run.validation[1]):,} validation pictures; "
        f"{kept.num_parameters:,} numbers, {run.steps:,} steps",
        style="dim",
        soft_wrap=True,
    )
    if is_overfitted(run.table.rows):
        ratio = last.validation_loss / best.validation_loss
        console.print(
            f"Overfitting began after epoch {best.epoch}: from there to epoch {last.epoch}, the validation "
            f"loss rose to {ratio:.2f} times its minimum.",
            soft_wrap=True,
        )
    elif has_risen(run.table.rows):
        console.print(
            f"Both losses rose after epoch {best.epoch}: the steps are too large, or too few; try a lower "
            "--learning-rate, or more --epochs.",
            soft_wrap=True,
        )
    elif still_falling(run):
        longer = max(2 * run.epochs, -(-ENOUGH // run.steps_per_epoch))
        console.print(
            f"The validation loss was still falling in the last epoch: train longer, "
            f"such as with --epochs {longer}.",
            soft_wrap=True,
        )
    if run.edited_card is not None:
        console.out(f"\nThe edited model card is now {run.edited_card}")
    console.out(f"\nSaved as {best_file(run.folder)}")
    console.out(f"Learning curve: {run.folder / runs.CURVE_FILE}")
    console.out(f"Next: {command('cookies', 'test', run.folder)}")


def still_falling(run: ClassifierRun) -> bool:
    """Return whether a short run ended while the validation loss fell clearly."""
    if run.steps < run.target or run.steps >= ENOUGH // 2:
        return False
    before, last = (row.validation_loss for row in run.table.rows[-2:])
    return last < (1 - FALLING) * before


def constant_scores(labels: NDArray[np.int64]) -> Scores:
    """Return the scores of the answer that is always the same: the shares of the kinds."""
    shares = np.bincount(labels) / len(labels)
    shares = shares[shares > 0]
    return Scores(float(-(shares * np.log(shares)).sum()), float(shares.max()))
