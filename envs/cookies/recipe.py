"""The recipe: how the kind of a cookie sets its attributes, and the kind that the attributes point to.

Each attribute is normally distributed with a mean and a spread that depend on the kind, independent of the
others, and clipped to its limits. The densities overlap, so that no reader of the attributes, and no reader
of pictures, is right every time. `ceiling` computes how often the best reader is right.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from ..arrays import Floats, Ints, frozen
from ..dynamics import Cookie
from ..errors import OptionError, shown
from .streams import SAMPLE, Stream

ATTRIBUTES = ("size", "dots", "dot_size", "darkness", "stretch")
SIZE, DOTS, DOT_SIZE, DARKNESS, STRETCH = range(5)

# Radius of the cookie and of its dots in picture widths; number of dots; darkness of the dots from 0 (dough)
# to 1 (ink); logarithm of the dots' length divided by their width. Rows by number of the `Cookie`.
MEANS = frozen(
    np.array(
        [
            [0.355, 6.5, 0.060, 0.70, np.log(1.45)],
            [0.405, 9.5, 0.043, 0.90, np.log(1.15)],
            [0.375, 4.0, 0.046, 0.38, np.log(1.20)],
        ]
    )
)
SPREADS = frozen(
    np.array(
        [
            [0.028, 1.8, 0.009, 0.10, 0.16],
            [0.028, 2.0, 0.007, 0.07, 0.10],
            [0.028, 2.5, 0.010, 0.13, 0.15],
        ]
    )
)
MAX_DOTS = 14
LOWEST = frozen(np.array([0.25, 0.0, 0.015, 0.05, 0.0]))
HIGHEST = frozen(np.array([0.48, MAX_DOTS, 0.10, 1.0, 1.0]))
WITHOUT_DOTS = (0.0, 0.0, 1.0)  # dot size, darkness and stretch of a cookie that has no dots

SAMPLE_SIZE = 100_000  # cookies of each kind in the sample of `ceiling`
_NEAR = 1e-9  # an attribute this near to a limit was clipped


class Ceiling(NamedTuple):
    """The accuracy of the best possible reader, who knows the recipe and sees the attributes exactly.

    Attributes:
        accuracy: The share of cookies whose kind is the most probable one, if all kinds are equally frequent.
        by_kind: The same among the cookies of each kind [3].
        standard_error: Of `accuracy`, which is estimated from a fixed sample.
    """

    accuracy: float
    by_kind: tuple[float, ...]
    standard_error: float


def draw_attributes(kinds: Ints, uniforms: Floats) -> Floats:
    """Return the attributes of cookies.

    Args:
        kinds: Numbers of `Cookie` [n].
        uniforms: Random numbers strictly between 0 and 1 [n, 5], for example from `Stream.uniforms`.

    Returns:
        Float64 [n, 5] in the order of `ATTRIBUTES`: radius in picture widths, whole number of dots, radius of
        a dot in picture widths, darkness from 0 to 1, and stretch as a ratio of at least 1.
    """
    from scipy.special import ndtri  # the inverse of the normal distribution function

    values: Floats = MEANS[kinds] + SPREADS[kinds] * ndtri(uniforms)
    values[:, DOTS] = np.rint(values[:, DOTS])
    np.clip(values, LOWEST, HIGHEST, out=values)
    values[:, STRETCH] = np.exp(np.ascontiguousarray(values[:, STRETCH]))
    values[values[:, DOTS] == 0, DOT_SIZE:] = WITHOUT_DOTS
    return values


def log_likelihood(attributes: Floats) -> Floats:
    """Return the logarithm of the density of attributes [n, 5] for each kind [n, 3].

    The number of dots has a probability, and so has an attribute at one of its limits: the mass of the normal
    distribution beyond. Dots that do not exist say nothing.

    Raises:
        OptionError: If the attributes are not finite numbers [n, 5].
    """
    values = _checked(attributes)
    values[:, STRETCH] = np.log(np.maximum(values[:, STRETCH], 1.0))
    dotted = values[:, DOTS] > 0
    total = np.zeros((len(values), len(Cookie)))
    for kind in Cookie:
        total[:, kind] = _log_mass(values[:, DOTS], kind) + _log_density(values, SIZE, kind)
        for column in (DOT_SIZE, DARKNESS, STRETCH):
            total[:, kind] += np.where(dotted, _log_density(values, column, kind), 0.0)
    return total


def log_posterior(attributes: Floats) -> Floats:
    """Return the logarithm of the exact probability of each kind, given attributes [n, 5].

    Returns:
        Float64 [n, 3], by Bayes' theorem from `log_likelihood` and equally frequent kinds.

    Raises:
        OptionError: If the attributes are not finite numbers [n, 5].
    """
    likelihood = log_likelihood(attributes)
    likelihood -= likelihood.max(axis=1, keepdims=True)
    likelihood -= np.log(np.exp(likelihood).sum(axis=1, keepdims=True))
    return likelihood


@cache
def ceiling() -> Ceiling:
    """Compute how often the best reader of the attributes is right, from a fixed sample.

    Pictures show less than the attributes. No classifier of pictures is right more often, except by luck or
    by something other than the cookie that tells its kind.
    """
    kinds = np.repeat(np.arange(len(Cookie)), SAMPLE_SIZE)
    uniforms = Stream(0, np.arange(len(kinds)), SAMPLE).uniforms(len(ATTRIBUTES))
    right = log_posterior(draw_attributes(kinds, uniforms)).argmax(axis=1) == kinds
    by_kind = right.reshape(len(Cookie), SAMPLE_SIZE).mean(axis=1)
    error = np.sqrt((by_kind * (1 - by_kind)).sum() / SAMPLE_SIZE) / len(Cookie)
    return Ceiling(float(by_kind.mean()), tuple(by_kind.tolist()), float(error))


def _checked(attributes: Floats) -> Floats:
    try:
        values = np.array(attributes, np.float64)
    except (TypeError, ValueError):
        values = np.empty(0)
    if values.ndim != 2 or values.shape[1] != len(ATTRIBUTES) or not np.isfinite(values).all():
        wanted = f"finite numbers of shape (n, {len(ATTRIBUTES)})"
        raise OptionError(f"attributes: expected {wanted}, got {shown(attributes)}")
    return values


def _log_mass(dots: Floats, kind: int) -> Floats:
    """Return the logarithm of the probability of numbers of dots [n], rounded and clipped."""
    from scipy.special import ndtr

    mean, spread = MEANS[kind, DOTS], SPREADS[kind, DOTS]
    below = np.where(dots <= 0, 0.0, ndtr((dots - 0.5 - mean) / spread))
    above = np.where(dots >= MAX_DOTS, 0.0, ndtr((mean - dots - 0.5) / spread))
    return np.asarray(np.log(np.maximum(1 - below - above, 1e-300)))


def _log_density(values: Floats, column: int, kind: int) -> Floats:
    """Return the logarithm of the density of an attribute [n], or of the mass at a limit."""
    from scipy.special import log_ndtr

    mean, spread = MEANS[kind, column], SPREADS[kind, column]
    low, high, x = LOWEST[column], HIGHEST[column], values[:, column]
    density: Floats = -0.5 * ((x - mean) / spread) ** 2 - np.log(spread * np.sqrt(2 * np.pi))
    density[x <= low + _NEAR] = log_ndtr((low - mean) / spread)
    density[x >= high - _NEAR] = log_ndtr((mean - high) / spread)
    return density
