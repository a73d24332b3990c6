"""`hill` for a classifier: its loss surface, and its learning curves with several learning rates."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import NotFiniteError
from cookie_jar.agents.classifier import Classifier
from cookie_jar.scripts.common.console import Console, progress_bar
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView, RunData
from cookie_jar.scripts.inspection.figures import draw_landscape, draw_loss_by_rate
from cookie_jar.scripts.inspection.learning_rates import Curves
from cookie_jar.scripts.inspection.loss_landscape import Landscape, surface, timeline

PICTURES = 300  # of the training part, on which the surface is computed
STEPS = 400  # gradient steps per seed and learning rate, at most
EVALUATIONS = 16
HIGHEST = 1.6  # times the loss of a guess: upper end of the figure, and the loss of a run that diverged

Floats = NDArray[np.float64]


def landscape_figure(folder: Path, size: int, console: Console) -> bytes:
    """Draw the loss on a sample of the training part, around the path of a run.

    Raises:
        UsageError: If the data set is missing, or the run has too few snapshots.
    """
    view = ClassifierView(folder)
    title = f"{type(view.classifier).__name__} on the loss surface of its training pictures"
    return draw_landscape(
        title, loss_surface(view, folder, size, console), "loss: mean cross-entropy in nats"
    )


def loss_surface(view: ClassifierView, folder: Path, size: int, console: Console) -> Landscape:
    """Compute the loss surface of a run on size x size points, with a progress bar."""
    index = view.data.split.train
    sample = index[np.linspace(0, len(index) - 1, min(len(index), PICTURES)).astype(int)]
    samples, labels = view.data.samples(sample)
    parameters = [ClassifierView(file, view).parameters() for file in timeline(folder)]
    return surface(view, lambda: view.classifier.loss(samples, labels), parameters, size, console)


def rates_figure(folder: Path, factor: float, seeds: int, steps: int | None, console: Console) -> bytes:
    """Draw the learning curves with the learning rate of a run, and with 1/factor and factor times it.

    Raises:
        UsageError: If the data set is missing.
    """
    view = ClassifierView(folder)
    classifier = view.classifier
    rates = [classifier.learning_rate * times for times in (1 / factor, 1, factor)]
    total = steps or min(STEPS, max(classifier.num_steps, 1))
    curves = learning_curves(classifier, view.data, rates, seeds, total, console)
    title = f"{type(classifier).__name__} with three learning rates, {seeds} seeds each"
    return draw_loss_by_rate(title, curves, highest(classifier))


def highest(classifier: Classifier) -> float:
    """Return the highest loss that is drawn."""
    return HIGHEST * float(np.log(len(classifier.classes_)))


def learning_curves(
    classifier: Classifier,
    data: RunData,
    rates: Sequence[float],
    seeds: int,
    total: int,
    console: Console,
) -> dict[float, Curves]:
    """Return the learning curves for each learning rate, with a progress bar; see `learning_curve`."""
    curves = {}
    with progress_bar(console) as bar:
        task = bar.add_task("training runs", total=len(rates) * seeds)
        for rate in rates:
            found = []
            for seed in range(seeds):
                steps, losses = learning_curve(classifier, data, rate, seed, total)
                found.append(losses)
                bar.advance(task)
            curves[rate] = Curves(steps, np.array(found))
    return curves


def learning_curve(
    classifier: Classifier, data: RunData, rate: float, seed: int, total: int
) -> tuple[Floats, Floats]:
    """Train a new classifier with the settings of another, another learning rate and another seed.

    Returns:
        The steps [k] of the evaluations, and the validation loss [k]; that of a run that diverged is the
        highest that is drawn.
    """
    settings = classifier.settings() | {"learning_rate": rate, "seed": seed}
    learner = type(classifier)(**settings)
    learner.begin(*data.train)
    stops = np.unique(np.geomspace(1, total, EVALUATIONS).astype(int))
    losses = np.full(len(stops) + 1, highest(classifier))
    try:
        with np.errstate(all="ignore"):
            losses[0] = learner.loss(*data.validation)
            for number, stop in enumerate(stops.tolist(), 1):
                learner.train(*data.train, stop - learner.num_steps)
                losses[number] = min(learner.loss(*data.validation), highest(classifier))
    except NotFiniteError:
        pass
    return np.array([0.0, *stops]), losses
