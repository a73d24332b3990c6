"""Choosing the liked picture of a set by a classifier: ranking quality, and belief over arrangements.

Three pictures, one of each kind, lie in three places in a random order. A rule picks places until it has
picked the liked kind. The number of wrong picks is the number of other kinds that are ranked above the liked
kind, so its expectation is a sum of two probabilities, one for each other kind:

    E[wrong picks] = P(a above liked) + P(b above liked)

If the rank depends on each picture alone, P(a above liked) is 1 - AUC against a: the area under the curve of
the receiver operating characteristic (Hanley and McNeil 1982). The best rule given all three pictures ranks
the places by the probability that they hold the liked kind. For a finite test set, `score_ranking` and
`belief_ranking` compute the mean over all triples of test pictures, without sampling triples; the standard
errors are those of drawing the test pictures (DeLong, DeLong and Clarke-Pearson 1988).
"""

from collections.abc import Sequence
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import AgentError, shown

Floats = NDArray[np.float64]
Array = NDArray[Any]

KINDS = 3  # and places
ORDERS = np.array(list(permutations(range(KINDS))), np.int64)  # [6, 3]: the kind at each place
MAX_PAIRS = 1 << 20  # of liked and other pictures that are compared at a time
LEAST = -1e4  # replaces the logarithm of probability 0


class Ranking(NamedTuple):
    """The expected number of wrong picks, from 0 to 2, and its standard error over test pictures."""

    wrong_picks: float
    error: float

    def expected_return(self, optimum: float, wrong_pick: float) -> float:
        """Return the expected return: that of the best possible rule, less the loss from wrong picks.

        Args:
            optimum: The return without wrong picks.
            wrong_pick: The reward of a wrong pick, usually negative.
        """
        return optimum + wrong_pick * self.wrong_picks


def auc(positive: Array, negative: Array) -> float:
    """Return the probability that a positive score [n] exceeds a negative score [m]; ties count half.

    Raises:
        AgentError: If there are no scores of a class, or a score is NaN.
    """
    return float(_placements(*_checked_scores(positive, negative))[0].mean())


def auc_error(positive: Array, negative: Array) -> float:
    """Return the standard error of `auc` over test pictures (DeLong et al. 1988).

    Raises:
        AgentError: As `auc`.
    """
    return _standard_error(_placements(*_checked_scores(positive, negative)))


def score_ranking(scores: Array, labels: Array, liked: int) -> Ranking:
    """Evaluate picking in descending order of a score of each picture; equal scores in random order.

    Args:
        scores: The score of each test picture [n].
        labels: The kind of each test picture [n], from 0 to 2.
        liked: The kind that is looked for.

    Raises:
        AgentError: If a kind has no pictures, or a score is NaN.
    """
    parts = _by_kind(np.asarray(scores, np.float64), labels, liked)
    sides = [_placements(*_checked_scores(parts[0], other)) for other in parts[1:]]
    wrong = sum(1 - float(side[0].mean()) for side in sides)
    # The liked pictures enter both probabilities: their contributions add up before their variance is taken.
    return Ranking(wrong, _standard_error([sides[0][0] + sides[1][0], sides[0][1], sides[1][1]]))


