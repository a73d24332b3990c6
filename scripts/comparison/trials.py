"""Trials: one agent in one environment with one seed, and the record of each."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from cookie_jar.agents.errors import FileError
from cookie_jar.agents.files import parse_json
from cookie_jar.scripts.comparison.record_checks import check_record

RECORDS_FILE = "records.jsonl"  # of all records of a folder, one line each
MAX_ERROR = 10_000  # characters of the reason of a failure
NOT_RUN = "planned, but has not been run"  # the reason of a record that stands for a missing one
DIGITS = {True: 1, False: 3}  # decimals of scores in percent, and of scores that are returns
SMALLEST_SPAN = 1e-9  # of a scale from the random policy to the optimum


class Trial(NamedTuple):
    """The specification of one run: everything that determines its results.

    Attributes:
        env_id: Id of the environment.
        algorithm: A name in `algorithms.ALGORITHMS`.
        seed: Seeds the environment and the agent.
        timesteps: Environment steps to train for.
        settings: Hyperparameters that differ from the agent's defaults, and `env_kwargs`.
        n_evaluations: Number of evaluations during training, evenly spaced.
        variant: The values of the varied settings in a sweep, as text.
    """

    env_id: str
    algorithm: str
    seed: int
    timesteps: int
    settings: dict[str, Any]
    n_evaluations: int = 100
    variant: str = ""

    @property
    def key(self) -> str:
        """Sixteen hexadecimal digits that identify the trial: a hash of all its values."""
        return sha256(json.dumps(self, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """The trial as text."""
        variant = f" ({self.variant})" if self.variant else ""
        return f"{self.algorithm}{variant} in {self.env_id}, seed {self.seed}"


class EvaluationPoint(NamedTuple):
    """One evaluation of an agent during training. Times exclude the evaluations.

    Attributes:
        steps: Environment steps trained so far.
        seconds: Wall-clock time of training.
        cpu_seconds: Processor time of training.
        greedy: Expected return of the greedy policy.
        exploring: Expected return of the policy with its final exploration; NaN if not evaluated.
        success: Success probability of a greedy episode.
        length: Expected length of a greedy episode.
    """

    steps: int
    seconds: float
    cpu_seconds: float
    greedy: float
    exploring: float
    success: float
    length: float


class TrialRecord(NamedTuple):
    """The results of a trial.

    Attributes:
        trial: The trial.
        evaluations: The evaluations; the first is before training, the last at its end.
        random: Expected return of the uniformly random policy.
        optimum: Expected return of the optimal policy, or None if it is unknown.
        method: How the policies were evaluated, as text.
        peak_memory: Peak memory of the process in bytes, which may have run other seeds of the trial before;
            None if the process ran other trials.
        startup: Seconds until the process began to train: imports, tables, networks.
        made_with: The machine and the versions of the libraries.
        error: Why the trial failed, or None.
    """

    trial: Trial
    evaluations: list[EvaluationPoint]
    random: float
    optimum: float | None
    method: str = ""
    peak_memory: int | None = None
    startup: float = 0.0
    made_with: str = ""
    error: str | None = None

    @property
    def was_run(self) -> bool:
        """Whether the trial was run, and finished or failed."""
        return self.error != NOT_RUN

    @property
    def is_exact(self) -> bool:
        """Whether scores are in percent: the optimum is known, and better than the random policy."""
        return self.optimum is not None and self.optimum - self.random > SMALLEST_SPAN

    @property
    def digits(self) -> int:
        """The decimals of scores."""
        return DIGITS[self.is_exact]

    def scale(self, mean_return: float) -> float:
        """Return the score in percent: random 0, optimum 100; the return itself if there is no such scale."""
        if self.optimum is None or not self.is_exact:
            return mean_return
        return 100 * (mean_return - self.random) / (self.optimum - self.random)

    def to_json(self) -> str:
        """Return the record as one line of JSON, with the keys of `records.jsonl`."""
        record, trial = self._asdict(), self.trial._asdict()
        del record["trial"], record["evaluations"]
        fields = {
            "cell": {TRIAL_KEYS.get(name, name): value for name, value in trial.items()},
            "checks": [list(point) for point in self.evaluations],
        }
        return json.dumps(fields | {RECORD_KEYS.get(name, name): value for name, value in record.items()})

    @classmethod
    def from_json(cls, line: str, source: str = RECORDS_FILE) -> "TrialRecord":
        """Parse a line of `records.jsonl`, check all its values, and return the record.

        Args:
            line: The line.
            source: The file and the number of the line, for messages.

        Raises:
            FileError: If the line is not a valid record.
        """
        fields = parse_json(line, source, nan=True)
        try:
            trial = Trial(**_named(Trial, fields.pop("cell"), TRIAL_KEYS))
            points = [EvaluationPoint(*values) for values in fields.pop("checks")]
            record = cls(trial, points, **_named(cls, fields, RECORD_KEYS))
            check_record(record)
        except KeyError as error:
            raise FileError(f"{source}: expected a record with {error}") from None
        except (TypeError, AttributeError):
            raise FileError(
                f"{source}: expected the record of a run, with the keys of this version"
            ) from None
        except ValueError as error:
            raise FileError(f"{source}: {error}") from None
        return record


# Keys of `records.jsonl` that differ from the names of the fields; finished records depend on them.
TRIAL_KEYS = {"algorithm": "contender", "n_evaluations": "checks"}
RECORD_KEYS = {"method": "how"}


def _named(kind: Any, fields: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """Return values by the names of the fields of a NamedTuple.

    Raises:
        ValueError: If a key is unknown.
    """
    names = {keys.get(name, name): name for name in kind._fields}
    unknown = [key for key in fields if key not in names]
    if unknown:
        raise ValueError(f"expected the keys {', '.join(names)}, got {unknown[0]!r:.80}")
    return {names[key]: value for key, value in fields.items()}


def failed(trial: Trial, error: str) -> TrialRecord:
    """Return the record of a trial that failed."""
    return TrialRecord(trial, [], float("nan"), None, error=error[:MAX_ERROR])


def failures_text(records: Sequence[TrialRecord]) -> str:
    """Return how many runs failed and which, such as "1 run failed of 10: ppo in CookieJar-v0, seed 3".

    Planned runs that have not been made follow in the same form. The text is empty if there are neither.
    """
    failed_runs = [record.trial for record in records if record.error is not None and record.was_run]
    missing = [record.trial for record in records if not record.was_run]
    texts = []
    if failed_runs:
        verb = f"run{'s' * (len(failed_runs) > 1)} failed"
        texts.append(f"{len(failed_runs)} {verb} of {len(records)}: {_listed(failed_runs)}")
    if missing:
        verb = "has" if len(missing) == 1 else "have"
        planned = f"planned runs {verb} not been made"
        texts.append(f"{len(missing)} of {len(records)} {planned}: {_listed(missing)}")
    return "; ".join(texts)


def _listed(trials: Sequence[Trial]) -> str:
    """Return which trials these are, such as "ppo in CookieJar-v0, seeds 3, 4"."""
    seeds: dict[str, list[int]] = {}
    for trial in trials:
        seeds.setdefault(trial._replace(seed=0).name.removesuffix(", seed 0"), []).append(trial.seed)
    texts = [
        f"{name}, seed{'s' * (len(of) > 1)} {', '.join(map(str, of[:20]))}" for name, of in seeds.items()
    ]
    return "; ".join(texts)
