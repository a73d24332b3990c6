"""The table of a run's evaluations, and its csv file."""

import csv
from pathlib import Path

from .evaluation import Evaluator
from .exact import Evaluation
from .files import write_table

FIELDS = ("happiness", "success", "length")  # the fields of an evaluation in files
HEADER = ("steps", "happiness", "percent_of_possible", "success", "length")


class EvaluationTable:
    """Evaluations of an agent at increasing steps.

    Attributes:
        steps: The steps at each evaluation.
        greedy: The evaluations of the greedy policy.
        further: Further mean returns at each evaluation, by column.
    """

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.greedy: list[Evaluation] = []
        self.further: dict[str, list[float]] = {}

    def add(self, steps: int, greedy: Evaluation, further: dict[str, float]) -> None:
        """Append an evaluation."""
        self.steps.append(steps)
        self.greedy.append(greedy)
        for name, mean_return in further.items():
            self.further.setdefault(name, []).append(mean_return)

    def read(self, path: Path, until: int) -> None:
        """Append the evaluations of a file up to a number of steps."""
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            if int(row["steps"]) <= until:
                greedy = Evaluation(*(float(row[name]) for name in FIELDS))
                further = {name: float(row[name]) for name in row if name not in HEADER}
                self.add(int(row["steps"]), greedy, further)

    def write(self, path: Path, evaluator: Evaluator) -> None:
        """Write the file atomically."""
        rows = [
            (steps, score.mean_return, evaluator.percent(score.mean_return), *score[1:], *further)
            for steps, score, *further in zip(self.steps, self.greedy, *self.further.values(), strict=True)
        ]
        write_table(path, (*HEADER, *self.further), rows)
