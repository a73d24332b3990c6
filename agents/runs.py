"""The folder of a run: its files and snapshots, and loading an agent from it."""

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
from numpy.typing import NDArray

from .base import Agent
from .env_loading import env_of
from .errors import AgentError, FileError, MemoryFileError, MissingRunError
from .evaluation_table import FIELDS, EvaluationTable
from .files import checked_path, delete, delete_parts
from .imported import ImportedPolicy
from .memory import read_memory
from .monitor import UNKNOWN_END, Monitor, TrainingEpisode, known_ends
from .record import (
    AGENT_FILE,
    BEST_FILE,
    EVALUATIONS_FILE,
    LOSSES_FILE,
    MONITOR_FILE,
    NOTE,
    RECORD_FILE,
    read_record,
)
from .registry import AGENTS
from .run_kinds import CLASSIFIER, kind_of

SNAPSHOTS = "snapshots"  # a folder of earlier agents, by steps
CURVE_FILE = "learning_curve.png"
TARGET_FILE = "target.json"  # the number of steps of the whole run
OWN_FILES = (
    *(AGENT_FILE, MONITOR_FILE, EVALUATIONS_FILE, RECORD_FILE, CURVE_FILE, TARGET_FILE),
    *(LOSSES_FILE, BEST_FILE),  # of classifiers
)

SNAPSHOT_NAME = re.compile(r"([0-9]{12}|[1-9][0-9]{12,17})\.safetensors", re.ASCII)
STEPS = re.compile("[0-9]{1,18}", re.ASCII)
LONGEST_NAME = 80  # characters of a default name

__all__ = [
    "AGENT_FILE",
    "BEST_FILE",
    "CURVE_FILE",
    "EVALUATIONS_FILE",
    "FIELDS",
    "LOSSES_FILE",
    "MONITOR_FILE",
    "RECORD_FILE",
    "SNAPSHOTS",
    "TARGET_FILE",
    "UNKNOWN_END",
    "EvaluationTable",
    "Monitor",
    "TrainingEpisode",
    "default_name",
    "delete_leftovers",
    "delete_snapshots",
    "known_ends",
    "load",
    "memory_file",
    "read_agent",
    "read_record",
    "refuse_links",
    "snapshot_file",
    "snapshots",
]


def default_name(
    env_id: str, agent: str, seed: int, options: Sequence[str] = (), settings: Sequence[str] = ()
) -> str:
    """Return a name for a run, such as "cookie-jar-q-learning-0".

    Args:
        env_id: The id of the environment.
        agent: The name of the agent.
        seed: The seed of the agent.
        options: Words for special options of the environment.
        settings: Words for special hyperparameters.
    """
    plain = re.sub(r"-v\d+$", "", env_id.split(":")[-1].split("/")[-1])
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", plain)
    parts = (_plain(part) for part in (words, *options, agent, *settings, str(seed)))
    name = "-".join(part for part in parts if part)
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 9].rstrip('-.')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _plain(text: str) -> str:
    """Return a text in small letters, with hyphens for all but unaccented letters, digits and points."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9.]+", "-", ascii_text.lower()).strip("-.")


def memory_file(run: str | Path) -> Path:
    """Return the file of an agent.

    Args:
        run: The folder of a run, "FOLDER@STEPS" for its last snapshot up to that step, or a file. A path that
            exists is never read as "FOLDER@STEPS".

    Raises:
        AgentError: If there is no such run or snapshot.
    """
    run = checked_path(run)
    path, at, steps = str(run).rpartition("@")
    if at and STEPS.fullmatch(steps) and os.path.isdir(path) and not os.path.exists(run):
        saved = snapshots(Path(path))
        earlier = [file for count, file in saved if count <= int(steps)]
        if not earlier:
            found = f"none; the first is {path}@{saved[0][0]}" if saved else "none"
            raise AgentError(f"{run}: expected a snapshot at or before step {int(steps):,}, found {found}")
        return earlier[-1]
    file = Path(run) / AGENT_FILE if os.path.isdir(run) else Path(run)
    if not os.path.exists(file):
        found = f"{run!s:.500}: expected the folder of a run with {AGENT_FILE}"
        raise MissingRunError(str(run), found, "create a run with `train`")
    return file


def snapshots(folder: Path) -> list[tuple[int, Path]]:
    """Return the step and the file of each snapshot of a run, sorted by step.

    Raises:
        FileError: If the folder is not a path.
    """
    folder, found = checked_path(folder), []
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder / SNAPSHOTS) as entries:
        for entry in entries:
            steps = _snapshot_steps(entry.name)
            if steps is not None and entry.is_file():
                found.append((steps, folder / SNAPSHOTS / entry.name))
    return sorted(found)


def snapshot_file(folder: Path, steps: int) -> Path:
    """Return the path of the snapshot after a number of steps."""
    return folder / SNAPSHOTS / f"{steps:012}.safetensors"


def refuse_links(folder: Path) -> None:
    """Check that the snapshots of a run would be written into its own folder.

    Raises:
        FileError: If the folder of the snapshots is a link.
    """
    if (folder / SNAPSHOTS).is_symlink():
        raise FileError(f"{folder / SNAPSHOTS}: expected a folder, got a link; move the folder here to train")


def delete_snapshots(folder: Path, after: int = -1) -> None:
    """Delete the snapshots of a run after a number of steps; links stay, and what they point to.

    Raises:
        FileError: If the folder of the snapshots is a link.
    """
    refuse_links(folder)
    for steps, file in snapshots(folder):
        if steps > after:
            delete(file)


def delete_leftovers(folder: Path) -> None:
    """Delete the temporary files of a run that a killed process left."""
    delete_parts(folder, OWN_FILES.__contains__)
    if not (folder / SNAPSHOTS).is_symlink():
        delete_parts(folder / SNAPSHOTS, lambda name: _snapshot_steps(name) is not None)


def read_agent(file: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Read the arrays and the description of an agent or a classifier.

    A snapshot must be of its step and its run, and a best epoch of its run.

    Raises:
        MemoryFileError: If the file cannot be read, is not such a file, or belongs to another run.
    """
    arrays, description = read_memory(file)
    file = file.absolute()
    steps = _snapshot_steps(file.name) if file.parent.name == SNAPSHOTS else None
    if steps is None and file.name != BEST_FILE:
        return arrays, description
    if steps is not None and description.get("num_timesteps") != steps:
        found = description.get("num_timesteps")
        raise MemoryFileError(f"{file}: expected an agent after {steps:,} steps, got {found!r:.30}")
    final = (file.parent if steps is None else file.parent.parent) / AGENT_FILE
    try:
        status = final.stat()
        expected = _saved_identity(final, status.st_mtime_ns, status.st_size)
    except (OSError, MemoryFileError):  # without a final agent, or with a damaged one, snapshots are of use
        return arrays, description
    _check_same_run(file, _Identity.of(description), expected)
    return arrays, description


