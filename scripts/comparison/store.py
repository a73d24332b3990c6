"""What came of one cell of a contest: an agent, an environment and a seed; and where cells are kept."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cookie_jar.agents import runs
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord

RUNS = "runs"  # the memories of all cells, each a folder that `watch` can show


TRIAL_FILE = "cell"  # beside a memory: the key of the cell that it comes from

RECORDS_FILE = "records.jsonl"


class Store:
    """The records of a folder: lines that are added, never changed. What a crash has torn is skipped.

    Args:
        folder: is made when the first record comes.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / RECORDS_FILE

    def read(self) -> dict[str, TrialRecord]:
        """The finished cells by their keys; a failed one is none."""
        records = {record.trial.key: record for record in self._lines()}
        return {key: record for key, record in records.items() if record.error is None}

    def add(self, records: Iterable[TrialRecord]) -> None:
        """Write down records, safe on the disk when this returns."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+b") as file:
            if file.seek(0, os.SEEK_END) and self._ends_torn(file):
                file.write(b"\n")
            file.write("".join(f"{record.to_json()}\n" for record in records).encode())
            file.flush()
            os.fsync(file.fileno())

    @staticmethod
    def _ends_torn(file: Any) -> bool:
        file.seek(-1, os.SEEK_END)
        return bool(file.read(1) != b"\n")

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
    """The finished records of a contest or a sweep.

    Raises:
        UsageError: there are none.
    """
    records = list(Store(folder).read().values())
    if not records:
        raise UsageError(f"{folder}: expected a folder with {RECORDS_FILE}, as `compare` and `sweep` make it")
    return records


def merged(settings: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with others in their place, by name in order, so that equal ones have equal keys."""
    return dict(sorted((dict(settings) | dict(more)).items()))


def run_folder(folder: Path, trial: Trial) -> Path:
    """Where the memory of a cell is kept."""
    return folder / RUNS / runs.default_name(trial.env_id, trial.algorithm, trial.seed)


def finished_records(trials: Sequence[Trial], store: Store) -> list[TrialRecord]:
    """The records of those cells that are finished."""
    keys = {trial.key for trial in trials}
    return [record for key, record in store.read().items() if key in keys]
