"""The arithmetic of one prediction: features times coefficients, picture times template, saliency."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.classifier import Classifier
from cookie_jar.agents.classifiers import FeatureClassifier, SoftmaxClassifier
from cookie_jar.agents.preprocessing import RANGE

RINGS = {"middle": 0.15, "inner part": 0.29, "rim": 0.43, "around": 1.0}  # outer radius in picture widths
LINEAR = ("1.weight", "1.bias")  # arrays of softmax regression

Floats = NDArray[np.float64]


class FeatureSum(NamedTuple):
    """The logits of softmax regression on features: `products.sum(axis=0) + intercepts`.

    Attributes:
        names: The names of the features.
        measured: The features of the picture [4].
        mean: Their means in the training part [4].
        scale: Their standard deviations [4].
        standardised: (measured - mean) / scale [4].
        coefficients: [4, K].
        products: coefficients times standardised features [4, K].
        intercepts: [K].
        logits: [K].
    """

    names: tuple[str, ...]
    measured: Floats
    mean: Floats
    scale: Floats
    standardised: Floats
    coefficients: Floats
    products: Floats
    intercepts: Floats
    logits: Floats


class TemplateSum(NamedTuple):
    """The logits of softmax regression on pixels: `products.sum(axis=(0, 1, 2)) + offsets`.

    Attributes:
        difference: The picture minus the mean training picture, in units of the model's input [S, S, 3].
        templates: The weights of each kind [S, S, 3, K].
        products: Their products [S, S, 3, K].
        offsets: The logits of the mean training picture [K].
        logits: [K].
    """

    difference: Floats
    templates: Floats
    products: Floats
    offsets: Floats
    logits: Floats


def feature_sum(classifier: FeatureClassifier, features: Floats) -> FeatureSum:
    """Return the terms of the logits for the features of a picture [4]."""
    from cookie_jar.agents.features import FEATURES

    constants, (weight, bias) = classifier.constants(), linear(classifier)
    mean, scale = constants["inputs.mean"], constants["inputs.scale"]
    standardised = (features - mean) / scale
    products = weight * standardised[:, None]
    logits = products.sum(axis=0) + bias
    return FeatureSum(FEATURES, features, mean, scale, standardised, weight, products, bias, logits)


def template_sum(classifier: SoftmaxClassifier, picture: NDArray[np.uint8], mean: Floats) -> TemplateSum:
    """Return the terms of the logits for a picture [S, S, 3].

    Args:
        classifier: Softmax regression on pixels.
        picture: The picture, uint8.
        mean: The mean training picture, in the same units.
    """
    weight, bias = linear(classifier)
    templates = weight.reshape(*picture.shape, -1)
    unit = RANGE / 255
    difference = (picture - mean) * unit
    offsets = (mean * unit - RANGE / 2).ravel() @ weight + bias
    products = templates * difference[..., None]
    return TemplateSum(difference, templates, products, offsets, products.sum(axis=(0, 1, 2)) + offsets)


def linear(classifier: Classifier) -> tuple[Floats, Floats]:
    """Return coefficients [inputs, K] and intercepts [K] of softmax regression in float64."""
    arrays = classifier.arrays()
    weight, bias = (arrays[name].astype(np.float64) for name in LINEAR)
    return weight, bias


def by_ring(values: NDArray[Any]) -> Floats:
    """Return the sums of values [S, S, ...] over each of `RINGS`, by distance from the centre [4, ...]."""
    numbers = rings(len(values))
    return np.stack([values[numbers == ring].sum(axis=0) for ring in range(len(RINGS))]).astype(np.float64)


def rings(size: int) -> NDArray[np.int64]:
    """Return the number of the ring of each pixel [S, S]."""
    place = (np.arange(size) + 0.5) / size - 0.5
    distance = np.hypot(place[:, None], place[None, :])
    return np.searchsorted(list(RINGS.values()), distance, side="right")


def sensitivity(classifier: Classifier, picture: NDArray[np.uint8], label: Any) -> Floats:
    """Return how much the logit of a class depends on each pixel [S, S]: the norm of its gradient."""
    gradient = classifier.saliency(picture[None], label)[0].astype(np.float64)
    norms: Floats = np.linalg.norm(gradient, axis=-1)
    return norms


def softmax_rows(kinds: Sequence[str], logits: Floats) -> list[tuple[str, float, float, float]]:
    """Return kind, logit, exp(logit - largest logit) and probability of each kind."""
    powers = np.exp(logits - logits.max())
    shares = powers / powers.sum()
    return list(zip(kinds, logits.tolist(), powers.tolist(), shares.tolist(), strict=True))
