"""The record of a run: which rows of monitor.csv and evaluations.csv belong to a saved agent.

The description of a saved agent holds the number and the digest of what is the same for the same seed: the
returns, lengths and ends of episodes, and the evaluations at snapshots. `record.json` holds the number, the
length and the digest of all rows at each save; these also depend on the clock and on interruptions.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .errors import FileError
from .evaluation_table import EvaluationTable
from .files import read_json, write_atomically
from .memory import read_memory
from .monitor import MAX_BYTES, MAX_ROW_BYTES, Episodes, Extent, Monitor, read_episodes

AGENT_FILE = "agent.safetensors"
MONITOR_FILE = "monitor.csv"  # training episodes, in the format of Stable-Baselines3
EVALUATIONS_FILE = "evaluations.csv"
RECORD_FILE = "record.json"  # the rows of both that belong to each saved agent
LOSSES_FILE = "losses.csv"  # of a classifier
BEST_FILE = "best.safetensors"  # the best epoch of a classifier

NOTE = "record"  # key in the notes of an agent


class Claim(NamedTuple):
    """What the description of a saved agent says about its record.

    Attributes:
        steps: The steps of the agent.
        rows: The number of episodes in monitor.csv.
        played: The digest of their returns and lengths; empty in files of earlier versions.
        checks: Number and digest of the evaluations at snapshots; None in files of earlier versions.
    """

    steps: int
    rows: int
    played: str = ""
    checks: tuple[int, str] | None = None


class Save(NamedTuple):
    """The extents of the csv files at a save."""

    monitor: Extent
    evaluations: Extent


class Record(NamedTuple):
    """The record of a run.

    Attributes:
        episodes: The training episodes.
        table: The evaluations.
        saves: The extents at each save, by steps.
    """

    episodes: Episodes
    table: EvaluationTable
    saves: dict[int, Save]


def note(run: str, steps: int, monitor: Monitor, checks: tuple[int, str]) -> dict[str, Any]:
    """Return what is noted in the description of an agent.

    Args:
        run: The identity of the run.
        steps: The steps of the agent.
        monitor: The monitor.
        checks: Number and digest of the evaluations at snapshots.
    """
    return {
        "run": run,
        "steps": steps,
        "episodes": {"rows": monitor.rows, "sha256": monitor.played},
        "evaluations": {"rows": checks[0], "sha256": checks[1]},
    }


def read_record(
    folder: Path, next_snapshot: Callable[[int], int] | None = None, whole: bool = True
) -> Record:
    """Read the record of a run, and check that its rows belong to the saved agent.

    Args:
        folder: The folder of the run.
        next_snapshot: Returns the steps of the next snapshot; None to leave out the check of evaluations that
            needs it.
        whole: Whether to read also the rows after those of the saved agent, for example of a running process.

    Raises:
        FileError: If a file cannot be read, is not valid, or does not belong to the saved agent.
    """
    _, description = read_memory(folder / AGENT_FILE)
    claim = read_claim(folder / AGENT_FILE, description)
    path = folder / MONITOR_FILE
    if not path.exists():
        raise FileError(f"{path}: not found; expected a run that `train` created")
    max_bytes = max(MAX_BYTES, claim.rows * MAX_ROW_BYTES)
    episodes = read_episodes(path, None if whole else claim.rows, max_bytes)
    own, monitor = episodes.first(claim.rows), Monitor(path)
    monitor.take(own)
    if monitor.rows < claim.rows:
        raise FileError(f"{path}: expected {claim.rows:,} rows of episodes, got {monitor.rows:,}")
    if claim.played not in ("", monitor.played):
        raise _differs(path, claim, claim.rows)
    if max(int(own.lengths.sum()), *own.ends[-1:].tolist(), 0) > claim.steps:
        raise FileError(f"{path}: expected episodes within {claim.steps:,} steps, got later ones")
    table = EvaluationTable()
    table.read(folder / EVALUATIONS_FILE, claim.steps)
    if next_snapshot is not None and claim.checks not in (None, table.played(next_snapshot)):
        raise _differs(folder / EVALUATIONS_FILE, claim, len(table.steps))
    if claim.checks is None:
        table.check_percent(folder / EVALUATIONS_FILE)
    saves = _checked_saves(folder, claim, monitor.extent, table.extent)
    if whole:
        table = EvaluationTable()
        table.read(folder / EVALUATIONS_FILE)
    return Record(episodes, table, saves)


def read_claim(path: Path, description: Mapping[str, Any]) -> Claim:
    """Return what the description of a saved agent says about its record.

    Raises:
        FileError: If the agent was saved after its record ended, or the description is not valid.
    """
    steps, episodes = description.get("num_timesteps"), description.get("num_episodes")
    try:
        noted = description["notes"].get(NOTE)
        if noted is None:
            return Claim(_count(steps), _count(episodes))
        played, checks = noted["episodes"], noted["evaluations"]
        claim = Claim(
            _count(noted["steps"]),
            _count(played["rows"]),
            str(played["sha256"]),
            (_count(checks["rows"]), str(checks["sha256"])),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise FileError(f"{path}: the description of the record is damaged; {error!r:.200}") from None
    if claim.steps != steps:
        raise FileError(f"{path}: expected a record of {steps!r:.30} steps, got one of {claim.steps:,}")
    return claim


def write_saves(folder: Path, saves: Mapping[int, Save]) -> None:
    """Write record.json."""
    values = {
        str(steps): {name: extent._asdict() for name, extent in save._asdict().items()}
        for steps, save in saves.items()
    }
    write_atomically(folder / RECORD_FILE, json.dumps(values, indent=1).encode())


def read_saves(path: Path) -> dict[int, Save]:
    """Return the extents at each save, by steps.

    Raises:
        FileError: If the file cannot be read, or is not valid.
    """
    found = read_json(path)
    try:
        return {
            _steps(steps): Save(**{k: _extent(v) for k, v in save.items()}) for steps, save in found.items()
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise FileError(f"{path}: expected the extents of csv files by steps; {error!r:.200}") from None


def _checked_saves(folder: Path, claim: Claim, monitor: Extent, evaluations: Extent) -> dict[int, Save]:
    """Return the extents up to the saved agent, after comparing the last; empty in earlier versions."""
    path = folder / RECORD_FILE
    if claim.checks is None and not path.exists():
        return {}
    saves = {steps: save for steps, save in read_saves(path).items() if steps <= claim.steps}
    if claim.steps not in saves:
        raise FileError(f"{path}: expected the record of an agent after {claim.steps:,} steps, got others")
    for name, expected, found in (
        (MONITOR_FILE, saves[claim.steps].monitor, monitor),
        (EVALUATIONS_FILE, saves[claim.steps].evaluations, evaluations),
    ):
        if expected.rows != found.rows:
            raise FileError(
                f"{folder / name}: expected {expected.rows:,} rows that belong to the saved agent "
                f"({claim.steps:,} steps), got {found.rows:,}"
            )
        if expected != found:
            raise _differs(folder / name, claim, expected.rows)
    return saves


def _differs(path: Path, claim: Claim, rows: int) -> FileError:
    return FileError(
        f"{path}: expected the {rows:,} rows that belong to the saved agent ({claim.steps:,} steps), "
        "got other numbers"
    )


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"expected a whole number, got {value!r:.50}")
    return value


def _steps(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or str(int(text)) != text:
        raise ValueError(f"expected a number of steps, got {text!r:.50}")
    return int(text)


def _extent(value: Mapping[str, Any]) -> Extent:
    extent = Extent(**value)
    return Extent(_count(extent.rows), _count(extent.bytes), str(extent.sha256))
