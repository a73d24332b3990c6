"""Measures of a classifier, as pure functions of labels and predicted probabilities."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.bootstrap import Interval, proportion

INTERVAL = "95 % interval after Clopper and Pearson"  # of all accuracies; see `bootstrap.proportion`
BINS = 10  # of confidences

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Bools = NDArray[np.bool_]


def accuracy(labels: Ints, predicted: Ints) -> Interval:
    """Return the share of labels [n] that are predicted [n], with its interval.

    Raises:
        ValueError: If there are no labels.
    """
    return proportion(int((labels == predicted).sum()), len(labels))


def confusion(labels: Ints, predicted: Ints, kinds: int) -> NDArray[np.int64]:
    """Return how often each kind (row) was predicted as each kind (column) [K, K]."""
    counts = np.zeros((kinds, kinds), np.int64)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def mean_loss(probabilities: Floats, labels: Ints) -> float:
    """Return the mean cross-entropy of probabilities [n, K]; a probability of 0 counts as the smallest."""
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.maximum(chosen, np.finfo(np.float64).tiny)).mean())


def worst_mistakes(probabilities: Floats, labels: Ints, most: int) -> Ints:
    """Return the indices of the most confident mistakes, the most confident first; at most `most`."""
    predicted = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(predicted != labels)
    confidence = probabilities[wrong, predicted[wrong]]
    return wrong[np.argsort(-confidence, kind="stable")[:most]]


class Calibration(NamedTuple):
    """How often predictions of each confidence are right; the bins without predictions are left out.

    Attributes:
        confidence: The mean confidence of the predictions in each bin [b].
        accuracy: The share of them that are right [b].
        low: The lower bound of its 95 % interval [b].
        high: The upper bound [b].
        counts: The number of predictions [b].
        error: The expected calibration error: the mean of |confidence - accuracy| over the predictions.
    """

    confidence: Floats
    accuracy: Floats
    low: Floats
    high: Floats
    counts: Ints
    error: float


def calibration(probabilities: Floats, labels: Ints, bins: int = BINS) -> Calibration:
    """Return the calibration of probabilities [n, K], in bins of equal width from 1/K to 1.

    The expected calibration error is that of Naeini, Cooper and Hauskrecht 2015.
    """
    kinds = probabilities.shape[1]
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    edges = np.linspace(1 / kinds, 1, bins + 1)[1:-1]
    number = np.searchsorted(edges, confidence, side="right")
    used = np.unique(number)
    means = np.array([confidence[number == b].mean() for b in used])
    shares = [proportion(int(right[number == b].sum()), int((number == b).sum())) for b in used]
    share, low, high = np.array(shares).T
    counts = np.array([(number == b).sum() for b in used])
    error = float((np.abs(means - share) * counts).sum() / counts.sum())
    return Calibration(means, share, low, high, counts, error)
