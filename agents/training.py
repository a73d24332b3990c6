"""The recorder of a run: evaluations, snapshots and episodes while an agent learns, and resuming."""

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from . import runs
from .base import Agent, Callback
from .errors import AgentError, NotFiniteError
from .evaluation import Evaluator, unseen_levels
from .exact import Evaluation
from .files import write_atomically
from .runs import FIELDS, EvaluationTable

MAX_INTERVAL = 1 << 18  # maximum number of steps between two callbacks
PATIENCE = 0.2  # seconds between two callbacks

FIRST_SNAPSHOT = 100  # steps; the steps between snapshots grow geometrically
LARGE = 2_000_000  # bytes of an agent; larger agents have fewer snapshots
CHECKS = 40  # evaluations until the target, apart from those at snapshots
SAMPLED, UNSEEN, UNSEEN_SAMPLED = "sampled", "unseen", "unseen_sampled"  # further columns of returns


class TrainingRun:
    """Records a run in a folder while its agent learns.

    Call `begin` or `resume`, then `learn`, then `finish`.

    Args:
        agent: The agent; `agent.num_timesteps` are the steps of the run so far.
        evaluator: Evaluates the agent.
        folder: The folder of the run.
        target: The number of steps of the whole run.

    Attributes:
        held_out: Evaluates the agent in unseen levels, or None if the environment has none.
        steps: The steps at each evaluation.
        greedy: The evaluations of the greedy policy.
        further: Further mean returns at each evaluation, by column: "sampled" with the agent's action
            probabilities, "unseen" and "unseen_sampled" in the levels that the agent does not learn from.
    """

    def __init__(self, agent: Agent, evaluator: Evaluator, folder: Path, target: int) -> None:
        self.agent, self.evaluator, self.folder, self.target = agent, evaluator, folder, target
        self.env_id = agent.env.spec.id if agent.env.spec is not None else type(agent.env).__name__
        unseen = unseen_levels(agent.env)
        self.held_out = None if unseen is None else Evaluator(agent.env, unseen)
        self._table = EvaluationTable()
        self.steps, self.greedy, self.further = self._table.steps, self._table.greedy, self._table.further
        self._followed = agent.num_timesteps  # the record is complete up to this step
        self._ends: list[int] = []
        self._returns: list[float] = []
        self._monitor = runs.Monitor(folder / runs.MONITOR_FILE)
        self._seconds_before = 0.0
        self._start = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds of learning and evaluating so far."""
        return self._seconds_before + time.perf_counter() - self._start

    @property
    def score(self) -> str:
        """The mean return of the greedy policy at the last evaluation, as text."""
        return f"{self.greedy[-1].mean_return:+.2f}"

    @property
    def next_stop(self) -> int:
        """The step of the next snapshot or evaluation, or the target."""
        now = self.agent.num_timesteps
        return min(self._next_snapshot(now), self._next_check(now), self.target)

    @property
    def saved(self) -> str:
        """A sentence that says which state of the agent is saved."""
        steps = max((steps for steps, _ in runs.snapshots(self.folder)), default=0)
        return f"The last saved agent, after {steps:,} steps, is in {self.folder / runs.AGENT_FILE}"

    def begin(self) -> None:
        """Start the record of a new run, and delete an old record."""
        for _, file in runs.snapshots(self.folder):
            file.unlink()
        self._monitor.begin(self.env_id, time.time())
        self._write_target()
        self.check()
        self.agent.save(runs.snapshot_file(self.folder, 0))
        self.save()

    def resume(self, discard: bool = False) -> None:
        """Continue the record of a run from its last saved agent.

        Args:
            discard: Whether to begin a new record.
        """
        now = self.agent.num_timesteps
        for torn in self.folder.rglob(".*.part"):  # half-written by a crash
            torn.unlink()
        episodes = self._monitor.truncate(self.agent.num_episodes)
        self._seconds_before = episodes[-1].seconds if episodes else 0.0
        for episode in runs.known_ends(episodes, getattr(self.agent, "n_envs", 1)):
            self._ends.append(episode.end)
            self._returns.append(episode.episode_return)
        self._table.read(self.folder / runs.EVALUATIONS_FILE, now)
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
            stop: Called each time a part of the run was recorded, at least at every evaluation and snapshot;
                returning True ends the call.
            limit: Takes `num_timesteps`, and returns the maximum number of steps of the next part; by default
                a `Pace`, so that `stop` is called about every 0.2 s.

        Raises:
            NotFiniteError: If a number is no longer finite; the message says which agent is saved.
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
            raise NotFiniteError(f"{error}. {self.saved}") from None

    def follow(self) -> None:
        """Record the steps since the last call; evaluate and save if an evaluation or a snapshot is due."""
        before, now = self._followed, self.agent.num_timesteps
        returns, ends = self.agent.episode_returns, self.agent.episode_ends
        self._monitor.write(returns, self.agent.episode_lengths, ends, self.seconds)
        self._ends.extend(ends)
        self._returns.extend(returns)
        self._followed = now
        snapshot_due = self._next_snapshot(before) <= now
        if snapshot_due or self._next_check(before) <= now or now >= self.target:
            self.check()
        if snapshot_due:
            self.agent.save(runs.snapshot_file(self.folder, now))
            self.save()

    def check(self) -> None:
        """Evaluate the agent."""
        score, sampled = self.evaluator.scores(self.agent)
        further: dict[str, Evaluation | None] = {SAMPLED: sampled}
        if self.held_out is not None:
            further[UNSEEN], further[UNSEEN_SAMPLED] = self.held_out.scores(self.agent)
        returns = {name: value.mean_return for name, value in further.items() if value is not None}
        self._table.add(self.agent.num_timesteps, score, returns)
        self.agent.notes = {
            "task": f"a happy episode in {self.env_id}",
            "experience": f"{self.agent.num_timesteps} steps, {self.agent.num_episodes} episodes",
            "performance": {n: part for n, part in zip(FIELDS, score, strict=True) if math.isfinite(part)},
        }

    def save(self) -> None:
        """Write the evaluations, then the agent, whose number of steps marks the end of the valid record."""
        self._table.write(self.folder / runs.EVALUATIONS_FILE, self.evaluator)
        self.agent.save(self.folder / runs.AGENT_FILE)

    def finish(self, draw_curve: Callable[..., bytes] | None = None) -> None:
        """Evaluate the agent at its last step, and save the run.

        Args:
            draw_curve: Draws the learning curve, and returns the bytes of a PNG file; None to leave it out.
        """
        if self.agent.num_timesteps > self.steps[-1]:
            self.check()
        self.save()
        if draw_curve is None:
            return
        title = f"{type(self.agent).__name__} learns {self.env_id}"
        greedy = [score.mean_return for score in self.greedy]
        unseen = {name: values for name, values in self.further.items() if name != SAMPLED or self.held_out}
        curve = draw_curve(title, self.evaluator, self._ends, self._returns, self.steps, greedy, unseen)
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
        """Yield the steps of all snapshots; they do not depend on the target."""
        size = sum(array.nbytes for array in self.agent.arrays().values())
        for number in range(1_000):
            yield round(FIRST_SNAPSHOT * 10 ** (number / (10 if size < LARGE else 2)))


def target_of(folder: Path) -> int:
    """Return the number of steps of a whole run.

    Raises:
        AgentError: If the folder has no valid target.
    """
    try:
        target = json.loads((folder / runs.TARGET_FILE).read_text(encoding="utf-8"))["timesteps"]
    except (OSError, ValueError, KeyError, TypeError):
        target = None
    if not isinstance(target, int) or isinstance(target, bool) or target < 1:
        raise AgentError(f"{folder}: {runs.TARGET_FILE} has no valid target; add --timesteps")
    return target


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
