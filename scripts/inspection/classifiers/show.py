"""`memory show` for a classifier: a description, and its numbers with their names."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.description import MACHINE
from cookie_jar.agents.features import FEATURES
from cookie_jar.agents.files import is_regular
from cookie_jar.agents.record import BEST_FILE
from cookie_jar.envs.rendering.words import signed
from cookie_jar.scripts.common.console import Console, UsageError, printable
from cookie_jar.scripts.common.tables import new_table
from cookie_jar.scripts.inspection.classifiers.view import BIAS, BIAS_NAME, WEIGHT, ClassifierView
from cookie_jar.scripts.inspection.export import write_description, write_numbers
from cookie_jar.scripts.inspection.show import describe_arrays, print_description
from cookie_jar.scripts.inspection.text_bars import LONGEST, block_bar, has_blocks

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
    if args.json is not None:
        numbers = {**view.arrays, **view.classifier.constants()}
        write_description(view.description, {"kinds": view.kinds}, numbers, args.json)
    print_description(description(view), console)
    if view.columns == list(FEATURES):
        show_coefficients(view, console)
    for file in filter(None, (args.csv, args.json)):
        console.out(f"wrote {file}")


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
    if MACHINE in view.description:
        lines[MACHINE] = _listed(view.description[MACHINE])
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
    table = new_table("", *view.kinds)
    for name, row in zip((*FEATURES, BIAS_NAME), (*weights, biases), strict=True):
        table.add_row(name, *map(signed, row.tolist()))
    console.print(table)
    console.print("\nFeatures are standardised: (measured - mean) / scale.")
    table = new_table("", "mean", "scale")
    for name, *pair in zip(FEATURES, constants["inputs.mean"], constants["inputs.scale"], strict=True):
        table.add_row(name, *(f"{value:.3f}" for value in pair))
    console.print(table)
    console.print("\nEvidence for each kind, strongest first:")
    strongest = float(np.abs(weights).max())
    for number, kind in enumerate(view.kinds):
        console.out(kind)
        lines = in_words(weights[:, number], strongest, console.width - 2, blocks=has_blocks(console))
        for line in lines:
            console.out(f"  {line}")


def in_words(weights: NDArray[Any], strongest: float, room: int, *, blocks: bool = True) -> list[str]:
    """Return the coefficients of a kind as words, the strongest first, with a bar for each.

    Args:
        weights: The coefficient of each feature.
        strongest: The absolute value of a coefficient with the longest bar.
        room: The width of the lines in characters.
        blocks: As in `block_bar`.
    """
    order = np.argsort(-np.abs(weights), kind="stable")
    names = [WORDS[FEATURES[i]][int(weights[i] < 0)] for i in order]
    texts = [f"{name:<13}  {signed(float(weights[i])):>7}" for name, i in zip(names, order, strict=True)]
    length = min(LONGEST, room - max(map(len, texts)) - 2)
    shares = np.abs(weights[order]) / strongest if strongest > 0 else np.zeros(len(order))
    drawn = [block_bar(float(share), max(0, length), blocks=blocks) for share in shares]
    return [f"{text}  {bar}".rstrip() for text, bar in zip(texts, drawn, strict=True)]
