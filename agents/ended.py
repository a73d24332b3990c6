"""The episodes that ended since the last callback."""

import numpy as np
from numpy.typing import NDArray


class EndedEpisodes:
    """Returns, lengths and ends of episodes; blocks of arrays become lists when a list is read."""

    def __init__(self) -> None:
        self._returns: list[float] = []
        self._lengths: list[int] = []
        self._ends: list[int] = []
        self._blocks: list[tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]] = []

    def add(self, returns: NDArray[np.float64], lengths: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        """Add episodes [n]."""
        self._blocks.append((returns, lengths, ends))

    @property
    def returns(self) -> list[float]:
        """The returns."""
        self._make_lists()
        return self._returns

    @property
    def lengths(self) -> list[int]:
        """The numbers of actions."""
        self._make_lists()
        return self._lengths

    @property
    def ends(self) -> list[int]:
        """The value of `num_timesteps` at the end of each episode."""
        self._make_lists()
        return self._ends

    def _make_lists(self) -> None:
        for returns, lengths, ends in self._blocks:
            self._returns.extend(returns.tolist())
            self._lengths.extend(lengths.tolist())
            self._ends.extend(ends.tolist())
        self._blocks.clear()
