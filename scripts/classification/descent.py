"""One step of gradient descent for one picture, and what the step does to the test set."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.classifier import Classifier
from cookie_jar.scripts.classification.judged import Judged
from cookie_jar.scripts.common.console import Console, progress_bar
from cookie_jar.scripts.common.tables import new_table

FACTORS = (0.1, 1.0, 10.0)  # of the learning rate
CERTAIN, FORGOTTEN = (
    0.9,
    0.05,
)  # probability after the largest step, and loss of accuracy, that are worth a note

Arrays = dict[str, NDArray[Any]]


class Step(NamedTuple):
    """The effect of a gradient step.

    Attributes:
        rate: The learning rate.
        loss: The loss of the picture after the step.
        probability: The probability of its true kind.
        right: The share of test pictures that are classified correctly.
        gained: The number of test pictures that are classified correctly only after the step.
        lost: The number of test pictures that were classified correctly only before.
    """

    rate: float
    loss: float
    probability: float
    right: float
    gained: int
    lost: int


def print_step(console: Console, judged: Judged, index: int, rate: float) -> float:
    """Print the gradient for one picture and the effect of steps with three learning rates.

    Returns:
        The share of test pictures that are classified correctly before the step.
    """
    classifier = judged.classifier
    picture = classifier.samples(judged.dataset.pictures[[index]])
    label = judged.label_of(int(judged.dataset.labels[index]))
    gradient = classifier.gradient(picture, label)
    _print_gradient(console, classifier, gradient, rate)
    with progress_bar(console) as bar:
        task = bar.add_task("test set", total=len(FACTORS) + 1)
        test = classifier.samples(judged.part("test")[0])
        before = effect(judged, gradient, 0.0, picture, label, test, None)
        bar.advance(task)
        steps = []
        for factor in FACTORS:
            steps.append(effect(judged, gradient, factor * rate, picture, label, test, before[1]))
            bar.advance(task)
    table = new_table("learning rate", "loss", "p(its kind)", "test accuracy", "gained", "lost")
    for name, (step, _) in zip(
        ("before", *(f"{step.rate:g}" for step, _ in steps)), (before, *steps), strict=True
    ):
        changed = ("", "") if name == "before" else (f"{step.gained:,}", f"{step.lost:,}")
        shares = (f"{100 * share:.1f} %" for share in (step.probability, step.right))
        table.add_row(name, f"{step.loss:z.4f}", *shares, *changed)
    console.print(table)
    console.print("\neach row: one step from the saved weights; nothing is saved", style="dim")
    last = steps[-1][0]
    if last.probability > CERTAIN and last.right < before[0].right - FORGOTTEN:
        console.print("A large step fits this picture at the expense of the others.", style="dim")
    console.print()
    return before[0].right


def effect(
    judged: Judged, gradient: Arrays, rate: float, picture: Any, label: Any, test: Any, before: Any
) -> tuple[Step, NDArray[np.bool_]]:
    """Return the effect of a gradient step, and which test pictures are classified correctly after it.

    Args:
        judged: The classifier with its test set; its weights are as before afterwards.
        gradient: The gradient by name.
        rate: The learning rate.
        picture: The input of the picture [1, ...].
        label: Its label [1].
        test: The inputs of the test pictures [m, ...].
        before: Which test pictures were classified correctly before the step; None for no comparison.
    """
    classifier = judged.classifier
    with restored(classifier) as arrays:
        for name, array in arrays.items():
            array -= rate * gradient[name]
        loss = classifier.loss(picture, label)
        labels = judged.labels[classifier.logits(test).argmax(axis=1)]
    right = labels == judged.part("test")[1]
    old = right if before is None else before
    gained, lost = int((right & ~old).sum()), int((old & ~right).sum())
    return Step(rate, loss, float(np.exp(-loss)), float(right.mean()), gained, lost), right


@contextmanager
def restored(classifier: Classifier) -> Iterator[Arrays]:
    """Yield the weights of a classifier by name, and restore them at the end."""
    arrays = classifier.arrays()
    saved = {name: array.copy() for name, array in arrays.items()}
    try:
        yield arrays
    finally:
        for name, array in arrays.items():
            array[...] = saved[name]


def _print_gradient(console: Console, classifier: Classifier, gradient: Arrays, rate: float) -> None:
    """Print the norm of the gradient in each array, and the number that changes most."""
    arrays = classifier.arrays()
    table = new_table("array", "numbers", "gradient norm", left=("array",))
    for name, array in gradient.items():
        table.add_row(name, f"{array.size:,}", f"{np.linalg.norm(array):.4f}")
    name = max(gradient, key=lambda name: float(np.abs(gradient[name]).max()))
    place = np.unravel_index(int(np.abs(gradient[name]).argmax()), gradient[name].shape)
    slope, old = float(gradient[name][place]), float(arrays[name][place])
    shown = ", ".join(str(int(i)) for i in place)
    console.out(
        "One step of gradient descent for this picture alone. The gradient of its loss, -log p(its kind):"
    )
    console.print()
    console.print(table)
    console.print()
    console.out(
        f"largest: {name}[{shown}] = {old:+.4f} - {rate:g} x {slope:+.4f} = {old - rate * slope:+.4f}"
    )
    console.print()
