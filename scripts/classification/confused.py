"""`cookies confused`: which kinds are confused, the most confident mistakes, and the calibration."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.run_files import CALIBRATION_FILE, CONFUSION_FILE, MISTAKES_FILE
from cookie_jar.scripts.classification.judged import (
    Judged,
    add_run_and_data,
    open_run,
    open_test_set,
    write_figure,
)
from cookie_jar.scripts.classification.openings import described
from cookie_jar.scripts.classification.scores import (
    Calibration,
    calibration,
    confusion,
    worst_mistakes,
)
from cookie_jar.scripts.common.argument_types import add_command, parent_folder, positive
from cookie_jar.scripts.common.console import Console, command
from cookie_jar.scripts.common.tables import new_table

SHOWN = 5  # mistakes that are printed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    confused = add_command(
        commands,
        "confused",
        "show which kinds are confused, the most confident mistakes, and the calibration",
    )
    add_run_and_data(confused)
    confused.add_argument(
        "--mistakes", type=positive, default=SHOWN, metavar="N",
        help="number of mistakes to print (default: %(default)s)",
    )  # fmt: skip
    confused.add_argument(
        "--png", type=parent_folder, metavar="FOLDER",
        help=f"folder for {CONFUSION_FILE}, {MISTAKES_FILE} and {CALIBRATION_FILE} (default: RUN)",
    )  # fmt: skip
    confused.set_defaults(do=show_confusion)


def show_confusion(args: argparse.Namespace, console: Console) -> None:
    """Print and draw what a classifier confuses in the test set."""
    judged = open_run(args.run, args.data)
    openings = open_test_set(judged, "confused")
    pictures, labels = judged.part("test")
    probabilities = judged.probabilities(pictures)
    counts = confusion(labels, probabilities.argmax(axis=1), len(judged.dataset.kinds))
    found = calibration(probabilities, labels)
    _print_matrix(console, judged, counts)
    _print_mistakes(console, judged, probabilities, labels, args.mistakes)
    _print_calibration(console, found)
    if openings is not None:
        share = float(np.trace(counts) / counts.sum())
        console.out(f"\n{described(openings, share, len(labels))}")
    for name, png in _figures(judged, probabilities, labels, counts, found).items():
        write_figure(console, _file(args.png, name), judged, name, png)
    number = judged.dataset.numbers[judged.split.test[_first(probabilities, labels)]]
    console.out(f"Next: {command('cookies', 'explain', judged.run, '--picture', number)}")


def _file(folder: Path | None, name: str) -> Path | None:
    return None if folder is None else folder / name


def _first(probabilities: Floats, labels: Ints) -> int:
    """Return the index of the most confident mistake, or of the least confident answer."""
    wrong = worst_mistakes(probabilities, labels, 1)
    return int(wrong[0]) if len(wrong) else int(probabilities.max(axis=1).argmin())


def _print_matrix(console: Console, judged: Judged, counts: Ints) -> None:
    kinds = judged.dataset.kinds
    table = new_table("true kind", *kinds, "correct", left=("true kind",))
    for kind, row in zip(kinds, counts, strict=True):
        right = row[kinds.index(kind)] / max(row.sum(), 1)
        table.add_row(kind, *(f"{count:,}" for count in row), f"{100 * right:.1f} %")
    console.out(f"{judged.name} on {counts.sum():,} test pictures; columns: the predicted kind", style="dim")
    console.print(table)


def _print_mistakes(console: Console, judged: Judged, probabilities: Floats, labels: Ints, most: int) -> None:
    kinds, numbers = judged.dataset.kinds, judged.dataset.numbers[judged.split.test]
    wrong = worst_mistakes(probabilities, labels, most)
    count = int((probabilities.argmax(axis=1) != labels).sum())
    if not count:
        console.out("\nNo mistakes.")
        return
    table = new_table("picture", "true kind", "predicted", "confidence", left=("true kind", "predicted"))
    for index in wrong:
        predicted = int(probabilities[index].argmax())
        sure = f"{100 * probabilities[index, predicted]:.1f} %"
        table.add_row(str(numbers[index]), kinds[labels[index]], kinds[predicted], sure)
    console.out(f"\nThe most confident of {count:,} mistakes:")
    console.print()
    console.print(table)


def _print_calibration(console: Console, found: Calibration) -> None:
    table = new_table("confidence", "correct", "95 % interval", "pictures")
    for confidence, share, low, high, count in zip(*found[:5], strict=True):
        interval = f"{100 * low:.1f} to {100 * high:.1f} %"
        table.add_row(f"{100 * confidence:.1f} %", f"{100 * share:.1f} %", interval, f"{count:,}")
    console.out("\nCalibration: how often predictions of each confidence are correct")
    console.print()
    console.print(table)
    console.out(f"\nexpected calibration error {100 * found.error:.1f} points")


def _figures(
    judged: Judged, probabilities: Floats, labels: Ints, counts: Ints, found: Calibration
) -> dict[str, bytes]:
    """Return the figures by the names of their files."""
    from cookie_jar.scripts.classification import score_figures as figures

    kinds, pictures = judged.dataset.kinds, judged.part("test")[0]
    predicted, subtitle = probabilities.argmax(axis=1), f"{judged.name}, {len(labels):,} test pictures"
    most = figures.cell_pictures(len(kinds))
    examples = {
        (true, guess): pictures[(labels == true) & (predicted == guess)][:most]
        for true, guess in np.ndindex(*counts.shape)
    }
    wrong = worst_mistakes(probabilities, labels, figures.MISTAKES)
    mistakes = [
        figures.Mistake(pictures[i], int(labels[i]), int(predicted[i]), float(probabilities[i].max()))
        for i in wrong
    ]
    title = f"The most confident of {int((predicted != labels).sum()):,} mistakes"
    error = f"The probabilities are off by {100 * found.error:.1f} points on average"
    most_confused = confusion_title(counts, kinds)
    drawn = {
        CONFUSION_FILE: figures.draw_confusion(most_confused, subtitle, counts, examples, kinds),
        CALIBRATION_FILE: figures.draw_calibration(error, subtitle, found),
    }
    if mistakes:
        subtitle = f"{subtitle}; above each picture its true kind"
        drawn[MISTAKES_FILE] = figures.draw_mistakes(title, subtitle, mistakes, kinds)
    return drawn


def confusion_title(counts: Ints, kinds: tuple[str, ...]) -> str:
    """Return the title of a confusion matrix: the most frequent mistake."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, 0)
    if not shares.any():
        return "No mistakes"
    true, guess = np.unravel_index(shares.argmax(), shares.shape)
    return f"Most confused: {100 * shares.max():.1f} % of {kinds[true]} are taken for {kinds[guess]}"
