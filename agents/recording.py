"""Writing the record of a run: see `record`."""

import json
import os
import time
from array import array
from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from .base import Agent
from .errors import FileError
from .evaluation_table import EvaluationTable
from .files import delete, write_atomically
from .monitor import Monitor
from .record import (
    EVALUATIONS_FILE,
    MONITOR_FILE,
    RECORD_FILE,
    Save,
    note,
    read_record,
    write_saves,
)


class Recording:
    """The record of a run that is being written.

    Args:
        folder: The folder of the run.
        env_id: The id of the environment.
        run: The identity of the run, as from `identity`.
        next_snapshot: Returns the steps of the next snapshot after a number of steps.

    Attributes:
        table: The evaluations.
        ends: The step at which each episode ended.
        returns: The return of each episode.
        seconds: Seconds of training at the end of the last episode before the run was resumed.
    """

    def __init__(self, folder: Path, env_id: str, run: str, next_snapshot: Callable[[int], int]) -> None:
        self._folder, self._env_id, self._run, self._next_snapshot = folder, env_id, run, next_snapshot
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
        for name in (MONITOR_FILE, EVALUATIONS_FILE, RECORD_FILE):
            path = self._folder / name
            names = (path.with_name(f"{name}.discarded{number or ''}") for number in count())
            if os.path.lexists(path):
                path.rename(next(new for new in names if not os.path.lexists(new)))

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
        self._extend(found.episodes.returns, found.episodes.lengths)
        if self.ends:
            self.seconds = float(found.episodes.seconds[-1])
        return data

    def restore(self, data: bytes) -> None:
        """Write monitor.csv anew with the contents that `read` returned."""
        write_atomically(self._folder / MONITOR_FILE, data)

    def add_episodes(self, returns: Sequence[float], lengths: Sequence[int], seconds: float) -> None:
        """Write episodes that ended after some seconds of training.

        Raises:
            NotFiniteError: If a return is not finite.
            OSError: If the file cannot be written.
        """
        self._monitor.write(returns, lengths, seconds)
        self._extend(returns, lengths)

    def save(self, steps: int) -> dict[str, Any]:
        """Write the evaluations and the extents, and return the note for the description of the agent."""
        self.table.write(self._folder / EVALUATIONS_FILE)
        self._saves[steps] = Save(self._monitor.extent, self.table.extent)
        write_saves(self._folder, self._saves)
        return note(self._run, steps, self._monitor, self.table.played(self._next_snapshot))

    def _extend(self, returns: Any, lengths: Any) -> None:
        before = self.ends[-1] if self.ends else self.table.steps[0]  # a new record may begin at any step
        self.ends.extend((before + np.cumsum(lengths, dtype=np.int64)).tolist())
        self.returns.extend(np.asarray(returns, float).tolist())


def identity(agent: Agent) -> str:
    """Return a short hash of an agent's class, hyperparameters and environment, the same for equal runs."""
    spec = agent.env.spec
    wrappers = [] if spec is None else [wrapper.name for wrapper in spec.additional_wrappers]
    parts = [type(agent).__name__, agent.settings(), spec and spec.id, spec and spec.kwargs, wrappers]
    text = json.dumps(parts, sort_keys=True, default=lambda value: type(value).__name__)
    return sha256(text.encode()).hexdigest()[:16]
