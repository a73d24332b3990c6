"""Counts of visited observations, for a bonus that makes rare ones attractive."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .encoding import Inputs
from .errors import AgentError, MemoryFileError
from .rollout import Rollout

MAX_OBSERVATIONS = 4_000_000  # 64 MB, and as much in a file

Ints = NDArray[np.int64]


class VisitCounts:
    """How often each observation was visited: how often an action was taken there.

    Args:
        inputs: The encoder of observations, which also numbers them (`Inputs.keys`).

    Attributes:
        observations: The numbers of the visited observations, in ascending order, int64 [m].
        counts: How often each was visited, int64 [m].
    """

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self.observations, self.counts = np.zeros((2, 0), np.int64)

    def arrays(self) -> dict[str, Ints]:
        """Return the arrays by name."""
        return {"visits.observations": self.observations, "visits.counts": self.counts}

    def with_bonus(self, rollout: Rollout, weight: float) -> Rollout:
        """Return a rollout with weight / sqrt(N) added to its rewards; N includes its own visits."""
        different, index, new = np.unique(self._visited(rollout), return_inverse=True, return_counts=True)
        rewards = rollout.rewards.copy()
        rewards[rollout.counts] += weight / np.sqrt(self._before(different) + new)[index]
        return rollout._replace(rewards=rewards)

    def add(self, rollout: Rollout) -> None:
        """Count the visits of a rollout.

        Raises:
            AgentError: If there are too many different observations.
        """
        different, new = np.unique(self._visited(rollout), return_counts=True)
        everything = np.union1d(self.observations, different)
        if len(everything) > MAX_OBSERVATIONS:
            raise AgentError(
                f"exploration_bonus: expected at most {MAX_OBSERVATIONS:,} different observations to count, "
                f"got {len(everything):,}; real numbers that never repeat cannot be counted"
            )
        counts = np.zeros(len(everything), np.int64)
        counts[np.searchsorted(everything, self.observations)] = self.counts
        counts[np.searchsorted(everything, different)] += new
        self.observations, self.counts = everything, counts

    def _visited(self, rollout: Rollout) -> Ints:
        """Return the numbers of the observations in which actions were taken [n]."""
        return self._inputs.keys(rollout.observations[:-1][rollout.counts])

    def _before(self, different: Ints) -> Ints:
        """Return how often each of some observations was visited before [n]."""
        if not len(self.observations):
            return np.zeros(len(different), np.int64)
        place = np.searchsorted(self.observations, different).clip(max=len(self.observations) - 1)
        return np.where(self.observations[place] == different, self.counts[place], 0)

    def make_room(self, path: Path, arrays: dict[str, NDArray[Any]]) -> None:
        """Make arrays of the lengths of those in a file, which are then read into them.

        Raises:
            MemoryFileError: If the arrays of the file cannot be counts.
        """
        found = [arrays.get(name, np.zeros(0)) for name in self.arrays()]
        observations, counts = found
        right = all(array.dtype == np.int64 and array.ndim == 1 for array in found)
        if not right or len(observations) != len(counts) or len(counts) > MAX_OBSERVATIONS:
            raise MemoryFileError(
                f"{path}: expected two arrays of int64 of one length, {list(self.arrays())}"
            )
        if (observations[1:] <= observations[:-1]).any() or (counts < 1).any():
            raise MemoryFileError(f"{path}: expected ascending observations, each visited at least once")
        self.observations, self.counts = np.zeros((2, len(counts)), np.int64)
