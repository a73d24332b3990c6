"""losses.csv: the losses and accuracies of a classifier at the end of each epoch."""

import math
import re
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from .errors import FileError, NotFiniteError
from .files import read_text, write_atomically

MAX_BYTES = 1 << 24  # about 150,000 rows
WHOLE = re.compile("0|[1-9][0-9]{0,17}")
NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,20})?(?:e[+-]?[0-9]{1,3})?")
EXPECTED = "expected finite losses of at least 0, and accuracies from 0 to 1"


class LossRow(NamedTuple):
    """The scores of a classifier after a number of gradient steps.

    Attributes:
        step: The gradient steps so far.
        epoch: The epochs finished so far.
        training_loss: The mean cross-entropy in nats on the training part, or on a sample of that part.
        validation_loss: The mean cross-entropy in nats on the validation part.
        training_accuracy: The share of right answers on the training part, or on a sample of that part.
        validation_accuracy: The share of right answers on the validation part.
    """

    step: int
    epoch: int
    training_loss: float
    validation_loss: float
    training_accuracy: float
    validation_accuracy: float


class LossTable:
    """The scores of a classifier at increasing steps.

    Attributes:
        rows: The rows.
    """

    def __init__(self) -> None:
        self.rows: list[LossRow] = []

    @property
    def best(self) -> LossRow:
        """The row with the lowest validation loss (the first of equals), before any overfitting."""
        return min(self.rows, key=lambda row: row.validation_loss)

    def add(self, row: LossRow) -> None:
        """Append a row.

        Raises:
            NotFiniteError: If a number is not finite or not possible.
        """
        if not _possible(row):
            raise NotFiniteError(f"{EXPECTED}, got {row}; lower the learning rate")
        self.rows.append(row)

    def read(self, path: Path, number: int | None = None) -> None:
        """Append the rows of a file.

        Args:
            path: The file.
            number: The number of rows to append; later rows are ignored. By default, all.

        Raises:
            FileError: If the file cannot be read, or is not valid.
        """
        header, *lines = read_text(path, MAX_BYTES).replace("\r\n", "\n").split("\n")
        if header != ",".join(LossRow._fields):
            expected = ",".join(LossRow._fields)
            raise FileError(f"{path}, line 1: expected the columns {expected}, got {header!r:.120}")
        if not lines or lines.pop():
            raise FileError(f"{path}, line {len(lines) + 2}: expected a line break at the end")
        rows: list[LossRow] = []
        for line_number, line in enumerate(lines, 2):
            before = rows[-1].step if rows else -1
            rows.append(_row(f"{path}, line {line_number}", line, before))
        self.rows += rows[:number]

    def write(self, path: Path) -> None:
        """Write the file atomically."""
        write_atomically(path, self._text())

    @property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return sha256(self._text()).hexdigest()

    def _text(self) -> bytes:
        rows = [LossRow._fields, *(map(repr, row) for row in self.rows)]
        return "".join(f"{','.join(row)}\n" for row in rows).encode()


def _possible(row: LossRow) -> bool:
    losses, accuracies = (row.training_loss, row.validation_loss), row[4:]
    return all(math.isfinite(loss) and loss >= 0 for loss in losses) and all(
        0 <= accuracy <= 1 for accuracy in accuracies
    )


def _row(where: str, line: str, before: int) -> LossRow:
    """Return the checked values of a row.

    Args:
        where: The file and the line, for messages.
        line: The row.
        before: The step of the row before.
    """
    cells = line.split(",")
    step, epoch, *numbers = cells if len(cells) == len(LossRow._fields) else ["", ""]
    if not (WHOLE.fullmatch(step) and WHOLE.fullmatch(epoch) and all(map(NUMBER.fullmatch, numbers))):
        raise FileError(f"{where}: expected {len(LossRow._fields)} numbers, got {line!r:.120}")
    row = LossRow(int(step), int(epoch), *map(float, numbers))
    if row.step <= before:
        raise FileError(f"{where}: expected more than {before} steps, got {step}")
    if not _possible(row):
        raise FileError(f"{where}: {EXPECTED}, got {line!r:.120}")
    return row
