"""Writing the record of a run: see `record`."""

import json
import time
from array import array
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from .base import Agent
from .errors import FileError
from .evaluation_table import EvaluationTable
from .files import delete, write_atomically
from .monitor import Monitor, known_ends
from .record import (
    EVALUATIONS_FILE,
    MONITOR_FILE,
    NOTE,
    RECORD_FILE,
    Save,
    note,
    read_record,
    write_saves,
)
from .run_files import set_aside


class Recording:
    """The record of a run that is being written.

    Args:
        folder: The folder of the run.
        env_id: The id of the environment.
        agent: The agent, before it learns.
        next_snapshot: Returns the steps of the next snapshot after a number of steps.

    Attributes:
        table: The evaluations.
        ends: The step at which each episode ended.
        returns: The return of each episode.
        seconds: Seconds of training at the end of the last episode before the run was resumed.
    """

    def __init__(self, folder: Path, env_id: str, agent: Agent, next_snapshot: Callable[[int], int]) -> None:
        self._folder, self._env_id, self._next_snapshot = folder, env_id, next_snapshot
        self._n_envs = int(getattr(agent, "n_envs", 1))
        noted = agent.notes.get(NOTE) if agent.num_timesteps > 0 else None
        self._run = noted["run"] if isinstance(noted, dict) and "run" in noted else _identity(agent)
        self._monitor = Monitor(folder / MONITOR_FILE)
        self._saves: dict[int, Save] = {}
        self.table = EvaluationTable()
        self.ends, self.returns = array("q"), array("d")
        self.seconds = 0.0

    def begin(self) -> None:
        """Begin a new record, replacing an old one."""
        delete(self._folder / RECORD_FILE)
        self._monitor.begin(self._env_id, time.time())

    def set_aside(self) -> None:
        """Rename the files of an old record."""
        set_aside(self._folder, (MONITOR_FILE, EVALUATIONS_FILE, RECORD_FILE))

    def read(self) -> bytes:
        """Read the record of the saved agent, and return the contents of monitor.csv for it.

        Raises:
            FileError: If the record does not belong to the agent.
        """
        found = read_record(self._folder, self._next_snapshot, whole=False)
        if found.episodes.env_id != self._env_id:
            raise FileError(
                f"{self._folder / MONITOR_FILE}: expected episodes in {self._env_id}, "
                f"got {found.episodes.env_id!r:.80}"
            )
        self.table, self._saves = found.table, found.saves
        data = self._monitor.take(found.episodes)
        rows = found.episodes.rows
        self.seconds = rows[-1].seconds if rows else 0.0
        for episode in known_ends(rows, self._n_envs):
            self.ends.append(episode.end)
            self.returns.append(episode.episode_return)
        return data

    def restore(self, data: bytes) -> None:
        """Write monitor.csv anew with the contents that `read` returned."""
        write_atomically(self._folder / MONITOR_FILE, data)

    def add_episodes(self, agent: Agent, seconds: float) -> None:
        """Write the episodes of an agent that ended since its last callback, after some seconds of training.

        Raises:
            NotFiniteError: If a return is not finite.
            OSError: If the file cannot be written.
        """
        returns, ends = agent.episode_returns, agent.episode_ends
        self._monitor.write(returns, agent.episode_lengths, ends, seconds)
        self.ends.extend(ends)
        self.returns.extend(returns)

    def save(self, steps: int) -> dict[str, Any]:
        """Write the evaluations and the extents, and return the note for the description of the agent."""
        self.table.write(self._folder / EVALUATIONS_FILE)
        self._saves[steps] = Save(self._monitor.extent, self.table.extent)
        write_saves(self._folder, self._saves)
        return note(self._run, steps, self._monitor, self.table.played(self._next_snapshot))


def _identity(agent: Agent) -> str:
    """Return a short hash of an agent's class, hyperparameters and environment, the same for equal runs."""
    spec = agent.env.spec
    wrappers = [] if spec is None else [wrapper.name for wrapper in spec.additional_wrappers]
    parts = [type(agent).__name__, agent.settings(), spec and spec.id, spec and spec.kwargs, wrappers]
    text = json.dumps(parts, sort_keys=True, default=lambda value: type(value).__name__)
    return sha256(text.encode()).hexdigest()[:16]
