"""The time of a replay: position, speed and pause."""

from math import ceil, floor

from cookie_jar.envs.rendering.frame import ACTS_PER_SECOND, MOVING

SPEEDS = (0.25, 0.5, 1, 2, 4, 8, 16)
PAUSE_AT_START = 1.0  # in acts
PAUSE_AT_END = 3.0  # in acts


class Playhead:
    """Moves through the actions of an episode.

    Attributes:
        time: The position in actions since the start; below 0 in the pause before the first action.
        speed: One of `SPEEDS`.
        paused: Whether the replay is paused.
    """

    def __init__(self, speed: float = 1) -> None:
        self.speed, self.paused = speed, False
        self.time = -PAUSE_AT_START
        self._goal: float | None = None  # the time at which a single step ends

    def restart(self) -> None:
        """Go back to the start."""
        self.time, self._goal = -PAUSE_AT_START, None

    def advance(self, seconds: float, last: int) -> bool:
        """Advance by some seconds in an episode of `last` actions; return whether its final pause is over."""
        acts = seconds * self.speed * ACTS_PER_SECOND
        if self._goal is not None:
            self.time = min(self.time + acts, self._goal)
            if self.time == self._goal:
                self._goal = None
        elif not self.paused:
            self.time += acts
        return self.time >= last + PAUSE_AT_END

    def step(self, last: int) -> None:
        """Show the next action, then pause."""
        self.paused = True
        if self._goal is not None:
            self.time = self._goal
        self._goal = float(min(floor(max(self.time, 0.0)) + 1, last))

    def back(self, last: int) -> None:
        """Go back to the previous time step, and pause."""
        self.paused, self._goal = True, None
        self.time = float(max(0, ceil(min(self.time, last)) - 1))

    def faster(self, by: int) -> None:
        """Choose the next (1) or the previous (-1) speed."""
        index = SPEEDS.index(self.speed) + by
        self.speed = SPEEDS[min(max(index, 0), len(SPEEDS) - 1)]

    def usual(self) -> None:
        """Choose the normal speed."""
        self.speed = 1

    def place(self, last: int) -> tuple[int, float]:
        """Return the index of the current time step, and the progress of its action, 0 to 1."""
        if self.time <= 0:
            return 0, 1.0
        if self.time > last:
            return last, 1.0
        act = ceil(self.time)
        return act, min(1.0, (self.time - act + 1) / MOVING)
