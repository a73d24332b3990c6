"""The remaining time of a progress bar, estimated from the recent rate; nothing before the rate is known."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from rich.progress import ProgressColumn, Task, TaskID
from rich.table import Column
from rich.text import Text

MOST = 1_000  # samples that are kept
PATIENCE = 2.0  # seconds before the first estimate
ALIKE = 1.5  # factor between two rates that count as equal
OVERDUE = 3  # times the mean time between two samples: the rate is no longer known
WARM_UP = 5  # samples from which on the first step, which often compiles something, does not count
WIDTH = 12  # characters
COUNT = "{task.completed:,.0f}/{task.total:,.0f}"  # the template of a column


class TimeLeft:
    """Estimates the remaining time from samples of the part of the work that is done.

    The estimate uses the last half of the time so far, which soon forgets a slow start. There is none unless
    the rate is about the same in both halves of that time.

    Args:
        part: The part of the work that is done at the start, from 0 to 1.
    """

    def __init__(self, part: float = 0.0) -> None:
        self._times, self._parts = [0.0], [part]

    def add(self, seconds: float, part: float) -> None:
        """Add a sample: the part of the work that is done some seconds after the start."""
        if part > self._parts[-1] and seconds > self._times[-1]:
            self._times.append(seconds)
            self._parts.append(part)
        if len(self._times) > MOST:
            del self._times[1:-1:2], self._parts[1:-1:2]

    def estimate(self, seconds: float) -> float | None:
        """Return the remaining seconds, some seconds after the start; None if they are not known."""
        times, end = self._times, len(self._times) - 1
        if seconds < PATIENCE or end < 2:
            return None
        origin = times[1 if len(times) >= WARM_UP else 0]
        start = min(self._index((origin + times[end]) / 2), end - 2)
        middle = min(max(self._index((times[start] + times[end]) / 2), start + 1), end - 1)
        rates = self._rate(start, middle), self._rate(middle, end)
        waited, steps = seconds - times[end], end - start
        between = (times[end] - times[start]) / steps
        if max(rates) > ALIKE * min(rates) or waited > OVERDUE * between:
            return None
        if waited <= between:
            return max(0.0, (1 - self._parts[end]) / self._rate(start, end) - waited)
        step = (self._parts[end] - self._parts[start]) / steps  # its end is overdue: as if it came now
        rate = (self._parts[end] + step - self._parts[start]) / (seconds - times[start])
        return max(0.0, (1 - self._parts[end] - step) / rate)

    def _index(self, seconds: float) -> int:
        """Return the index of the last sample until a time."""
        return max(0, bisect_right(self._times, seconds) - 1)

    def _rate(self, start: int, end: int) -> float:
        return (self._parts[end] - self._parts[start]) / (self._times[end] - self._times[start])


class TimeLeftColumn(ProgressColumn):
    """Shows the remaining time of a task, such as "40 s left"; see `TimeLeft`.

    A task whose steps have unequal costs has the field `costs`: a number for each step, in any unit.
    """

    def __init__(self) -> None:
        super().__init__(Column(min_width=WIDTH, no_wrap=True))
        self._estimates: dict[TaskID, TimeLeft] = {}

    def render(self, task: Task) -> Text:
        """Return the remaining time as text; empty if it is not known, or the task has finished."""
        seconds, part = task.elapsed or 0.0, _part_done(task)
        if task.id not in self._estimates:
            self._estimates[task.id] = TimeLeft(part)
        estimate = self._estimates[task.id]
        estimate.add(seconds, part)
        left = None if part >= 1 else estimate.estimate(seconds)
        return Text("" if left is None else f"{duration(left)} left", style="progress.remaining")


def _part_done(task: Task) -> float:
    """Return the part of a task's work that is done, from 0 to 1."""
    costs: Sequence[float] | None = task.fields.get("costs")
    if costs is None:
        return min(1.0, task.completed / task.total) if task.total else 0.0
    sums = [0.0, *accumulate(costs)]
    whole = min(int(task.completed), len(costs))
    begun = costs[whole] * (task.completed - whole) if whole < len(costs) else 0.0
    return (sums[whole] + begun) / sums[-1]


def duration(seconds: float) -> str:
    """Return a duration as text, such as "40 s", "12 min" or "3.5 h"."""
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds < 20 else f"{5 * round(seconds / 5)} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
