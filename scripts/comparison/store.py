"""The folder of a comparison or a sweep: the records of finished trials and the runs of their agents."""

import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from cookie_jar.agents import runs
from cookie_jar.agents.errors import FileError
from cookie_jar.agents.files import delete, read_bytes, read_text, write_to_disk
from cookie_jar.agents.held import named, patiently
from cookie_jar.agents.moving import make_folder
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison.trials import RECORDS_FILE, Trial, TrialRecord

MAX_BYTES, MAX_LINE = 1 << 28, 1 << 25  # of the file of records, and of one of its lines
MAX_MARK = 100
RUNS = "runs"  # subfolder of the saved agents, each in the folder of a run
TRIAL_FILE = "cell"  # file in the folder of a run with the key of its trial


class Store:
    """The records of a folder, one line each; lines are appended, never changed.

    Args:
        folder: The folder; created when the first record is added.

    Attributes:
        notes: Messages about lines that the last reading has skipped.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / RECORDS_FILE
        self.notes: list[str] = []

    def read(self) -> dict[str, TrialRecord]:
        """Return the finished trials by key, without failed ones; see `outcomes`."""
        return {key: record for key, record in self.outcomes().items() if record.error is None}

    def outcomes(self) -> dict[str, TrialRecord]:
        """Return the last record of each trial by key; a failure does not replace a finished trial.

        Lines that a crash has cut off are skipped with a note: their trials are run again.

        Raises:
            FileError: If the file cannot be read, or another line is not a valid record.
        """
        records: dict[str, TrialRecord] = {}
        for record in self._lines():
            key = record.trial.key
            if record.error is None and key in records and records[key].error is None:
                self.notes.append(f"{self._path}: {record.trial.name} has two records; the later is used")
            if record.error is None or key not in records or records[key].error is not None:
                records[key] = record
        return records

    def select(self, trials: Sequence[Trial]) -> list[TrialRecord]:
        """Return the records of those trials that are finished or failed."""
        keys = {trial.key for trial in trials}
        return [record for key, record in self.outcomes().items() if key in keys]

    def add(self, records: Iterable[TrialRecord]) -> None:
        """Append records, and flush them to disk."""
        lines = "".join(f"{record.to_json()}\n" for record in records).encode()
        make_folder(self._path.parent)
        file = patiently(self._path, lambda: self._path.open("a+b"))
        try:
            write_to_disk(file, b"\n" * self._ends_torn(file) + lines)
        except OSError as error:
            raise named(error, self._path) from None

    def keep(self, record: TrialRecord) -> None:
        """Keep the record of a trial in the folder of its agent until its chunk ends; called in a worker."""
        Store(trial_folder(self._folder, record.trial)).add([record])

    def add_kept(self, trials: Iterable[Trial]) -> None:
        """Add the records that workers have kept of these trials, whose chunks were never added."""
        found = [Store(trial_folder(self._folder, trial)).read().get(trial.key) for trial in trials]
        if kept := [record for record in found if record is not None]:
            self.add(kept)
            self.drop_kept(record.trial for record in kept)

    def drop_kept(self, trials: Iterable[Trial]) -> None:
        """Delete the records that workers have kept of these trials."""
        for trial in trials:
            delete(trial_folder(self._folder, trial) / RECORDS_FILE)

    @staticmethod
    def _ends_torn(file: IO[bytes]) -> bool:
        """Return whether the last line is incomplete, as after a crash."""
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"

    def _lines(self) -> Iterator[TrialRecord]:
        self.notes = []
        if not os.path.lexists(self._path):
            return
        for number, line in enumerate(io.BytesIO(read_bytes(self._path, MAX_BYTES)), start=1):
            source = f"{self._path}, line {number:,}"
            if len(line) > MAX_LINE:
                raise FileError(f"{source}: expected at most {MAX_LINE:,} bytes, got {len(line):,}")
            if line.strip():
                try:
                    yield _parse(line, source)
                except FileError as error:
                    if not _is_torn(line):
                        raise FileError(f"{error}; delete the line to run its trial again") from None
                    self.notes.append(f"{source}: skipped, because a crash has cut it off")


def _parse(line: bytes, source: str) -> TrialRecord:
    """Return the record in a line.

    Raises:
        FileError: If the line is not a valid record.
    """
    try:
        return TrialRecord.from_json(line.decode("utf-8-sig"), source)
    except UnicodeDecodeError:
        raise FileError(f"{source}: expected text in UTF-8") from None


def _is_torn(line: bytes) -> bool:
    """Return whether a line is the beginning of a record, or bytes that were never written."""
    outside_strings = re.sub(rb'"(?:[^"\\]|\\.)*"?', b"", line)
    opened, closed = (sum(map(outside_strings.count, pair)) for pair in ((b"{", b"["), (b"}", b"]")))
    return (line.startswith(b"{") and opened > closed) or not line.strip(b"\0\r\n")


def read_folder(folder: Path, note: Callable[[str], None] = lambda text: None) -> list[TrialRecord]:
    """Return the records of a comparison or a sweep, including those of failed trials.

    Args:
        folder: The folder.
        note: Called with each message about a skipped line.

    Raises:
        UsageError: If there are none.
        FileError: If the records are damaged.
    """
    store = Store(folder)
    records = list(store.outcomes().values())
    for text in store.notes:
        note(text)
    if not records:
        raise UsageError(
            f"{folder}: expected a folder with {RECORDS_FILE}, as created by `compare` or `sweep`"
        )
    return records


def trial_folder(folder: Path, trial: Trial) -> Path:
    """Return the folder where the agent of a trial is saved."""
    return folder / RUNS / runs.default_name(trial.env_id, trial.algorithm, trial.seed)


def trial_mark(folder: Path) -> str | None:
    """Return the key of the trial whose agent is in a folder, or None if there is no such mark."""
    try:
        return read_text(folder / TRIAL_FILE, MAX_MARK).strip()
    except FileError:
        return None
