"""`memory show` for a classifier: a description, and its numbers with their names."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.features import FEATURES
from cookie_jar.agents.files import is_regular
from cookie_jar.agents.record import BEST_FILE
from cookie_jar.scripts.common.console import Console, UsageError, printable
from cookie_jar.scripts.common.tables import new_table
from cookie_jar.scripts.inspection.classifiers.view import BIAS, BIAS_NAME, WEIGHT, ClassifierView
from cookie_jar.scripts.inspection.export import write_description, write_numbers
from cookie_jar.scripts.inspection.show import describe_arrays

WORDS = {  # for a positive and for a negative coefficient
    "size": ("bigger", "smaller"),
    "dots": ("more dots", "fewer dots"),
    "dot_size": ("bigger dots", "smaller dots"),
    "darkness": ("darker dots", "lighter dots"),
}


def show_classifier(args: argparse.Namespace, console: Console) -> None:
    """Write the requested files, and print the description and the coefficients.

    Raises:
        UsageError: If an option needs the states of an agent.
    """
    states = {"--state": args.state, "--at": args.at, "--all": args.all or None, "--png": args.png}
    for option, value in states.items():
        if value is not None:
            raise UsageError(
                f"{option}: expected an agent with states, got a classifier; "
                "write all numbers with --csv FILE or --json FILE"
            )
    view = ClassifierView(args.run)
    if args.csv is not None:
        write_numbers(view, args.csv)
        console.out(f"wrote {args.csv}")
    if args.json is not None:
        numbers = {**view.arrays, **view.classifier.constants()}
        write_description(view.description, {"kinds": view.kinds}, numbers, args.json)
        console.out(f"wrote {args.json}")
    for name, text in description(view).items():
        console.print(f"{name:<16} {text}", soft_wrap=True)
    if view.columns == list(FEATURES):
        show_coefficients(view, console)


def description(view: ClassifierView) -> dict[str, str]:
    """Return the lines of the description by name: task, experience, performance, numbers, settings."""
    classifier, notes = view.classifier, view.classifier.notes
    shape = " x ".join(map(str, view.input_shape))
    lines = {
        "algorithm": printable(
            f"{type(classifier).__name__} for samples of {shape}: {', '.join(view.kinds)}"
        ),
        "task (T)": printable(notes.get("task", "not recorded")),
        "experience (E)": printable(notes.get("experience", f"{classifier.num_steps:,} gradient steps")),
        "performance (P)": view.summary(),
        "best epoch": _best(view),
        "numbers": describe_arrays(view),
        "hyperparameters": _listed(classifier.settings()),
        "data set": printable(view.about.get("data", "not recorded")),
        "versions": _listed(view.description["versions"]),
    }
    if "changed" in notes:
        lines["changed"] = printable(notes["changed"])
    if not view.has_data:
        lines["data set"] += f" (cannot be used: {view.missing})"
    return lines


def _best(view: ClassifierView) -> str:
    best: Any = view.classifier.notes.get("best")
    try:
        text = f"{best['epoch']:,} (step {best['step']:,}), validation loss {best['validation_loss']:.4f}"
    except (KeyError, TypeError, ValueError):
        return "not recorded"
    file = Path(view.run) / BEST_FILE
    return f"{text}, in {file}" if is_regular(file) else text


def _listed(values: Mapping[str, object]) -> str:
    return printable(", ".join(f"{name} {value}" for name, value in values.items()))


def show_coefficients(view: ClassifierView, console: Console) -> None:
    """Print the coefficient of each feature for each kind, and how features are standardised."""
    constants = view.classifier.constants()
    weights, biases = view.arrays[WEIGHT], view.arrays[BIAS]
    console.print("\nThe coefficients; a kind is likely if the sum of coefficient x feature is large:")
    table = new_table("kind", *FEATURES, BIAS_NAME, left=("kind",))
    for number, kind in enumerate(view.kinds):
        table.add_row(kind, *(f"{value:+.2f}" for value in (*weights[:, number], biases[number])))
    console.print(table)
    console.print("\nFeatures are standardised: (measured - mean) / scale.")
    table = new_table("", *FEATURES)
    for name in ("mean", "scale"):
        table.add_row(name, *(f"{value:.3f}" for value in constants[f"inputs.{name}"]))
    console.print(table)
    for number, kind in enumerate(view.kinds):
        console.out(f"{kind}: {in_words(weights[:, number])}")


def in_words(weights: NDArray[Any]) -> str:
    """Return the coefficients of a kind as words, the strongest first."""
    order = np.argsort(-np.abs(weights), kind="stable")
    names = [WORDS[FEATURES[i]][int(weights[i] < 0)] for i in order]
    return ", ".join(f"{name} ({weights[i]:+.2f})" for name, i in zip(names, order, strict=True))
