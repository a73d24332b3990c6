"""The folder of a data set on the command line, and the record of the runs that were trained on it."""

import argparse
import csv
import errno
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from cookie_jar.agents import FileError
from cookie_jar.agents.files import read_text, write_table
from cookie_jar.scripts.common.argument_types import parent_folder
from cookie_jar.scripts.common.console import UsageError, printable
from cookie_jar.scripts.common.dataset import DATA, OPENINGS_FILE, RUNS_FILE

HEADER = ["time", "run", "split"]
NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)
SHOWN = 3  # runs in a message
REPAIR = "restore the file, or rename it to begin a new record"


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add the argument DATA."""
    parser.add_argument(
        "data", nargs="?", type=parent_folder, default=DATA, metavar="DATA",
        help="the folder of the data set (default: %(default)s)",
    )  # fmt: skip


def data_words(folder: Path) -> list[Path]:
    """Return the words that name a data set in a suggested command."""
    return [] if folder == DATA else [folder]


def record_run(folder: Path, run: Path, split: str) -> None:
    """Record that a run is trained on a split; a data set that cannot be written cannot be changed either.

    Args:
        folder: The folder of the data set.
        run: The folder of the run.
        split: The digest of the split.

    Raises:
        FileError, OSError: If the record is damaged or cannot be written.
    """
    rows = _rows(folder / RUNS_FILE)
    if any(row[1:3] == [str(run), split] for row in rows):
        return
    now = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        write_table(folder / RUNS_FILE, HEADER, [*rows, [now, str(run), split]])
    except OSError as error:
        if error.errno not in NOT_WRITABLE:
            raise


def check_unused(folder: Path, split: str) -> None:
    """Check that no run was trained on a split, and that its test set was not opened.

    Raises:
        UsageError: If it was used.
        FileError: If a record is damaged.
    """
    runs = [row[1] for row in _rows(folder / RUNS_FILE) if row[2] == split]
    if runs:
        names = ", ".join(printable(run, 80) for run in dict.fromkeys(runs[-SHOWN:]))
        raise UsageError(
            f"{folder}: {names} learned from this split, and another one would mix training and test "
            "pictures: add --overwrite to replace it"
        )
    if any(split in row for row in _rows(folder / OPENINGS_FILE)):
        raise UsageError(f"{folder}: the test set of this split was opened: add --overwrite to replace it")


def _rows(path: Path) -> list[list[str]]:
    """Return the rows of a record without the header; none if there is no such file."""
    if not path.exists():
        return []
    try:
        rows = list(csv.reader(StringIO(read_text(path)), strict=True))
    except FileError as error:
        raise FileError(f"{error}; {REPAIR}") from None
    except csv.Error as error:
        raise FileError(f"{path}: expected a csv file; {error}; {REPAIR}") from None
    for line, row in enumerate(rows, 1):
        if len(row) < len(HEADER):
            found = f"expected {len(HEADER)} values, got {len(row)}"
            raise FileError(f"{path}, line {line}: {found}; {REPAIR}")
    return rows[1:]
