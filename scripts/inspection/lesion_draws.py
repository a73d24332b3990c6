"""Random parts of a memory that are set to 0, the scores after it, and the intervals of their means."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.bootstrap import proportion
from cookie_jar.scripts.common.console import Console, progress_bar
from cookie_jar.scripts.inspection.edit import with_zeros
from cookie_jar.scripts.inspection.parameters import Parameters

FRACTIONS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0)
SEED = 0  # of the draws

Floats = NDArray[np.float64]


def hit_probabilities(size: int, used: int) -> Floats:
    """Return the probability that some of `used` numbers are forgotten of `size`, for each fraction.

    How many are is hypergeometric: draws without replacement.
    """
    from scipy.stats import hypergeom  # slow to import

    forgotten = [round(fraction * size) for fraction in FRACTIONS]
    hits: Floats = hypergeom.sf(0, size, used, forgotten)
    return hits


def scores_with_zeros(
    view: Parameters, score: Callable[[], tuple[float, ...]], draws: int, console: Console
) -> Floats:
    """Return k scores for each fraction of numbers set to 0, and each draw [len(FRACTIONS), draws, k].

    The draws of each fraction are independent of those of the others.

    Args:
        view: The view of a memory; its parameters are changed, and restored at the end.
        score: Returns the scores of the memory as it is.
        draws: The number of random selections for each fraction.
        console: The console for the progress bar.
    """
    intact, scores = view.parameters(), []
    with progress_bar(console) as bar:
        task = bar.add_task("lesions", total=len(FRACTIONS) * draws)
        for row, fraction in enumerate(FRACTIONS):
            rng = np.random.default_rng((SEED, row))
            different = draws if 0 < round(fraction * intact.size) < intact.size else 1
            found = []
            for _ in range(different):
                view.set_parameters(with_zeros(intact, fraction, rng))
                found.append(score())
                bar.advance(task, draws / different)
            scores.append(found * (draws // different))
    view.set_parameters(intact)
    return np.array(scores)


def two_valued(shares: Floats) -> bool:
    """Return whether every draw is a success or a failure."""
    return bool(np.isin(shares, (0.0, 1.0)).all())


def intervals(scores: Floats, scale: float = 1) -> tuple[Floats, Floats]:
    """Return the 95 % interval of the mean of each row [k, n], times a scale: lower and upper ends [k].

    For successes and failures the exact interval of a share, otherwise that of Student's t. The first and the
    last row are not left to chance: none of the numbers or all of them are set to 0.
    """
    if two_valued(scores):
        _, lows, highs = np.transpose([proportion(int(row.sum()), len(row)) for row in scores])
    else:
        means, half = scores.mean(axis=1), mean_half_widths(scores)
        lows, highs = means - half, means + half
    lows[[0, -1]] = highs[[0, -1]] = scores[[0, -1], 0]
    return scale * lows, scale * highs


def mean_half_widths(scores: Floats) -> Floats:
    """Return half the width of the 95 % interval of the mean of each row [k, n], by Student's t: [k]."""
    from scipy.stats import t  # slow to import

    count = scores.shape[1]
    half: Floats = t.ppf(0.975, count - 1) * scores.std(axis=1, ddof=1) / np.sqrt(count)
    return half
