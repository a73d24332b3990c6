"""The output of `Agent.learn`: a progress bar, and lines about recent episodes."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any


def bar(shown: bool) -> AbstractContextManager[Any]:
    """Return a progress bar, or nothing, as a context."""
    if not shown:
        return nullcontext()
    from rich.progress import BarColumn, Progress, TextColumn

    from .notebook import in_notebook
    from .progress_lines import ProgressLines
    from .time_left import COUNT, TimeLeftColumn

    kind = ProgressLines if in_notebook() else Progress
    return kind(TextColumn("{task.description}"), BarColumn(), TextColumn(COUNT), TimeLeftColumn())


class EpisodeLog:
    """Prints the mean return and length of episodes.

    Args:
        interval: The number of episodes between two lines.
    """

    def __init__(self, interval: int) -> None:
        self._interval = interval
        self._returns: list[float] = []
        self._lengths: list[int] = []

    def add(self, returns: Sequence[float], lengths: Sequence[int], num_timesteps: int) -> None:
        """Add episodes, and print a line if there are enough of them."""
        self._returns += returns
        self._lengths += lengths
        number = len(self._returns)
        if number >= self._interval:
            mean_return, mean_length = sum(self._returns) / number, sum(self._lengths) / number
            print(
                f"{num_timesteps:,} steps: mean return {mean_return:.3g}, "
                f"mean length {mean_length:.3g} of {number:,} episodes"
            )
            self._returns, self._lengths = [], []
