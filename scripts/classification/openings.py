"""How often a test set has been opened: a record beside the data set.

Each command that prints a score on a test set appends one line per model before the score is shown: also
if the command is repeated or stopped. A test set is identified by its pictures and labels, so that another
split of the same data set is another test set. Scores of a test set that chose among models are too good;
`luck` says by how much at most.
"""

import csv
import io
import math
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import FileError
from cookie_jar.agents.files import FORMULA, append, read_text, write_table
from cookie_jar.scripts.common.console import printable

FILE = "openings.csv"
HEADER = ("time", "command", "run", "split", "model", "test_set")
DIGEST = re.compile("[0-9a-f]{12,64}")
OFTEN = 5  # models; from here on the message says what that does to the scores


class Openings(NamedTuple):
    """How often one test set was opened, and for how many different models."""

    times: int
    models: int


def digest(*arrays: NDArray[Any]) -> str:
    """Return 12 hexadecimal digits that identify arrays, such as a test set or the numbers of a model."""
    found = sha256()
    for array in arrays:
        found.update(f"{array.dtype.str} {array.shape}".encode())
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()[:12]


def record_opening(
    folder: Path, command: str, run: str, *, split: str, model: str, test_set: str
) -> Openings:
    """Append an opening to the record of a data set, and return the openings of this test set so far.

    Args:
        folder: The folder of the data set.
        command: The name of the command.
        run: The run, as given.
        split: The digest of the split.
        model: The digest of the model.
        test_set: The digest of the test set.

    Raises:
        FileError: If the record is damaged.
        OSError: If the record cannot be written.
    """
    file = folder / FILE
    rows = read_openings(file)
    if not rows and not file.exists():
        write_table(file, HEADER, [])
    now = datetime.now(UTC).isoformat(timespec="seconds")
    name = printable(run, 200)
    row = (now, command, f"./{name}" if name.startswith(FORMULA) else name, split, model, test_set)
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(row)
    append(file, line.getvalue().encode("utf-8", "replace"))
    same = [row for row in (*rows, row) if row[-1] == test_set]
    return Openings(len(same), len({row[-2] for row in same}))


def read_openings(file: Path) -> list[tuple[str, ...]]:
    """Return the rows of a record; none if there is no such file.

    Raises:
        FileError: If the file cannot be read, or is damaged.
    """
    if not file.exists() and not file.is_symlink():
        return []
    lines = list(csv.reader(io.StringIO(read_text(file).replace("\0", "\ufffd"), newline=""), strict=False))
    advice = "delete the line, or move the file away to count from 0"
    if not lines or tuple(lines[0]) != HEADER:
        raise FileError(f"{file}: line 1: expected {','.join(HEADER)}; move the file away to count from 0")
    for number, row in enumerate(lines[1:], 2):
        if len(row) != len(HEADER) or not all(map(DIGEST.fullmatch, row[-3:])):
            raise FileError(f"{file}: line {number}: expected {len(HEADER)} values of an opening; {advice}")
    return [tuple(row) for row in lines[1:]]


def luck(models: int, accuracy: float, pictures: int) -> float:
    """Return how much too good the best of several equal models scores by chance (expected value).

    This is the standard error times the expected maximum of independent normal variables (Blom 1958). Models
    that make the same mistakes differ less.

    Args:
        models: The number of models.
        accuracy: The accuracy of the models.
        pictures: The number of pictures in the test set.
    """
    if models < 2:
        return 0.0
    error = math.sqrt(accuracy * (1 - accuracy) / pictures)
    from scipy.special import ndtri  # slow to import

    return error * float(ndtri((models - 0.375) / (models + 0.25)))


def described(openings: Openings, accuracy: float, pictures: int) -> str:
    """Return a sentence on the openings, with a warning if the test set was opened for many models."""
    times = "once" if openings.times == 1 else f"{openings.times:,} times"
    models = "1 model" if openings.models == 1 else f"{openings.models:,} models"
    text = f"This test set has been opened {times}, for {models}."
    if openings.models < OFTEN:
        return text
    points = 100 * luck(openings.models, accuracy, pictures)
    return (
        f"{text} If you chose the best of them by this score, it is too good, by up to about {points:.1f} "
        "points: choose on the validation part, or test on new pictures."
    )
