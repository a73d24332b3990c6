"""`memory diff` and `memory replay` for classifiers: two of them, or all snapshots of a run."""

import argparse

import numpy as np

from cookie_jar.agents import runs
from cookie_jar.scripts.common.console import Console, UsageError, progress_bar
from cookie_jar.scripts.common.tables import new_table
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView
from cookie_jar.scripts.inspection.diff import BAR, MAX_ROWS, show_numbers


def show_difference(args: argparse.Namespace, console: Console) -> None:
    """Print the numbers that differ most, and the pictures on which the answers differ."""
    a, b = ClassifierView(args.run), ClassifierView(args.other)
    if a.input_shape != b.input_shape or a.kinds != b.kinds:
        raise UsageError(
            f"expected two classifiers of the same samples and kinds, got {list(a.input_shape)} with "
            f"{', '.join(a.kinds)} and {list(b.input_shape)} with {', '.join(b.kinds)}"
        )
    for name, view in (("A", a), ("B", b)):
        console.out(f"{name}  {view.run}: {view.summary()}")
    if [array.shape for array in a.arrays.values()] == [array.shape for array in b.arrays.values()]:
        show_numbers(a, b, console)
    else:
        console.out(f"\nThe numbers cannot be compared: {a.size:,} in A, {b.size:,} in B, of other shapes.")
    if a.has_data:
        show_answers(a, b, console)
    else:
        console.out(f"\nThe answers cannot be compared: {a.missing}")


def show_answers(a: ClassifierView, b: ClassifierView, console: Console) -> None:
    """Print how often A and B are right on the validation part of A's run, and where they differ."""
    samples, labels = a.data.validation
    answers = [view.classifier.predict(samples) for view in (a, b)]
    right = [found == labels for found in answers]
    console.out(f"\nRight on the {len(labels):,} pictures of the validation part of A:")
    table = new_table("both", "only A", "only B", "neither")
    counts = right[0] & right[1], right[0] & ~right[1], ~right[0] & right[1], ~right[0] & ~right[1]
    table.add_row(*(f"{int(count.sum()):,}" for count in counts))
    console.print(table)
    differ = np.flatnonzero(answers[0] != answers[1])
    console.out(f"\nThe answers differ for {len(differ):,} pictures:")
    names = dict(zip(a.classifier.classes_.tolist(), a.kinds, strict=True))
    numbers = a.data.dataset.numbers[a.data.split.validation]
    table = new_table("picture", "shows", "A", "B", left=("shows", "A", "B"))
    for index in differ[:MAX_ROWS]:
        found = (names[label[index].item()] for label in (labels, *answers))
        table.add_row(f"{numbers[index]}", *found)
    console.print(table)
    if len(differ) > MAX_ROWS:
        console.print(f"... and {len(differ) - MAX_ROWS:,} more")


def show_timeline(args: argparse.Namespace, console: Console) -> None:
    """Print the scores of each snapshot, and the number of parameters that differ from the first snapshot.

    Raises:
        UsageError: If the run has no snapshots.
    """
    snapshots = runs.snapshots(args.run)
    if not snapshots:
        raise UsageError(f"{args.run}: expected the folder of a run with snapshots")
    table = new_table("steps", "loss", "accuracy", "", "numbers changed")
    view = ClassifierView(args.run)
    first = ClassifierView(snapshots[0][1], view).parameters()
    end = view.classifier.num_steps, runs.memory_file(args.run)
    files = [*(pair for pair in snapshots if pair[0] != end[0]), end]
    with progress_bar(console) as bar:
        for steps, file in bar.track(files, description="evaluating snapshots"):
            snapshot = ClassifierView(file, view)
            scores = snapshot.scores() if view.has_data else None
            changed = np.count_nonzero(snapshot.parameters() != first)
            table.add_row(
                f"{steps:,}",
                "" if scores is None else f"{scores.loss:.4f}",
                "" if scores is None else f"{100 * scores.accuracy:.1f} %",
                "" if scores is None else "█" * round(BAR * scores.accuracy),
                f"{changed:,} of {snapshot.size:,}",
            )
    console.print(table)
    if view.has_data:
        console.print(f"{len(view.data.validation[1]):,} pictures of the validation part", style="dim")
    else:
        console.out(f"without scores: {view.missing}")
