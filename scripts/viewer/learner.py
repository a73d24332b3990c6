"""An agent that is shown while being trained, and the returns of its training episodes."""

from collections.abc import Iterator, Sequence
from itertools import islice
from math import floor

import numpy as np

from cookie_jar.envs.rendering.episode import Episode, TimeStep

from .replays import ReplayedAgent

SPANS = 60  # parts of a training run over which training returns are averaged


class Learner(ReplayedAgent):
    """The greedy policy of an agent in training; each action is chosen only when it is about to be shown."""

    _coming: Iterator[TimeStep]

    @property
    def steps(self) -> int:
        """The number of steps that the agent has been trained for."""
        return int(self.agent.num_timesteps)

    def start(self, seed: int) -> None:
        """Start an episode."""
        self.seed = seed
        self._coming = self.runner.steps(self.agent, seed)
        self.episode = Episode((next(self._coming),), self.runner.world, seed)

    def extend(self, until: float) -> None:
        """Run the episode until the action after time `until` (in actions); cut off very long episodes."""
        best = self.evaluator.optimum
        most = 100 if best is None else round(30 + 2 * best.length)
        wanted = min(most, floor(until) + 1) - self.episode.last
        more = tuple(islice(self._coming, max(0, wanted)))
        self.episode = self.episode._replace(time_steps=(*self.episode.time_steps, *more))


class TrainingReturns:
    """The mean return of the training episodes in each part of a training run.

    Args:
        target: The number of steps of the whole run.
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