def belief_ranking(log_probabilities: Array, labels: Array, liked: int) -> Ranking:
    """Evaluate picking in descending order of `place_beliefs`; the mean over all triples of test pictures.

    With the probabilities u of a liked picture, v of a picture of kind a and w of a picture of kind b (and L
    the liked kind), a is ranked above the liked picture if

        v_L (u_a w_b + u_b w_a) > u_L (v_a w_b + v_b w_a),

    which depends on w only through w_b / w_a: for each pair (u, v), the share of w for which this holds is
    found by a binary search in the sorted ratios.

    Args:
        log_probabilities: The log-probability of each kind for each test picture [n, 3].
        labels: The kind of each test picture [n].
        liked: The kind that is looked for.

    Raises:
        AgentError: If a kind has no pictures, or a log-probability is NaN.
    """
    logs = np.asarray(log_probabilities, np.float64)
    if logs.ndim != 2 or logs.shape[1] != KINDS or np.isnan(logs).any():
        raise AgentError(f"log_probabilities: expected numbers [n, {KINDS}], got {shown(log_probabilities)}")
    relative = np.exp(logs - logs.max(axis=1, keepdims=True))  # only the ratios within a picture matter
    mine, *others = _by_kind(relative, labels, liked)
    kinds = [kind for kind in range(KINDS) if kind != liked]
    sums = [np.zeros(len(part)) for part in (mine, *others)]
    for number in range(2):
        a, b = kinds[number], kinds[1 - number]
        shares = _share_above(mine, others[number], others[1 - number], liked, a, b)
        for total, share in zip((sums[0], sums[1 + number], sums[2 - number]), shares, strict=True):
            total += share
    return Ranking(float(sums[0].mean()), _standard_error(sums))


def order_beliefs(log_probabilities: Array, liked: int, eaten: Array | None = None) -> Floats:
    """Return the probability of each row of `ORDERS`, the orders of the kinds, given pictures [..., 6].

    P(order | pictures) is proportional to the product of the probabilities of its kinds,
    prod_k p[k, order[k]],
    and is 0 if the order has the liked kind at a place that was eaten from: that cookie was disliked. All
    orders are equally likely before the pictures are seen.

    Args:
        log_probabilities: The log-probability of each kind for the picture at each place [..., 3, 3]; equal
            numbers for a picture that was never seen.
        liked: The kind that is looked for.
        eaten: Whether each place was eaten from without success [..., 3]; None for no place.

    Returns:
        Probabilities; all 0 if all places were eaten from.
    """
    logs = np.maximum(np.asarray(log_probabilities, np.float64), LEAST)
    total = logs[..., np.arange(KINDS), ORDERS].sum(axis=-1)
    if eaten is not None:
        impossible = (np.asarray(eaten, np.bool_)[..., None, :] & (liked == ORDERS)).any(axis=-1)
        total = np.where(impossible, -np.inf, total)
    largest = np.maximum(total.max(axis=-1, keepdims=True), KINDS * LEAST)
    relative = np.exp(total - largest)
    beliefs: Floats = relative / np.maximum(relative.sum(axis=-1, keepdims=True), 1e-300)
    return beliefs


def place_beliefs(log_probabilities: Array, liked: int, eaten: Array | None = None) -> Floats:
    """Return the probability that each place holds the liked kind [..., 3]; see `order_beliefs`."""
    places: Floats = order_beliefs(log_probabilities, liked, eaten) @ (liked == ORDERS)
    return places


def likely_order(log_probabilities: Array, liked: int, eaten: Array | None = None) -> NDArray[np.int64]:
    """Return the row of `ORDERS` to act on [...]; see `order_beliefs` for the arguments.

    The order has the liked kind at the place that most probably holds it, and is the more probable of the two
    such orders. The most probable order would not do: its place of the liked kind may be less probable than
    another place, which two orders share.
    """
    beliefs = order_beliefs(log_probabilities, liked, eaten)
    place = (beliefs @ (liked == ORDERS)).argmax(axis=-1)
    fits = ORDERS.T[place] == liked  # [..., 6]
    numbers: NDArray[np.int64] = np.where(fits, beliefs, -1.0).argmax(axis=-1)
    return numbers


