"""Trials: one agent in one environment with one seed, and the record of each."""

import json
from hashlib import sha256
from typing import Any, NamedTuple

from cookie_jar.scripts.comparison.algorithms import CONTENDERS


class Cell(NamedTuple):
    """One run of a contest, before it is run: all that decides what comes out.

    Attributes:
        env_id: of the environment.
        contender: who learns, one of `contenders.CONTENDERS`.
        seed: of all randomness.
        timesteps: to learn from.
        settings: hyperparameters that are not the agent's defaults, and `env_kwargs`.
        checks: how often it is judged, at equal distances.
        variant: the part of the settings that a sweep varies, in words.
    """

    env_id: str
    contender: str
    seed: int
    timesteps: int
    settings: dict[str, Any]
    checks: int = 100
    variant: str = ""

    @property
    def key(self) -> str:
        """Sixteen characters that differ when anything differs."""
        return sha256(json.dumps(self, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """The cell in words."""
        variant = f" ({self.variant})" if self.variant else ""
        return f"{self.contender}{variant} in {self.env_id}, seed {self.seed}"


class Check(NamedTuple):
    """An agent judged after so many steps; seconds are those of learning alone.

    Attributes:
        steps: learned from.
        seconds: by the clock.
        cpu_seconds: of the processor.
        greedy: expected happiness of the greedy policy.
        exploring: the same of the policy as it explores in the end; not a number where it was not judged.
        success: probability that a greedy episode ends well.
        length: expected actions of a greedy episode.
    """

    steps: int
    seconds: float
    cpu_seconds: float
    greedy: float
    exploring: float
    success: float
    length: float


class Record(NamedTuple):
    """A cell and what came of it.

    Attributes:
        cell: what was run.
        checks: the agent judged on its way, the first untrained, the last at the end.
        random: expected happiness of acting at random.
        optimum: of the best behaviour, or None where it is not known.
        how: it was judged, in words.
        peak_memory: bytes that the process held at most; None where that is not measured for each cell.
        startup: seconds until learning began: imports, tables, networks.
        made_with: machine and versions.
        error: what went wrong, or None.
    """

    cell: Cell
    checks: list[Check]
    random: float
    optimum: float | None
    how: str = ""
    peak_memory: int | None = None
    startup: float = 0.0
    made_with: str = ""
    error: str | None = None

    def scale(self, happiness: float) -> float:
        """Per cent of what is possible: random 0, optimum 100; happiness itself without an optimum."""
        if self.optimum is None or self.optimum == self.random:
            return happiness
        return 100 * (happiness - self.random) / (self.optimum - self.random)

    def to_json(self) -> str:
        """One line."""
        return json.dumps(
            self._asdict() | {"cell": self.cell._asdict(), "checks": [list(check) for check in self.checks]}
        )

    @classmethod
    def from_json(cls, line: str) -> "Record":
        """The record that a line holds.

        Raises:
            ValueError, KeyError, TypeError: it holds none.
        """
        data = json.loads(line)
        data["cell"] = Cell(**data["cell"])
        data["checks"] = [Check(int(steps), *map(float, rest)) for steps, *rest in data["checks"]]
        record = cls(**data)
        if not _is_sound(record):
            raise ValueError("expected a cell of a known contender, and checks")
        return record


def _is_sound(record: Record) -> bool:
    """Whether all parts are of the kinds that they should be: the line may come from anybody."""
    cell = record.cell
    words = (cell.env_id, cell.contender, cell.variant, record.how, record.made_with)
    whole = (cell.seed, cell.timesteps, cell.checks, record.peak_memory or 0)
    numbers = (record.random, record.startup, 0 if record.optimum is None else record.optimum)
    return (
        all(isinstance(word, str) for word in words)
        and cell.contender in CONTENDERS
        and all(isinstance(number, int) for number in whole)
        and all(isinstance(number, (int, float)) for number in numbers)
        and isinstance(cell.settings, dict)
        and (record.error is not None or len(record.checks) > 0)
    )


def failed(cell: Cell, error: str) -> Record:
    """The record of a cell of which nothing came."""
    return Record(cell, [], float("nan"), None, error=error)
