"""`memory explain` for a classifier: one gradient step for a picture, with its formula and all numbers."""

import argparse

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from cookie_jar.agents.features import FEATURES
from cookie_jar.scripts.common.console import Console, UsageError
from cookie_jar.scripts.common.tables import new_table
from cookie_jar.scripts.inspection.classifiers.optimizer_step import Stepper, restored
from cookie_jar.scripts.inspection.classifiers.view import (
    BIAS,
    BIAS_NAME,
    WEIGHT,
    ClassifierView,
    Labelled,
    RunData,
    scores_text,
)

FACTORS = {"a tenth": 0.1, "that of the run": 1.0, "ten times": 10.0}
SEARCHED = 500  # training pictures in which a mistake is looked for
STEPS = 20  # gradient steps on one picture, after which the effect on other pictures is visible


def show_gradient_step(args: argparse.Namespace, console: Console) -> None:
    """Print the gradient step for a picture of the data set; nothing is saved."""
    for name in ("step", "state", "action", "next"):
        if getattr(args, name) not in (None, False):
            raise UsageError(f"--{name}: expected the run of an agent, got a classifier; use --picture")
    view = ClassifierView(args.run)
    number = first_mistake(view) if args.picture is None else numbered(view.data, args.picture)
    picture = view.data.samples(np.array([number]))
    [kind] = np.flatnonzero(view.classifier.classes_ == picture[1][0])
    place = f"{view.about['data']} ({part_of(view.data, number)})"
    console.out(f"Picture {view.data.dataset.numbers[number]:,} of {place} shows: {view.kinds[kind]}")
    if view.columns == list(FEATURES):
        console.print("\nEach feature is standardised, and multiplied by its coefficient for each kind:")
        console.print(terms(view, picture[0][0]))
    _show_loss(view, picture, int(kind), console)
    _show_step(view, picture, int(kind), console)
    _show_learning_rates(view, picture, console)


def first_mistake(view: ClassifierView) -> int:
    """Return the index of the first training picture with a wrong answer, or of the first one."""
    index = view.data.split.train[:SEARCHED]
    samples, labels = view.data.samples(index)
    wrong = index[view.classifier.predict(samples) != labels]
    return int(wrong[0] if len(wrong) else index[0])


def numbered(data: RunData, number: int) -> int:
    """Return the index of a picture, given by its number.

    Raises:
        UsageError: If there is no such picture, or it belongs to the test part.
    """
    found = np.flatnonzero(data.dataset.numbers == number)
    if not len(found):
        numbers = data.dataset.numbers
        raise UsageError(
            f"--picture: expected the number of a picture of the data set, such as {numbers[0]}, got {number}"
        )
    if found[0] in data.split.test:
        first = data.dataset.numbers[data.split.validation[0]]
        raise UsageError(
            f"--picture: expected a picture of the training or the validation part, such as {first}, "
            f"got {number} of the test part, which stays closed"
        )
    return int(found[0])


def part_of(data: RunData, index: int) -> str:
    """Return the part of a picture as text."""
    if index in data.split.validation:
        return "validation part"
    return "training part" if index in data.split.train else "training part, not used by this run"


def terms(view: ClassifierView, measured: NDArray[np.float64]) -> Table:
    """Return the products of features and coefficients, which add up to the logits."""
    constants = view.classifier.constants()
    standard = (measured - constants["inputs.mean"]) / constants["inputs.scale"]
    products = standard[:, None] * view.arrays[WEIGHT]
    table = new_table("feature", "measured", "standardised", *view.kinds, left=("feature",))
    for name, value, scaled, row in zip(FEATURES, measured, standard, products, strict=True):
        table.add_row(name, f"{value:z.3f}", f"{scaled:+z.3f}", *(f"{term:+z.3f}" for term in row))
    table.add_row(BIAS_NAME, "", "", *(f"{value:+z.3f}" for value in view.arrays[BIAS]))
    sums = products.sum(axis=0) + view.arrays[BIAS]
    table.add_row("sum: the logit", "", "", *(f"{value:+z.3f}" for value in sums), style="bold")
    return table


