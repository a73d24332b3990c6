"""`cookies explain`: the arithmetic of one prediction, and one step of gradient descent for that picture."""

import argparse
from typing import Any

import numpy as np

from cookie_jar.agents.classifiers import FeatureClassifier, SoftmaxClassifier
from cookie_jar.agents.run_files import EXPLANATION_FILE
from cookie_jar.scripts.classification import arithmetic
from cookie_jar.scripts.classification.descent import print_step
from cookie_jar.scripts.classification.judged import (
    Judged,
    add_png,
    add_run_and_data,
    open_run,
    open_test_set,
    write_figure,
)
from cookie_jar.scripts.classification.openings import described
from cookie_jar.scripts.classification.scores import worst_mistakes
from cookie_jar.scripts.common.argument_types import add_command, more_than, non_negative
from cookie_jar.scripts.common.console import Console, UsageError, command
from cookie_jar.scripts.common.split import Split
from cookie_jar.scripts.common.tables import new_table

RATE, FEATURE_RATE = 0.001, 0.03  # learning rates of the step, for pixels and for features


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    explain = add_command(
        commands, "explain", "print the arithmetic of one prediction, and one step of gradient descent for it"
    )
    add_run_and_data(explain)
    explain.add_argument(
        "--picture", type=non_negative, metavar="N",
        help="the number of a picture of the data set (default: the most confident mistake in the "
        "validation part)",
    )  # fmt: skip
    explain.add_argument(
        "--rate", type=more_than(0), metavar="X",
        help=f"learning rate of the step (default: {RATE:g}, on features {FEATURE_RATE:g})",
    )  # fmt: skip
    add_png(explain, EXPLANATION_FILE)
    explain.set_defaults(do=explain_picture)


def explain_picture(args: argparse.Namespace, console: Console) -> None:
    """Explain a prediction and a gradient step; nothing learned is saved."""
    judged = open_run(args.run, args.data)
    index = _chosen(judged, args.picture)
    openings = open_test_set(judged, "explain")
    probabilities = judged.probabilities(judged.dataset.pictures[[index]])[0]
    predicted, true = int(probabilities.argmax()), int(judged.dataset.labels[index])
    _print_picture(console, judged, index, predicted)
    other = true if true != predicted else int(np.argsort(probabilities)[-2])
    _print_arithmetic(console, judged, index, (predicted, other))
    usual = FEATURE_RATE if isinstance(judged.classifier, FeatureClassifier) else RATE
    right = print_step(console, judged, index, args.rate or usual)
    if openings is not None:
        console.out(described(openings, right, len(judged.split.test)))
    from cookie_jar.scripts.classification.explain_figures import draw_explanation

    png = draw_explanation(judged, index, (predicted, other))
    write_figure(console, args.png, judged, EXPLANATION_FILE, png)
    console.out(f"Next: {command('cookies', 'weights', judged.run)}")


def _chosen(judged: Judged, number: int | None) -> int:
    """Return the index of the picture.

    Raises:
        UsageError: If there is no picture of this number.
    """
    numbers = judged.dataset.numbers
    if number is not None:
        found = np.flatnonzero(numbers == number)
        if not len(found):
            raise UsageError(
                f"--picture: expected the number of a picture of {judged.folder}, "
                f"from {numbers.min()} to {numbers.max()}, got {number}"
            )
        return int(found[0])
    pictures, labels = judged.part("validation")
    probabilities = judged.probabilities(pictures)
    wrong = worst_mistakes(probabilities, labels, 1)
    worst = wrong[0] if len(wrong) else probabilities.max(axis=1).argmin()
    return int(judged.split.validation[worst])


def _print_picture(console: Console, judged: Judged, index: int, predicted: int) -> None:
    dataset = judged.dataset
    part = next(name for name in Split._fields if index in getattr(judged.split, name))
    true = int(dataset.labels[index])
    verdict = "which is right" if true == predicted else f"but the kind is {dataset.kinds[true]}"
    console.out(
        f"Picture {dataset.numbers[index]} of {judged.folder} ({part} part): "
        f"{judged.name} predicts {dataset.kinds[predicted]}, {verdict}."
    )
    console.print()


