"""The returns of training episodes, averaged over the parts of a training run."""

from collections.abc import Sequence

import numpy as np

SPANS = 60  # parts of a training run over which training returns are averaged


class TrainingReturns:
    """The mean return of the training episodes in each part of a training run.

    Args:
        target: the time steps of the whole run.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._sums, self._counts = np.zeros(SPANS), np.zeros(SPANS)

    def add(self, steps: int, returns: Sequence[float]) -> None:
        """Add the returns of episodes that ended up to step `steps`."""
        span = min(SPANS - 1, steps * SPANS // self._target)
        self._sums[span] += sum(returns)
        self._counts[span] += len(returns)

    def points(self) -> tuple[list[float], list[float]]:
        """Return the middle of each part in which episodes ended [n], and their mean return [n]."""
        known = self._counts > 0
        xs = (np.flatnonzero(known) + 0.5) * self._target / SPANS
        return xs.tolist(), (self._sums[known] / self._counts[known]).tolist()
