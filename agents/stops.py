"""When a learning agent calls back: paced by the clock, or at given steps."""

import time
from collections.abc import Iterable

from .base import Agent
from .learner import Callback

MAX_INTERVAL = 1 << 18  # maximum number of steps between two callbacks
PATIENCE = 0.2  # seconds between two callbacks


class Pace:
    """Choose the number of steps between two callbacks so that they take about `PATIENCE` seconds.

    Pass an instance as `limit` to `TrainingRun.learn`.
    """

    def __init__(self) -> None:
        self._interval = MAX_INTERVAL
        self._before: int | None = None
        self._start = 0.0

    def __call__(self, now: int) -> int:
        """Return the number of steps until the next callback, given the number of steps so far."""
        if self._before is not None:
            steps, seconds = now - self._before, time.perf_counter() - self._start
            interval = round(steps * PATIENCE / seconds) if seconds > PATIENCE else 2 * self._interval
            self._interval = max(1, min(MAX_INTERVAL, interval))
        self._before, self._start = now, time.perf_counter()
        return self._interval


def learn_with_stops(agent: Agent, stops: Iterable[int], at_stop: Callback) -> None:
    """Train until the last of several step counts, and call a function at the start and at each of them.

    Args:
        agent: The agent.
        stops: Values of `num_timesteps`; values already passed are skipped. An agent with several
            environments stops at the first possible step at or after each value.
        at_stop: Called with the agent; returning False stops training.
    """
    stops = sorted(stops)
    if at_stop(agent) is False or not stops or stops[-1] <= agent.num_timesteps:
        return

    def next_stop(now: int) -> int:
        return next(stop for stop in stops if stop > now)

    agent.learn(stops[-1] - agent.num_timesteps, at_stop, callback_interval=next_stop)