def _show_loss(view: ClassifierView, picture: Labelled, kind: int, console: Console) -> None:
    """Print logits, probabilities, and the gradient of the loss with respect to the logits."""
    [logits] = view.classifier.logits(picture[0])
    [probabilities] = view.classifier.predict_proba(picture[0])
    wanted = np.eye(len(logits))[kind]
    console.print("\nprobability = exp(logit) / sum of exp(logit) over all kinds:")
    table = new_table("kind", "logit", "probability", "wanted", "probability - wanted", left=("kind",))
    for row in zip(view.kinds, logits, probabilities, wanted, strict=True):
        name, logit, probability, goal = row
        table.add_row(
            name, f"{logit:+z.4f}", f"{probability:z.4f}", f"{goal:.0f}", f"{probability - goal:+z.4f}"
        )
    console.print(table)
    loss = -np.log(probabilities[kind])
    console.print(
        f"loss = -ln(probability of {view.kinds[kind]}) = -ln({probabilities[kind]:z.4f}) = {loss:z.4f}"
    )
    console.print(
        "The last column is the derivative of the loss with respect to each logit. Training minimises the "
        "mean of this loss over the training pictures."
    )


def _show_step(view: ClassifierView, picture: Labelled, kind: int, console: Console) -> None:
    """Print the gradient by array, the step for the number that changes most, and what the step does."""
    classifier, stepper = view.classifier, Stepper(view)
    gradients = stepper.gradient(picture)
    console.out("\nBackpropagation computes the derivative of the loss with respect to each number:")
    if view.columns == list(FEATURES):
        console.out("(probability - wanted) x standardised feature; for a bias, probability - wanted.")
    if classifier.l2:
        console.out(f"The L2 penalty adds {classifier.l2:g} x the number, except for biases.")
    table = new_table("numbers of", "count", "gradient norm", left=("numbers of",))
    for name, array in gradients.items():
        table.add_row(name, f"{array.size:,}", f"{np.linalg.norm(array):z.6f}")
    console.print(table)
    rate, scores = classifier.learning_rate, view.scores()
    gradient = np.concatenate([array.ravel() for array in gradients.values()])
    [before] = classifier.predict_proba(picture[0])
    with restored(view) as parameters:
        stepper.step(picture, rate)
        change = view.parameters() - parameters
        [after], then = classifier.predict_proba(picture[0]), view.scores()
    index = int(np.abs(gradient).argmax())
    console.out(
        f"\nOne gradient step ({classifier.optimizer}, learning rate {rate:g} as in the first step) changes "
        f"{np.count_nonzero(change):,} of {view.size:,} numbers. The one with the largest gradient:"
    )
    console.out(f"  {view.parameter_name(index)}, with the gradient {gradient[index]:+z.6f}")
    for line in Stepper(view).arithmetic(index, float(gradient[index]), rate):
        console.out(f"  {line}")
    console.out(f"probability of {view.kinds[kind]}: {before[kind]:z.4f} -> {after[kind]:z.4f}")
    console.out(f"validation part: {scores_text(scores)} -> {scores_text(then)}")


def _show_learning_rates(view: ClassifierView, picture: Labelled, console: Console) -> None:
    """Print what some steps on this picture alone do, for three learning rates."""
    console.print(f"\n{STEPS} gradient steps on this picture alone, with three learning rates:")
    table = new_table("learning rate", "", "loss before", "loss after", "validation accuracy")
    classifier = view.classifier
    for name, factor in FACTORS.items():
        rate = factor * classifier.learning_rate
        with restored(view), np.errstate(all="ignore"):
            stepper, before = Stepper(view), classifier.loss(*picture)
            for _ in range(STEPS):
                stepper.step(picture, rate)
            after, accuracy = classifier.loss(*picture), view.scores().accuracy
        table.add_row(f"{rate:g}", name, f"{before:z.4f}", f"{after:z.4f}", f"{100 * accuracy:.1f} %")
    console.print(table)
    console.out("Fitting a single picture can make others worse, so training takes one small step per batch.")
