"""The experiments behind the lessons, as functions of a seed: what is trained on what, and what is measured.

The pictures of an experiment are drawn with its seed: training pictures by number from the training numbers,
held-out pictures from the test numbers. The same seed gives the same numbers.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.classifier import Classifier
from cookie_jar.agents.classifiers import (
    ConvClassifier,
    FeatureClassifier,
    SoftmaxClassifier,
)
from cookie_jar.agents.errors import NotFiniteError
from cookie_jar.envs.cookies.pictures import TEST_PICTURES, TRAIN_PICTURES, draw_pictures
from cookie_jar.envs.cookies.shifts import SHORTCUT_SHARE
from cookie_jar.scripts.classification.scores import accuracy
from cookie_jar.scripts.common.bootstrap import Interval

CHUNK = 10  # gradient steps between two updates of the progress bar
SHOWN = 500  # training pictures on which a training score is measured, unless said otherwise

Labelled = tuple[NDArray[Any], NDArray[np.int64]]  # pictures or features, and kinds
Advance = Callable[[int], None]  # called with the number of steps done


class Curve(NamedTuple):
    """Scores while a classifier learns.

    Attributes:
        steps: Gradient steps [k].
        training_loss: Mean cross-entropy on training pictures [k].
        held_out_loss: The same on pictures that are not learned from [k].
        training_accuracy: Share of training pictures that are classified correctly [k].
        held_out_accuracy: The same of the others [k].
    """

    steps: list[int]
    training_loss: list[float]
    held_out_loss: list[float]
    training_accuracy: list[float]
    held_out_accuracy: list[float]


def training(number: int, seed: int, cloth_share: float = 0.0) -> Labelled:
    """Return the first training pictures and their kinds."""
    first = TRAIN_PICTURES[0]
    found = draw_pictures(np.arange(first, first + number), seed=seed, cloth_share=cloth_share)
    return found.pictures, found.kinds


def held_out(number: int, seed: int, cloth_share: float = 0.0, shift: str = "none") -> Labelled:
    """Return the first test pictures and their kinds."""
    first = TEST_PICTURES[0]
    found = draw_pictures(np.arange(first, first + number), seed=seed, cloth_share=cloth_share, shift=shift)
    return found.pictures, found.kinds


def train(
    classifier: Classifier, labelled: Labelled, stops: Sequence[int], advance: Advance
) -> Iterator[int]:
    """Train a classifier from the beginning, and yield the steps at each stop.

    Args:
        classifier: The classifier; its `epochs` are set so that the learning rate decays until the last stop.
        labelled: The training pictures and their labels.
        stops: Numbers of steps, ascending; 0 for the initial weights.
        advance: Called with the number of steps since the last call.
    """
    per_epoch = -(-len(labelled[1]) // classifier.batch_size)
    classifier.set_params(epochs=-(-stops[-1] // per_epoch))
    classifier.begin(*labelled)
    for stop in stops:
        while classifier.num_steps < stop:
            steps = min(CHUNK, stop - classifier.num_steps)
            classifier.train(*labelled, steps)
            advance(steps)
        yield stop


def learning_curve(
    classifier: Classifier,
    labelled: Labelled,
    test: Labelled,
    stops: Sequence[int],
    advance: Advance,
    shown: int = SHOWN,
) -> Curve:
    """Train a classifier, and return its scores at each stop; numbers that are not finite end the curve."""
    curve = Curve([], [], [], [], [])
    few = labelled[0][:shown], labelled[1][:shown]
    try:
        for step in train(classifier, labelled, stops, advance):
            curve.steps.append(step)
            curve.training_loss.append(classifier.loss(*few))
            curve.held_out_loss.append(classifier.loss(*test))
            curve.training_accuracy.append(classifier.score(*few))
            curve.held_out_accuracy.append(classifier.score(*test))
    except NotFiniteError:
        advance(stops[-1] - classifier.num_steps)
    return curve


SIZES = {50: 100, 200: 300, 1_000: 500, 4_000: 800}  # training pictures, and steps of the network


def number_of_pictures(seed: int, advance: Advance) -> dict[str, list[Interval]]:
    """Return the accuracies on 2,000 new pictures of three models by number of training pictures."""
    from cookie_jar.agents.features import measure

    pictures, labels = training(max(SIZES), seed)
    test, wanted = held_out(2_000, seed)
    features, test_features = measure(pictures), measure(test)
    scores: dict[str, list[Interval]] = {"features": [], "softmax": [], "conv": []}
    for number, steps in SIZES.items():
        for name, classifier, inputs, new in (
            ("features", FeatureClassifier(seed=seed), features, test_features),
            ("softmax", SoftmaxClassifier(seed=seed), pictures, test),
            ("conv", ConvClassifier(seed=seed), pictures, test),
        ):
            *_, _ = train(classifier, (inputs[:number], labels[:number]), [steps], advance)
            scores[name].append(accuracy(wanted, classifier.predict(new)))
    return scores


UNDERFITTING = (0, 10, 25, 50, 100, 200, 350, 500, 750, 1_000)  # steps at which scores are measured


def underfitting(seed: int, advance: Advance) -> dict[str, Curve]:
    """Return the curves of softmax regression on pixels and of the network on 5,000 pictures."""
    labelled, test = training(5_000, seed), held_out(2_000, seed)
    models = {"softmax": SoftmaxClassifier(seed=seed), "conv": ConvClassifier(seed=seed)}
    return {
        name: learning_curve(model, labelled, test, UNDERFITTING, advance, 2_000)
        for name, model in models.items()
    }


FEW = 150  # training pictures of the lesson on overfitting
OVERFITTING = (*range(0, 75, 3), *range(75, 451, 15))


def overfitting(seed: int, advance: Advance) -> Curve:
    """Return the curve of the network on 150 pictures, without flips and with a constant learning rate."""
    model = ConvClassifier(seed=seed, augment=False, decay=0.0)
    return learning_curve(model, training(FEW, seed), held_out(1_000, seed), OVERFITTING, advance)


RATES = (0.0003, 0.03, 3.0)
RATE_STEPS = (0, 2, 5, 10, 20, *range(40, 301, 40), 320, 340, 360, 380, 400)
LAST = 5  # scores whose mean is the end of a curve: a constant learning rate makes single ones noisy


def end_loss(curve: Curve) -> float:
    """Return the mean of the last training losses."""
    return float(np.mean(curve.training_loss[-LAST:]))


def learning_rates(seed: int, advance: Advance) -> dict[float, Curve]:
    """Return the curves of the network with plain gradient descent and three constant learning rates."""
    labelled, test = training(5_000, seed), held_out(500, seed)
    curves = {}
    for rate in RATES:
        model = ConvClassifier(seed=seed, optimizer="sgd", learning_rate=rate, decay=0.0)
        curves[rate] = learning_curve(model, labelled, test, RATE_STEPS, advance)
    return curves


SHARE = SHORTCUT_SHARE
# Few steps on purpose: trained longer, the network trusts the cookie more where cloth and cookie disagree.
# With swapped cloths, two seeds were right for 23 % after 300 steps, and for 38 and 43 % after 1,000.
SHORTCUT_STEPS = 300


class Shortcut(NamedTuple):
    """The accuracies of a model on its own hold-out set and with swapped cloths."""

    own: Interval
    swapped: Interval


def shortcut(seed: int, advance: Advance) -> dict[str, Shortcut]:
    """Return the accuracies of two networks: in one training set, 95 % of the cloths give the kind away.

    When the cloths are swapped, every cookie lies on the cloth of another kind.
    """
    found = {}
    swapped = held_out(5_000, seed, 1.0, "swapped")
    for name, share in (("honest", 0.0), ("shortcut", SHARE)):
        model = ConvClassifier(seed=seed)
        *_, _ = train(model, training(5_000, seed, share), [SHORTCUT_STEPS], advance)
        own = held_out(5_000, seed, share)
        scores = (accuracy(labels, model.predict(pictures)) for pictures, labels in (own, swapped))
        found[name] = Shortcut(*scores)
    return found
