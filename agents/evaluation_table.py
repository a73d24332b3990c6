"""evaluations.csv: evaluations of an agent at increasing steps."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from .errors import AgentError, FileError, NotFiniteError
from .exact import Evaluation
from .files import read_text, write_atomically
from .monitor import Extent

FIELDS = ("happiness", "success", "length")  # the fields of an evaluation in files
HEADER = ("steps", "happiness", "percent_of_possible", "success", "length")
SAMPLED, UNSEEN, UNSEEN_SAMPLED = "sampled", "unseen", "unseen_sampled"  # further columns of returns
FURTHER = (SAMPLED, UNSEEN, UNSEEN_SAMPLED)  # with action probabilities, and in levels not learned from

MAX_BYTES = 1 << 21  # about 20,000 evaluations
STEPS = re.compile("0|[1-9][0-9]{0,17}")
NUMBER = re.compile(r"nan|-?(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,20})?(?:e[+-]?[0-9]{1,3})?")
ROUNDING = 1e-9  # by which a computed probability may exceed 1
EXPECTED = "expected an evaluation with finite returns and a success from 0 to 1"


class EvaluationTable:
    """Evaluations of an agent at increasing steps.

    Attributes:
        steps: The steps at each evaluation.
        greedy: The evaluations of the greedy policy.
        percent: The mean return at each evaluation in percent: 0 is the random policy, 100 the optimum.
        further: Further mean returns at each evaluation, by column.
    """

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.greedy: list[Evaluation] = []
        self.percent: list[float] = []
        self.further: dict[str, list[float]] = {}

    def add(self, steps: int, greedy: Evaluation, percent: float, further: dict[str, float]) -> None:
        """Append an evaluation.

        Raises:
            AgentError: If the further columns are not those of earlier evaluations.
            NotFiniteError: If a number is not finite or not possible.
        """
        if not _possible(greedy, percent, further.values()):
            raise NotFiniteError(f"{EXPECTED}, got {greedy}, {further}")
        if self.steps and further.keys() != self.further.keys():
            raise AgentError(
                f"evaluations: expected the columns {', '.join((*HEADER, *self.further))} as before, "
                f"got {', '.join((*HEADER, *further))}; to continue with a new record, add --discard-record"
            )
        self.steps.append(steps)
        self.greedy.append(greedy)
        self.percent.append(percent)
        for name, mean_return in further.items():
            self.further.setdefault(name, []).append(mean_return)

    def read(self, path: Path, until: float = math.inf) -> None:
        """Append the evaluations of a file up to a number of steps.

        Raises:
            FileError: If the file cannot be read, or is not valid.
        """
        header, *lines = read_text(path, MAX_BYTES).replace("\r\n", "\n").split("\n")
        columns = header.split(",")
        further = columns[len(HEADER) :]
        if columns != [*HEADER, *(name for name in FURTHER if name in further)]:
            raise FileError(f"{path}, line 1: expected the columns {','.join(HEADER)}, got {header!r:.120}")
        if not lines or lines.pop():
            raise FileError(f"{path}, line {len(lines) + 2}: expected a line break at the end")
        rows: list[tuple[int, Evaluation, float, dict[str, float]]] = []
        for number, line in enumerate(lines, 2):
            before = rows[-1][0] if rows else -1
            rows.append(_row(f"{path}, line {number}", line, before, further))
        for row in rows:
            if row[0] <= until:
                self.add(*row)

    def check_percent(self, path: Path) -> None:
        """Check that percent is a linear function of the mean return, as in a run with one evaluator.

        Raises:
            FileError: If a row differs.
        """
        if not self.steps:
            return
        returns = np.array([score.mean_return for score in self.greedy])
        percent = np.array(self.percent)
        low, high = returns.argmin(), returns.argmax()
        span = returns[high] - returns[low]
        slope = (percent[high] - percent[low]) / span if span > 0 else 0.0
        expected = percent[low] + slope * (returns - returns[low])
        good = np.isclose(percent, expected, rtol=1e-6, atol=1e-6, equal_nan=True)
        if not good.all():
            row = int(good.argmin())
            raise FileError(
                f"{path}, line {row + 2}: expected {expected[row]:.6g} percent of possible, "
                f"as in other rows, got {percent[row]:.6g}"
            )

    def write(self, path: Path) -> None:
        """Write the file atomically."""
        write_atomically(path, "".join(self.lines()).encode())

    def lines(self) -> list[str]:
        """Return the lines of the file."""
        columns = zip(self.steps, self.greedy, self.percent, *self.further.values(), strict=True)
        rows = [
            (steps, *map(float, (score.mean_return, percent, *score[1:], *further)))
            for steps, score, percent, *further in columns
        ]
        return [f"{','.join((*HEADER, *self.further))}\n", *(f"{','.join(map(repr, row))}\n" for row in rows)]

    @property
    def extent(self) -> Extent:
        """The extent of all rows."""
        text = "".join(self.lines()).encode()
        return Extent(len(self.steps), len(text), sha256(text).hexdigest())

    def played(self, next_snapshot: Callable[[int], int]) -> tuple[int, str]:
        """Return number and digest of the evaluations at snapshots, which are the same for the same seed.

        Args:
            next_snapshot: Returns the steps of the next snapshot after a number of steps.
        """
        _, *lines = self.lines()
        befores = [-1, *self.steps]
        kept = [
            line
            for line, before, steps in zip(lines, befores, self.steps, strict=False)
            if before < 0 or next_snapshot(before) <= steps
        ]
        return len(kept), sha256("".join(kept).encode()).hexdigest()


def _possible(evaluation: Evaluation, percent: float, further: Iterable[float]) -> bool:
    """Return whether an evaluation can be; success and percent are NaN where they are not defined."""
    mean_return, success, length = evaluation
    finite = all(map(math.isfinite, (mean_return, length, *further))) and not math.isinf(percent)
    return finite and length >= 0 and (math.isnan(success) or 0 <= success <= 1 + ROUNDING)


def _row(
    where: str, line: str, before: int, further: Sequence[str]
) -> tuple[int, Evaluation, float, dict[str, float]]:
    """Return the checked values of a row.

    Args:
        where: The file and the line, for messages.
        line: The row.
        before: The steps of the row before.
        further: The further columns.
    """
    steps, *cells = line.split(",")
    whole = len(cells) == len(HEADER) - 1 + len(further) and STEPS.fullmatch(steps)
    if not whole or not all(map(NUMBER.fullmatch, cells)):
        raise FileError(f"{where}: expected {len(HEADER) + len(further)} numbers, got {line!r:.120}")
    mean_return, percent, success, length, *returns = map(float, cells)
    if int(steps) <= before:
        raise FileError(f"{where}: expected more than {before} steps, got {steps}")
    evaluation = Evaluation(mean_return, success, length)
    if not _possible(evaluation, percent, returns):
        raise FileError(f"{where}: {EXPECTED}, got {line!r:.120}")
    return int(steps), evaluation, percent, dict(zip(further, returns, strict=True))