def _print_arithmetic(console: Console, judged: Judged, index: int, shown: tuple[int, int]) -> None:
    """Print how the probabilities follow from the picture; two kinds in detail."""
    classifier, picture = judged.classifier, judged.dataset.pictures[index]
    if isinstance(classifier, FeatureClassifier):
        _print_features(console, judged, classifier, picture, shown)
    elif isinstance(classifier, SoftmaxClassifier):
        _print_template(console, judged, classifier, picture)
    else:
        _print_sensitivity(console, judged, picture, shown)
    logits = classifier.logits(picture[None])[0]
    table = new_table("kind", "logit", "exp(logit - largest)", "probability", left=("kind",))
    for kind, logit, power, share in arithmetic.softmax_rows(_kinds(judged), logits):
        table.add_row(kind, f"{logit:+.3f}", f"{power:.4f}", f"{100 * share:.1f} %")
    console.print(table)
    console.print("\nprobability = exp(logit) / sum of all exp(logit): the softmax function\n", style="dim")


def _print_features(
    console: Console, judged: Judged, classifier: FeatureClassifier, picture: Any, shown: tuple[int, int]
) -> None:
    """Print features times coefficients as a sum, for two kinds."""
    found = arithmetic.feature_sum(classifier, classifier.samples(picture[None])[0])
    for kind in shown:
        column, name = _column(judged, kind), judged.dataset.kinds[kind]
        table = new_table(
            "feature", "measured", "mean", "sd", "z", "coefficient", "product", left=("feature",)
        )
        for row, feature in enumerate(found.names):
            numbers = (found.measured[row], found.mean[row], found.scale[row])
            weight, product = found.coefficients[row, column], found.products[row, column]
            cells = [f"{number:.3f}" for number in numbers]
            cells += [f"{found.standardised[row]:+.3f}", f"x {weight:+.3f}", f"= {product:+.3f}"]
            table.add_row(feature.replace("_", " "), *cells)
        table.add_row("intercept", *[""] * 5, f"{found.intercepts[column]:+.3f}")
        table.add_row("sum: logit", *[""] * 5, f"{found.logits[column]:+.3f}", style="bold")
        console.out(f"{name}:")
        console.print(table)
        console.print()
    console.print("z = (measured - mean) / sd, with mean and sd of the training part\n", style="dim")


def _print_template(console: Console, judged: Judged, classifier: SoftmaxClassifier, picture: Any) -> None:
    """Print picture times template, summed over rings."""
    found = arithmetic.template_sum(classifier, picture, judged.part("train")[0].mean(axis=0))
    sums = arithmetic.by_ring(found.products).sum(axis=1)
    table = new_table("(picture - mean) x template", *_kinds(judged), left=("(picture - mean) x template",))
    for ring, row in zip(arithmetic.RINGS, sums, strict=True):
        table.add_row(ring, *(f"{value:+.3f}" for value in row))
    table.add_row("the mean picture", *(f"{value:+.3f}" for value in found.offsets))
    table.add_row("sum: logits", *(f"{value:+.3f}" for value in found.logits), style="bold")
    console.print(table)
    count = found.templates[..., 0].size
    console.print(f"\n{count:,} products per kind, summed by distance from the centre\n", style="dim")


def _print_sensitivity(console: Console, judged: Judged, picture: Any, shown: tuple[int, int]) -> None:
    """Print on which parts of the picture two logits depend."""
    numbers = arithmetic.rings(len(picture))
    area = np.bincount(numbers.ravel(), minlength=len(arithmetic.RINGS)) / numbers.size
    columns = []
    for kind in shown:
        label = judged.classifier.classes_[_column(judged, kind)]
        found = arithmetic.sensitivity(judged.classifier, picture, label)
        columns.append(arithmetic.by_ring(found) / max(found.sum(), 1e-300))
    table = new_table("saliency", "area", *(judged.dataset.kinds[kind] for kind in shown), left=("saliency",))
    for row, ring in enumerate(arithmetic.RINGS):
        table.add_row(ring, f"{100 * area[row]:.0f} %", *(f"{100 * column[row]:.0f} %" for column in columns))
    console.print(table)
    console.print(
        "\nsaliency: share of the gradient of the logit, by distance from the centre\n", style="dim",
    )  # fmt: skip


def _column(judged: Judged, kind: int) -> int:
    """Return the column of a kind in the logits."""
    return int(np.flatnonzero(judged.labels == kind)[0])


def _kinds(judged: Judged) -> list[str]:
    """Return the kinds in the order of the logits."""
    return [judged.dataset.kinds[label] for label in judged.labels]