def _share_above(
    mine: Floats, above: Floats, third: Floats, liked: int, a: int, b: int
) -> tuple[Floats, Floats, Floats]:
    """Return, for each picture of three groups, the share of triples in which `above` ranks above `mine`.

    Args:
        mine: Relative probabilities of the liked pictures u [n, 3].
        above: Those of the pictures v of kind a [m, 3].
        third: Those of the pictures w of kind b [k, 3].
        liked: The liked kind.
        a: The kind of `above`.
        b: The kind of `third`.

    Returns:
        Shares [n], [m] and [k]; ties count half.
    """
    order = np.argsort(_ratios(third[:, b], third[:, a]), kind="stable")
    ratios = _ratios(third[order, b], third[order, a])
    count = len(ratios)
    shares = np.zeros(len(mine)), np.zeros(len(above))
    steps = np.zeros(count + 1)  # differences of the number of pairs for each sorted w
    size = max(1, MAX_PAIRS // len(above))
    for start in range(0, len(mine), size):
        u, v = mine[start : start + size, None], above[None]
        # v_L (u_a r + u_b) > u_L (v_a r + v_b) with r = w_b / w_a: slope r > level
        slope = v[..., liked] * u[..., a] - u[..., liked] * v[..., a]
        level = u[..., liked] * v[..., b] - v[..., liked] * u[..., b]
        with np.errstate(divide="ignore", invalid="ignore"):
            bound = level / slope
        low = np.searchsorted(ratios, bound.ravel(), "left").reshape(bound.shape)
        high = np.searchsorted(ratios, bound.ravel(), "right").reshape(bound.shape)
        flat = slope == 0  # the same for all w
        low = np.where(flat, np.where(level < 0, 0, count), low)
        high = np.where(flat, np.where(level <= 0, 0, count), high)
        rising = flat | (slope > 0)  # true above the bound, else below
        for bounds in (low, high):  # with ties won, and with ties lost
            won = np.where(rising, count - bounds, bounds) / (2 * count)
            shares[0][start : start + size] += won.mean(axis=1)
            shares[1][:] += won.sum(axis=0) / len(mine)
            steps[0] += (~rising).sum()
            steps += np.bincount(bounds[rising], minlength=count + 1)
            steps -= np.bincount(bounds[~rising], minlength=count + 1)
    by_third = np.empty(count)
    by_third[order] = np.cumsum(steps)[:count] / (2 * len(mine) * len(above))
    return *shares, by_third


def _ratios(numerator: Floats, denominator: Floats) -> Floats:
    """Return ratios of probabilities; infinite where the denominator is 0, and 1 for 0 / 0."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratios = numerator / denominator
    return np.where(np.isnan(ratios), 1.0, ratios)


def _by_kind(values: Floats, labels: Array, liked: int) -> list[Floats]:
    """Return the values of the liked kind, then those of the other kinds in their order."""
    labels = np.asarray(labels)
    if labels.ndim != 1 or len(labels) != len(values):
        raise AgentError(f"labels: expected one for each of {len(values)} pictures, got {shown(labels)}")
    kinds = [liked, *(kind for kind in range(KINDS) if kind != liked)]
    parts = [values[labels == kind] for kind in kinds]
    if missing := [kind for kind, part in zip(kinds, parts, strict=True) if len(part) == 0]:
        raise AgentError(f"labels: expected pictures of all {KINDS} kinds, got none of kind {missing[0]}")
    return parts


def _checked_scores(positive: Array, negative: Array) -> tuple[Floats, Floats]:
    """Return two arrays of scores that can be ranked."""
    parts = [np.asarray(part, np.float64).ravel() for part in (positive, negative)]
    if not all(len(part) for part in parts) or any(np.isnan(part).any() for part in parts):
        raise AgentError("scores: expected at least one number of each class, without NaN")
    return parts[0], parts[1]


def _placements(positive: Floats, negative: Floats) -> tuple[Floats, Floats]:
    """Return the share of the other class that each score is ordered correctly against [n], [m]."""
    from scipy.stats import rankdata  # slow to import

    ranks = rankdata(np.concatenate([positive, negative]))
    first, second = ranks[: len(positive)], ranks[len(positive) :]
    right = (first - rankdata(positive)) / len(negative)
    return right, 1 - (second - rankdata(negative)) / len(positive)


def _standard_error(parts: Sequence[Floats]) -> float:
    """Return the standard error of a statistic from the contributions of each sample, shaped [n]."""
    return float(np.sqrt(sum(part.var(ddof=1) / len(part) if len(part) > 1 else np.inf for part in parts)))
