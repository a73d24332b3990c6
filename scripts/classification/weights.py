"""`cookies weights`: draw what a classifier has learned: coefficients, templates, or filters and patches."""

import argparse
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.classifiers import (
    STRIDE,
    WINDOW,
    ConvClassifier,
    FeatureClassifier,
    SoftmaxClassifier,
)
from cookie_jar.agents.run_files import WEIGHTS_FILE
from cookie_jar.scripts.classification.arithmetic import linear
from cookie_jar.scripts.classification.judged import (
    Judged,
    add_png,
    add_run_and_data,
    open_run,
    write_figure,
)
from cookie_jar.scripts.common.argument_types import add_command
from cookie_jar.scripts.common.console import Console, UsageError, command
from cookie_jar.scripts.common.tables import new_table

PATCHES = 6  # per filter
SEARCHED = 1_000  # training pictures in which patches are looked for

Pictures = NDArray[np.uint8]


class Filter(NamedTuple):
    """A filter of the first layer.

    Attributes:
        weights: Its weights [W, W, 3].
        patches: The parts of training pictures that excite it most, the strongest first [m, W, W, 3].
        active: The share of all places where its output is above 0.
    """

    weights: NDArray[np.float64]
    patches: Pictures
    active: float


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    weights = add_command(
        commands, "weights", "draw what a model has learned: coefficients, templates, or filters and patches"
    )
    add_run_and_data(weights)
    add_png(weights, WEIGHTS_FILE)
    weights.set_defaults(do=show_weights)


def show_weights(args: argparse.Namespace, console: Console) -> None:
    """Print and draw the weights of a classifier; only training pictures are used."""
    from cookie_jar.scripts.classification import weight_figures as figures

    judged = open_run(args.run, args.data)
    classifier, kinds = judged.classifier, judged.dataset.kinds
    subtitle = f"{judged.name}, {classifier.num_parameters:,} numbers"
    if isinstance(classifier, FeatureClassifier):
        names = _print_coefficients(console, judged, classifier)
        weight = linear(classifier)[0]
        png = figures.draw_coefficients(
            subtitle, names, weight, [kinds[label] for label in judged.labels], kinds
        )
    elif isinstance(classifier, SoftmaxClassifier):
        console.out(f"{judged.name}: a template of {judged.dataset.pictures[0].size:,} weights per kind")
        png = figures.draw_templates(subtitle, *_templates(judged, classifier), kinds)
    elif isinstance(classifier, ConvClassifier):
        filters = first_filters(classifier, judged.part("train")[0][:SEARCHED])
        _print_filters(console, filters)
        png = figures.draw_filters(subtitle, filters)
    else:
        raise UsageError(
            f"{judged.run}: expected a model features, softmax or conv, got {judged.model}; "
            f"explain a picture with: {command('cookies', 'explain', judged.run)}"
        )
    write_figure(console, args.png, judged, WEIGHTS_FILE, png)
    console.out(f"Next: {command('cookies', 'shift', judged.run)}")


def _print_coefficients(console: Console, judged: Judged, classifier: FeatureClassifier) -> list[str]:
    """Print the coefficients and intercepts, and return the names of the features."""
    from cookie_jar.agents.features import FEATURES

    weight, bias = linear(classifier)
    names = [name.replace("_", " ") for name in FEATURES]
    table = new_table(
        "coefficient", *(judged.dataset.kinds[label] for label in judged.labels), left=("coefficient",)
    )
    for name, row in zip((*names, "intercept"), (*weight, bias), strict=True):
        table.add_row(name, *(f"{value:+.2f}" for value in row))
    console.print(table)
    console.print(
        "\nof standardised features: the change of the logit for one standard deviation more\n", style="dim"
    )
    return names


def _templates(
    judged: Judged, classifier: SoftmaxClassifier
) -> tuple[list[Pictures], list[NDArray[np.float64]]]:
    """Return the mean training picture and the template of each kind of the data set."""
    pictures, labels = judged.part("train")
    shape, weight = pictures.shape[1:], linear(classifier)[0]
    means = [np.round(pictures[labels == kind].mean(axis=0)).astype(np.uint8) for kind in judged.labels]
    return means, [weight[:, column].reshape(shape) for column in range(weight.shape[1])]


def first_filters(classifier: ConvClassifier, pictures: Pictures) -> list[Filter]:
    """Return the filters of the first layer, with the patches of pictures that excite each most.

    At most one patch of each picture is taken, so that the patches are different cookies.
    """
    arrays = classifier.arrays()
    weight, bias = arrays["0.weight"].astype(np.float64), arrays["0.bias"].astype(np.float64)
    patches = patches_of(pictures)  # [n, places, W, W, 3]
    n, places = patches.shape[:2]
    scaled = patches.reshape(n * places, -1).astype(np.float32) * np.float32(4 / 255) - np.float32(2)
    outputs = (scaled @ weight.astype(np.float32) + bias.astype(np.float32)).reshape(n, places, -1)
    found = []
    for number in range(weight.shape[1]):
        output = outputs[..., number]
        best = np.argsort(-output.max(axis=1), kind="stable")[:PATCHES]
        strongest = patches[best, output[best].argmax(axis=1)]
        found.append(
            Filter(weight[:, number].reshape(WINDOW, WINDOW, 3), strongest, float((output > 0).mean()))
        )
    return found


def patches_of(pictures: Pictures) -> Pictures:
    """Return all windows that the first layer sees in pictures [n, S, S, 3]: [n, places, W, W, 3]."""
    windows = np.lib.stride_tricks.sliding_window_view(pictures, (WINDOW, WINDOW), axis=(1, 2))
    windows = windows[:, ::STRIDE, ::STRIDE].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(len(pictures), -1, WINDOW, WINDOW, 3)


def _print_filters(console: Console, filters: list[Filter]) -> None:
    table = new_table("filter", "active", "largest weight")
    for number, found in enumerate(filters, 1):
        largest = found.weights.ravel()[np.abs(found.weights).argmax()]
        table.add_row(str(number), f"{100 * found.active:.1f} %", f"{largest:+.2f}")
    console.print(table)
    console.print("\nactive: share of positions at which the output is above 0\n", style="dim")
