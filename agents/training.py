"""The recorder of a run: evaluations, snapshots and episodes while an agent learns, and resuming."""

import math
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from . import runs
from .base import Agent
from .errors import AgentError, FileError
from .evaluation import ALL_LEVELS, Evaluator
from .evaluation_table import FIELDS, SAMPLED, UNSEEN, UNSEEN_SAMPLED
from .exact import Evaluation
from .files import delete, write_atomically
from .machine import warn_elsewhere
from .memory import read_memory
from .moving import make_folder
from .numbered import unseen_ranges, validation_ranges
from .record import NOTE
from .recording import Recording
from .run_files import CLASSIFIER_RECORD, EYES_FILE, EYES_NOTE, remove_derived, remove_record
from .run_folder import RunFolder
from .schedule import next_check, next_snapshot, target_of, write_target
from .stops import MAX_INTERVAL, PATIENCE, Pace, learn_with_stops

__all__ = ["MAX_INTERVAL", "PATIENCE", "Pace", "TrainingRun", "learn_with_stops", "target_of"]


class TrainingRun(RunFolder):
    """Records a run in a folder while its agent learns.

    Call `begin` or `resume`, then `learn`, then `finish`. In between, the folder is locked: another process
    that trains in the same folder is refused.

    Args:
        agent: The agent; `agent.num_timesteps` are the steps of the run so far.
        evaluator: Evaluates the agent.
        folder: The folder of the run.
        target: The number of steps of the whole run.

    Attributes:
        held_out: Evaluates the agent during training in some of the validation levels or on unseen pictures,
            or None if there are none.
        edited_card: See `RunFolder`.
    """

    def __init__(self, agent: Agent, evaluator: Evaluator, folder: Path, target: int) -> None:
        super().__init__(folder)
        self.agent, self.evaluator, self.target = agent, evaluator, target
        self.env_id = agent.env.spec.id if agent.env.spec is not None else type(agent.env).__name__
        unseen = validation_ranges(agent.env)
        self.held_out = Evaluator(agent.env, unseen.get("levels"), unseen.get("pictures")) if unseen else None
        self._followed = agent.num_timesteps  # the record is complete up to this step
        self._recording = Recording(folder, self.env_id, agent, self._next_snapshot)
        self._start = time.perf_counter()

    @cached_property
    def test(self) -> Evaluator | None:
        """Evaluates the agent in all test levels; None without. It is made when it is first asked for."""
        unseen = unseen_ranges(self.agent.env)
        return Evaluator(self.agent.env, **unseen, max_levels=ALL_LEVELS) if "levels" in unseen else None

    @property
    def steps(self) -> list[int]:
        """The steps at each evaluation."""
        return self._recording.table.steps

    @property
    def greedy(self) -> list[Evaluation]:
        """The evaluations of the greedy policy."""
        return self._recording.table.greedy

    @property
    def further(self) -> dict[str, list[float]]:
        """Further mean returns at each evaluation, by column; see `evaluation_table.FURTHER`."""
        return self._recording.table.further

    @property
    def seconds(self) -> float:
        """Seconds of learning and evaluating so far."""
        return self._recording.seconds + time.perf_counter() - self._start

    @property
    def score(self) -> str:
        """The mean return of the greedy policy at the last evaluation, as text."""
        return f"{self.greedy[-1].mean_return:+z.2f}"

    @property
    def next_stop(self) -> int:
        """The step of the next snapshot or evaluation, or the target."""
        now = self.agent.num_timesteps
        return min(self._next_snapshot(now), next_check(now, self.target), self.target)

    def begin(self) -> None:
        """Start the record of a new run, and delete an old record.

        Raises:
            AgentError: If another process trains in the folder, the folder of the snapshots is a link, or a
                file cannot be written.
        """
        make_folder(self.folder)
        with self.locked(), self.saying_what_is_saved():
            self.check()
            runs.delete_leftovers(self.folder)
            runs.delete_snapshots(self.folder)
            remove_record(self.folder, CLASSIFIER_RECORD)
            if EYES_NOTE not in self.agent.notes:
                remove_record(self.folder, (EYES_FILE,))
            delete(self.folder / runs.AGENT_FILE)  # otherwise a kill now would join it with the new record
            self._recording.begin()
            write_target(self.folder, self.target)
            self.save(snapshot=True)

    def resume(self, discard: bool = False) -> None:
        """Continue the record of a run from its last saved agent.

        Args:
            discard: Whether to begin a new record, without the episodes and evaluations before this step. The
                old files are kept under names that end in ".discarded".

        Raises:
            FileError: If the record does not belong to the saved agent.
            AgentError: If another process trains in the folder, the folder of the snapshots is a link, or a
                file cannot be written.
        """
        with self.locked(), self.saying_what_is_saved():
            runs.refuse_links(self.folder)
            self._check_unchanged()
            kept = None if discard else self._read_record()
            runs.delete_leftovers(self.folder)
            if kept is None:
                self._recording.set_aside()
                self._recording.begin()
            else:
                self._recording.restore(kept)
            runs.delete_snapshots(self.folder, after=self.agent.num_timesteps)
            if not self.greedy:
                self.check()
            if kept is None:
                self.save()
            write_target(self.folder, self.target)

    def _read_record(self) -> bytes:
        """Read the record of the saved agent; see `Recording.read`."""
        try:
            return self._recording.read()
        except FileError as error:
            raise FileError(f"{error}; to continue with a new record, add --discard-record") from None

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
            AgentError: If the run was not begun, or has finished or failed.
            NotFiniteError: If a number is no longer finite; the message says which agent is saved.
            FileError: If a file cannot be written, for example because the disk is full; as above.
        """
        self.check_locked()
        if self.agent.num_timesteps >= self.target:
            return
        most = Pace() if limit is None else limit

        def callback(agent: Agent) -> bool:
            self.follow()
            return not stop()

        def next_call(now: int) -> int:
            return min(self.next_stop, now + most(now))

        with self.saying_what_is_saved():
            self.agent.learn(self.target - self.agent.num_timesteps, callback, callback_interval=next_call)

    def follow(self) -> None:
        """Record the steps since the last call; evaluate and save if an evaluation or a snapshot is due."""
        before, now = self._followed, self.agent.num_timesteps
        self._recording.add_episodes(self.agent, self.seconds)
        self._followed = now
        snapshot_due = self._next_snapshot(before) <= now
        if snapshot_due or next_check(before, self.target) <= now or now >= self.target:
            self.check()
        if snapshot_due:
            self.save(snapshot=True)

    def check(self) -> None:
        """Evaluate the agent."""
        score, sampled = self.evaluator.scores(self.agent)
        further: dict[str, Evaluation | None] = {SAMPLED: sampled}
        if self.held_out is not None:
            further[UNSEEN], further[UNSEEN_SAMPLED] = self.held_out.scores(self.agent)
        returns = {name: value.mean_return for name, value in further.items() if value is not None}
        percent = self.evaluator.percent(score.mean_return)
        self._recording.table.add(self.agent.num_timesteps, score, percent, returns)
        kept = {name: note for name, note in self.agent.notes.items() if name == EYES_NOTE}
        self.agent.notes = kept | {
            "task": f"a happy episode in {self.env_id}",
            "experience": f"{self.agent.num_timesteps} steps, {self.agent.num_episodes} episodes",
            "performance": {n: part for n, part in zip(FIELDS, score, strict=True) if math.isfinite(part)},
        }

    def save(self, snapshot: bool = False) -> None:
        """Write the record, then the agent, whose number of steps marks the end of the valid record.

        Figures and the model card of an earlier state are removed (see `run_files.remove_derived`).

        Args:
            snapshot: Whether to save also a snapshot.
        """
        now = self.agent.num_timesteps
        self.edited_card = remove_derived(self.folder) or self.edited_card
        self.agent.notes = self.agent.notes | {NOTE: self._recording.save(now)}
        if snapshot:
            runs.refuse_links(self.folder)
            self.agent.save(runs.snapshot_file(self.folder, now))
        self.agent.save(self.folder / runs.AGENT_FILE)
        self.saved_steps = now

    def finish(self, draw_curve: Callable[..., bytes] | None = None) -> None:
        """Evaluate the agent at its last step, save the run, and unlock the folder.

        Args:
            draw_curve: Draws the learning curve, and returns the bytes of a PNG file; None to leave it out.

        Raises:
            FileError: If a file cannot be written.
        """
        self.check_locked()
        with self.saying_what_is_saved():
            if self.agent.num_timesteps > self.steps[-1]:
                self.check()
            self.save()
            if draw_curve is not None:
                self._draw(draw_curve)
        self.unlock()

    def _draw(self, draw_curve: Callable[..., bytes]) -> None:
        title = f"{type(self.agent).__name__} learns {self.env_id}"
        greedy = [score.mean_return for score in self.greedy]
        unseen = {name: values for name, values in self.further.items() if name != SAMPLED or self.held_out}
        ends, returns = self._recording.ends, self._recording.returns
        curve = draw_curve(title, self.evaluator, ends, returns, self.steps, greedy, unseen)
        write_atomically(self.folder / runs.CURVE_FILE, curve)

    def _check_unchanged(self) -> None:
        """Raise an AgentError if another process has trained the saved agent since it was loaded."""
        _, description = read_memory(self.folder / runs.AGENT_FILE)
        mine = self.agent.num_timesteps, self.agent.num_episodes
        if mine != (description.get("num_timesteps"), description.get("num_episodes")):
            raise AgentError(f"{self.folder}: the saved agent has changed since it was loaded; try again")
        self.saved_steps = self.agent.num_timesteps
        warn_elsewhere(self.folder, description)

    def _next_snapshot(self, now: int) -> int:
        return next_snapshot(now, sum(array.nbytes for array in self.agent.arrays().values()))
