"""A run while it is learned: its record, its timeline, and how it goes on after an interruption."""

import csv
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from . import runs
from .base import Agent, Callback
from .errors import AgentError, NotFiniteError
from .evaluation import Evaluator, unseen_levels
from .exact import Evaluation
from .files import write_atomically, write_table

MAX_INTERVAL = 1 << 18  # steps between two looks at bar and Ctrl-C, at most
PATIENCE = 0.2  # seconds between them

FIRST_SNAPSHOT = 100  # steps; later ones come ever more rarely, so that early learning is dense
LARGE = 2_000_000  # bytes of memory from which on snapshots are fewer
CHECKS = 40  # how often the greedy policy is judged on the way, beside the snapshots
SCORES = ("happiness", "success", "length")  # the parts of an evaluation, as files name them
HEADER = ("steps", "happiness", "percent_of_possible", "success", "length")
SAMPLED, UNSEEN, UNSEEN_SAMPLED = "sampled", "unseen", "unseen_sampled"  # further columns: happiness


class TrainingRun:
    """Keeps the record of a run in its folder.

    Args:
        agent: learns; where it stands is where the run stands.
        judge: scores it.
        folder: of the run.
        target: how many steps it is to learn from in all.

    Attributes:
        held_out: scores it in levels that it never learns from, where there are such.
        steps: when the greedy policy was judged.
        greedy: what it was worth then.
        further: what else it was worth, by the name of the column: acting with its probabilities, where it
            has any; and both in the levels that it never learns from, where there are such.
    """

    def __init__(self, agent: Agent, evaluator: Evaluator, folder: Path, target: int) -> None:
        self.agent, self.evaluator, self.folder, self.target = agent, evaluator, folder, target
        self.env_id = agent.env.spec.id if agent.env.spec is not None else type(agent.env).__name__
        unseen = unseen_levels(agent.env)
        self.held_out = None if unseen is None else Evaluator(agent.env, unseen)
        self.steps: list[int] = []
        self.greedy: list[Evaluation] = []
        self.further: dict[str, list[float]] = {}
        self._followed = agent.num_timesteps  # until which step the record is complete
        self._ends: list[int] = []
        self._returns: list[float] = []
        self._monitor = runs.Monitor(folder / runs.MONITOR_FILE)
        self._seconds_before = 0.0
        self._start = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds of learning and judging so far."""
        return self._seconds_before + time.perf_counter() - self._start

    @property
    def score(self) -> str:
        """The happiness of the greedy policy at the last check."""
        return f"{self.greedy[-1].mean_return:+.2f}"

    @property
    def next_stop(self) -> int:
        """Until which step to learn now: the next snapshot, the next check, or the target."""
        now = self.agent.num_timesteps
        return min(self._next_snapshot(now), self._next_check(now), self.target)

    @property
    def saved(self) -> str:
        """What is on disk, in words."""
        steps = max((steps for steps, _ in runs.snapshots(self.folder)), default=0)
        return f"Saved before: the memory after {steps:,} steps, in {self.folder / runs.AGENT_FILE}"

    def begin(self) -> None:
        """Start the record of a new run, in the place of an old one."""
        for _, file in runs.snapshots(self.folder):
            file.unlink()
        self._monitor.begin(self.env_id, time.time())
        self._write_target()
        self.check()
        self.agent.save(runs.snapshot_file(self.folder, 0))
        self.save()

    def go_on(self) -> None:
        """Take up the record of a run where its memory was last saved."""
        now = self.agent.num_timesteps
        for torn in self.folder.rglob(".*.part"):  # what a crash has left half written
            torn.unlink()
        for length, happiness, seconds in self._episodes_before():
            self._ends.append(length)
            self._returns.append(happiness)
            self._seconds_before = seconds
        for row in self._evaluations_before():
            if int(row["steps"]) <= now:
                self.steps.append(int(row["steps"]))
                numbers = (float(row[name]) for name in SCORES)
                self.greedy.append(Evaluation(*numbers))
                for name in row:  # in the order of the file, so that it comes out the same
                    if name not in HEADER:
                        self.further.setdefault(name, []).append(float(row[name]))
        for steps, file in runs.snapshots(self.folder):
            if steps > now:
                file.unlink()
        if not self.greedy:
            self.check()
        self._write_target()

    def learn(
        self, stop: Callable[[], bool] = lambda: False, limit: Callable[[int], int] | None = None
    ) -> None:
        """Learn until the target, and record the run.

        Args:
            stop: called after each part of the run was recorded, at every evaluation and snapshot at least;
                True ends the call.
            limit: takes `num_timesteps` and returns the most steps of the next part; by default a `Pace`,
                so that `stop` is called about every 0.2 s.

        Raises:
            NotFiniteError: If a number became infinite; the message says what is saved.
        """
        if self.agent.num_timesteps >= self.target:
            return
        most = Pace() if limit is None else limit

        def callback(agent: Agent) -> bool:
            self.follow()
            return not stop()

        def next_call(now: int) -> int:
            return min(self.next_stop, now + most(now))

        try:
            self.agent.learn(self.target - self.agent.num_timesteps, callback, callback_interval=next_call)
        except NotFiniteError as error:
            raise NotFiniteError(f"{error}\n{self.saved}") from None

    def follow(self) -> None:
        """Write down what was learned since the last call; at a stop, check and save."""
        before, now = self._followed, self.agent.num_timesteps
        returns, lengths = self.agent.episode_returns, self.agent.episode_lengths
        self._monitor.write(returns, lengths, self.seconds)
        end = self._ends[-1] if self._ends else 0
        self._ends.extend((end + np.cumsum(lengths, dtype=np.int64)).tolist())
        self._returns.extend(returns)
        self._followed = now
        snapshot_due = self._next_snapshot(before) <= now
        if snapshot_due or self._next_check(before) <= now or now >= self.target:
            self.check()
        if snapshot_due:
            self.agent.save(runs.snapshot_file(self.folder, now))
            self.save()

    def check(self) -> None:
        """Judge the greedy policy."""
        score, sampled = self.evaluator.scores(self.agent)
        self.steps.append(self.agent.num_timesteps)
        self.greedy.append(score)
        further: dict[str, Evaluation | None] = {SAMPLED: sampled}
        if self.held_out is not None:
            further[UNSEEN], further[UNSEEN_SAMPLED] = self.held_out.scores(self.agent)
        for name, value in further.items():
            if value is not None:
                self.further.setdefault(name, []).append(value.mean_return)
        self.agent.notes = {
            "task": f"a happy episode in {self.env_id}",
            "experience": f"{self.agent.num_timesteps} steps, {self.agent.num_episodes} episodes",
            "performance": {n: part for n, part in zip(SCORES, score, strict=True) if math.isfinite(part)},
        }

    def save(self) -> None:
        """Write the checks and the memory: the memory last, because it says where the run stands."""
        rows = [
            (
                step,
                score.mean_return,
                self.evaluator.percent(score.mean_return),
                score.success,
                score.length,
                *further,
            )
            for step, score, *further in zip(self.steps, self.greedy, *self.further.values(), strict=True)
        ]
        write_table(self.folder / runs.EVALUATIONS_FILE, (*HEADER, *self.further), rows)
        self.agent.save(self.folder / runs.AGENT_FILE)

    def finish(self, draw_curve: Callable[..., bytes]) -> None:
        """Save, with the learning curve that the function draws (see `learning_curve.draw_curve`)."""
        if self.agent.num_timesteps > self.steps[-1]:
            self.check()
        self.save()
        title = f"{type(self.agent).__name__} learns {self.env_id}"
        happiness = [score.mean_return for score in self.greedy]
        unseen = {name: values for name, values in self.further.items() if name != SAMPLED or self.held_out}
        curve = draw_curve(title, self.evaluator, self._ends, self._returns, self.steps, happiness, unseen)
        write_atomically(self.folder / runs.CURVE_FILE, curve)

    def _write_target(self) -> None:
        text = json.dumps({"timesteps": self.target})
        write_atomically(self.folder / runs.TARGET_FILE, text.encode())

    def _next_check(self, now: int) -> int:
        between = math.ceil(self.target / CHECKS)
        return (now // between + 1) * between

    def _next_snapshot(self, now: int) -> int:
        return next(steps for steps in self._milestones() if steps > now)

    def _milestones(self) -> Iterator[int]:
        """The steps of the snapshots, without end: the same however long a run becomes."""
        size = sum(array.nbytes for array in self.agent.arrays().values())
        for number in range(1_000):
            yield round(FIRST_SNAPSHOT * 10 ** (number / (10 if size < LARGE else 2)))

    def _episodes_before(self) -> Iterator[tuple[int, float, float]]:
        end = 0
        for happiness, length, seconds in self._monitor.cut(self.agent.num_episodes):
            end += length
            yield end, happiness, seconds

    def _evaluations_before(self) -> list[dict[str, Any]]:
        text = (self.folder / runs.EVALUATIONS_FILE).read_text(encoding="utf-8")
        return list(csv.DictReader(text.splitlines()))


def target_of(folder: Path) -> int:
    """How many steps a run is to learn from.

    Raises:
        AgentError: the folder does not say.
    """
    try:
        target = json.loads((folder / runs.TARGET_FILE).read_text(encoding="utf-8"))["timesteps"]
    except (OSError, ValueError, KeyError, TypeError):
        target = None
    if not isinstance(target, int) or isinstance(target, bool) or target < 1:
        raise AgentError(f"{folder}: {runs.TARGET_FILE} does not tell the target; add --timesteps")
    return target


class Pace:
    """Choose the number of steps between two callbacks so that they take about `PATIENCE` seconds.

    Pass an instance where `TrainingRun.learn` takes `limit`.
    """

    def __init__(self) -> None:
        self._interval = MAX_INTERVAL
        self._before: int | None = None
        self._start = 0.0

    def __call__(self, now: int) -> int:
        """Return the number of steps to learn next, given the number of steps learned so far."""
        if self._before is not None:
            steps, seconds = now - self._before, time.perf_counter() - self._start
            interval = round(steps * PATIENCE / seconds) if seconds > PATIENCE else 2 * self._interval
            self._interval = max(1, min(MAX_INTERVAL, interval))
        self._before, self._start = now, time.perf_counter()
        return self._interval


def learn_with_stops(agent: Agent, stops: Iterable[int], at_stop: Callback) -> None:
    """Learn to the last of some step counts, and call a function at the start and at each of them.

    Args:
        agent: the agent.
        stops: values of `num_timesteps`; those already passed are left out. An agent that steps several
            environments at a time stops at the first possible step from each value on.
        at_stop: called with the agent; False stops.
    """
    stops = sorted(stops)
    if at_stop(agent) is False or not stops or stops[-1] <= agent.num_timesteps:
        return

    def next_stop(now: int) -> int:
        return next(stop for stop in stops if stop > now)

    agent.learn(stops[-1] - agent.num_timesteps, at_stop, callback_interval=next_stop)
