"""The folder of a comparison or a sweep: the records of finished trials and the runs of their agents."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from cookie_jar.agents import runs
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord

RECORDS_FILE = "records.jsonl"
RUNS = "runs"  # subfolder of the saved agents, each in the folder of a run
TRIAL_FILE = "cell"  # file in the folder of a run with the key of its trial


class Store:
    """The records of a folder, one line each; lines are appended, never changed.

    Args:
        folder: The folder; created when the first record is added.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / RECORDS_FILE

    def read(self) -> dict[str, TrialRecord]:
        """Return the finished trials by key, without failed ones; invalid lines are skipped."""
        records = {record.trial.key: record for record in self._lines()}
        return {key: record for key, record in records.items() if record.error is None}

    def select(self, trials: Sequence[Trial]) -> list[TrialRecord]:
        """Return the records of those trials that are finished."""
        keys = {trial.key for trial in trials}
        return [record for key, record in self.read().items() if key in keys]

    def add(self, records: Iterable[TrialRecord]) -> None:
        """Append records, and flush them to disk."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+b") as file:
            if file.seek(0, os.SEEK_END) and self._ends_torn(file):
                file.write(b"\n")
            file.write("".join(f"{record.to_json()}\n" for record in records).encode())
            file.flush()
            os.fsync(file.fileno())

    @staticmethod
    def _ends_torn(file: IO[bytes]) -> bool:
        """Return whether the last line is incomplete, as after a crash."""
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"

    def _lines(self) -> Iterator[TrialRecord]:
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    yield TrialRecord.from_json(line)
                except (ValueError, KeyError, TypeError, RecursionError):
                    continue


def read_folder(folder: Path) -> list[TrialRecord]:
    """Return the finished records of a comparison or a sweep.

    Raises:
        UsageError: If there are none.
    """
    records = list(Store(folder).read().values())
    if not records:
        raise UsageError(
            f"{folder}: expected a folder with {RECORDS_FILE}, as created by `compare` or `sweep`"
        )
    return records


def trial_folder(folder: Path, trial: Trial) -> Path:
    """Return the folder where the agent of a trial is saved."""
    return folder / RUNS / runs.default_name(trial.env_id, trial.algorithm, trial.seed)
