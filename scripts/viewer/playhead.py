"""Where a replay stands, how fast it goes, and whether it stands still: time alone, without pictures."""

from math import ceil, floor

from cookie_jar.envs.rendering.frame import ACTS_PER_SECOND, MOVING

SPEEDS = (0.25, 0.5, 1, 2, 4, 8, 16)
PAUSE_AT_START = 1.0  # in acts
PAUSE_AT_END = 3.0  # in acts


class Playhead:
    """Runs through the acts of an episode.

    Attributes:
        time: acts since the start; below 0 in the pause before it.
        speed: one of `SPEEDS`.
        paused: whether time stands still.
    """

    def __init__(self, speed: float = 1) -> None:
        self.speed, self.paused = speed, False
        self.time = -PAUSE_AT_START
        self._goal: float | None = None  # where a single step ends

    def restart(self) -> None:
        """To the start."""
        self.time, self._goal = -PAUSE_AT_START, None

    def advance(self, seconds: float, last: int) -> bool:
        """Let time pass, in an episode of `last` acts; returns whether it is over, with its pause."""
        acts = seconds * self.speed * ACTS_PER_SECOND
        if self._goal is not None:
            self.time = min(self.time + acts, self._goal)
            if self.time == self._goal:
                self._goal = None
        elif not self.paused:
            self.time += acts
        return self.time >= last + PAUSE_AT_END

    def step(self, last: int) -> None:
        """Do the next act and stand still."""
        self.paused = True
        if self._goal is not None:
            self.time = self._goal
        self._goal = float(min(floor(max(self.time, 0.0)) + 1, last))

    def back(self, last: int) -> None:
        """Take the latest act back and stand still."""
        self.paused, self._goal = True, None
        self.time = float(max(0, ceil(min(self.time, last)) - 1))

    def faster(self, by: int) -> None:
        """To the next speed (1), or the one before (-1)."""
        index = SPEEDS.index(self.speed) + by
        self.speed = SPEEDS[min(max(index, 0), len(SPEEDS) - 1)]

    def usual(self) -> None:
        """Back to the usual speed."""
        self.speed = 1

    def place(self, last: int) -> tuple[int, float]:
        """The number of the act that is seen, and how far it has gone, 0 to 1."""
        if self.time <= 0:
            return 0, 1.0
        if self.time > last:
            return last, 1.0
        act = ceil(self.time)
        return act, min(1.0, (self.time - act + 1) / MOVING)
