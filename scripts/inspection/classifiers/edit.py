"""`memory edit` and `forget` for a classifier: change its numbers, and see the effect."""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import runs
from cookie_jar.agents.record import NOTE
from cookie_jar.scripts.common.console import Console, UsageError, command
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView
from cookie_jar.scripts.inspection.edit import with_number, with_random_zeros

Floats = NDArray[np.float64]


def edit_number(args: argparse.Namespace, console: Console) -> None:
    """Change one number, and print the effect."""
    view = ClassifierView(args.run)
    save_changed(view, *with_number(view, args.place, args.value), args.output, console)


def forget_numbers(args: argparse.Namespace, console: Console) -> None:
    """Set random numbers to 0, and print the effect."""
    view = ClassifierView(args.run)
    save_changed(view, *with_random_zeros(view, args.fraction, args.seed), args.output, console)


def save_changed(view: ClassifierView, changed: Floats, note: str, output: Path, console: Console) -> None:
    """Save the classifier with changed parameters [n] as a new run, and print the effect of the change.

    Args:
        view: The view of the classifier; its parameters are changed.
        changed: The new parameters.
        note: A description of the change, saved with the classifier.
        output: The folder of the new run.
        console: The console for the report.

    Raises:
        UsageError: If the folder exists, or a number is too large for the classifier.
    """
    if output.exists():
        raise UsageError(f"{output} already exists; choose another folder")
    before, answers = view.summary(), _answers(view)
    with np.errstate(over="ignore"):
        view.set_parameters(changed)
    if not np.isfinite(view.parameters()).all():
        limit = np.finfo(view.classifier.dtype).max
        raise UsageError(f"VALUE: expected a number of at most {limit:.3g}, got a larger one")
    notes = {name: value for name, value in view.classifier.notes.items() if name not in (NOTE, "best")}
    notes |= {"changed": note}
    notes.pop("performance", None)
    console.out(note)
    console.out(f"before: {before}")
    if view.has_data:
        scores = view.scores()
        notes["performance"] = {
            "step": view.classifier.num_steps,
            "validation_loss": scores.loss,
            "validation_accuracy": scores.accuracy,
        }
        differs = int((_answers(view) != answers).sum())
        console.out(f"after:  {view.summary()}")
        console.out(f"The answer changed for {differs:,} of {len(answers):,} pictures.")
    else:
        console.out(f"after:  not known: {view.missing}")
    console.out(f"Saved as {view.classifier.save(output / runs.AGENT_FILE, notes)}")
    console.out(f"Next: {command('memory', 'diff', view.run, output)}")


def _answers(view: ClassifierView) -> NDArray[np.object_]:
    """Return the answers for the validation part, or none without the data set."""
    samples = view.data.validation[0] if view.has_data else ()
    answers: NDArray[np.object_] = view.classifier.predict(samples) if len(samples) else np.array([], object)
    return answers