def load(
    run: str | Path, env: gym.Env[Any, Any] | str | None = None, *, render_mode: str | None = None
) -> Agent:
    """Load the agent of a run, and create its environment.

        agent = load("runs/x")  # at the end of the run
        agent = load("runs/x@5000")  # the last snapshot up to step 5,000

    Args:
        run: The folder of a run, "FOLDER@STEPS" for its last snapshot up to that step, or a file.
        env: The environment; by default, created from the saved spec.
        render_mode: The render mode of the created environment, if it has that render mode.

    Raises:
        AgentError: If there is no such run or snapshot, or the file cannot be read.
    """
    from .imported_pictures import ImportedPicturePolicy  # imports this module, as the next ones
    from .label_learner import LabelLearner
    from .taster import Taster

    file = memory_file(run)
    _, description = read_agent(file)
    classes: list[type[Agent]] = [
        *AGENTS.values(),
        ImportedPolicy,
        ImportedPicturePolicy,
        LabelLearner,
        Taster,
    ]
    kinds = {kind.saved_as or kind.__name__: kind for kind in classes}
    algorithm = description.get("algorithm")
    if kind_of(description) == CLASSIFIER:
        raise MemoryFileError(
            f"{file}: expected one of the agents, got the classifier {algorithm!s:.100}; "
            "use the programs `cookies`, `memory` or `hill`, or load_classifier in Python"
        )
    if not isinstance(algorithm, str) or algorithm not in kinds:
        raise MemoryFileError(
            f"{file}: expected one of the agents {', '.join(kinds)}, got {algorithm!r:.100}"
        )
    if env is None and render_mode is not None:
        env = env_of(file, description, render_mode)
    return kinds[algorithm].load(file, env)


class _Identity(NamedTuple):
    """What all agents of a run share; None where a description does not say it."""

    algorithm: Any
    env_id: Any
    seed: Any
    run: Any

    @classmethod
    def of(cls, description: Mapping[str, Any]) -> "_Identity":
        env_id = seed = run = None
        with suppress(ValueError, KeyError, TypeError):
            env_id = json.loads(description["env"])["id"]
        with suppress(KeyError, TypeError):
            seed = description["hyperparameters"]["seed"]
        with suppress(KeyError, TypeError):
            run = description["notes"][NOTE]["run"]
        return cls(description.get("algorithm"), env_id, seed, run)


@lru_cache(maxsize=16)
def _saved_identity(file: Path, *_: int) -> _Identity:
    """Return the identity of a saved agent; read again when the file has changed."""
    return _Identity.of(read_memory(file)[1])


def _check_same_run(file: Path, mine: _Identity, other: _Identity) -> None:
    """Raise an error if a snapshot or a best epoch is of another run than its folder."""
    what = "the best epoch" if file.name == BEST_FILE else "a snapshot"
    for name, value, expected in zip(_Identity._fields, mine, other, strict=True):
        if None not in (value, expected) and value != expected:
            raise MemoryFileError(
                f"{file}: expected {what} of the run in its folder, with the {name} {expected!r:.80}, "
                f"got {value!r:.80}"
            )


def _snapshot_steps(name: str) -> int | None:
    """Return the steps of a snapshot from the name of its file, or None for other files."""
    match = SNAPSHOT_NAME.fullmatch(name)
    return None if match is None else int(match[1])
