"""What the run of a classifier says about its data set, and the file of its best epoch."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import runs
from .errors import FileError
from .record import BEST_FILE

DATA = "data"  # key in the notes: the description of the data set
SAME = {"digest": "other pictures or labels", "split": "another split into parts"}  # if values differ


def best_file(run: str | Path) -> Path:
    """Return the file of the best epoch of a run, or the file that `runs.memory_file` returns.

    Args:
        run: The folder of a run, "FOLDER@STEPS" for a snapshot, or a file.

    Raises:
        AgentError: If there is no such run, or the file of its best epoch is missing.
    """
    file = runs.memory_file(run)
    best = file.with_name(BEST_FILE)
    if not Path(run).is_dir() or best.is_file():
        return best if Path(run).is_dir() else file
    _, description = runs.read_agent(file)
    notes = description.get("notes")
    noted = notes.get("best") if isinstance(notes, dict) else None
    if isinstance(noted, dict) and noted.get("step") != description.get("num_timesteps"):
        raise FileError(
            f"{best}: expected the classifier of the best epoch, found no file; "
            f"restore the file, or name the classifier after the last step: {file}"
        )
    return file


def data_of(run: str | Path) -> dict[str, Any]:
    """Return the description of the data set that the classifier of a run learned from; empty if unknown.

    Raises:
        AgentError: If there is no such run, or its file cannot be read.
    """
    _, description = runs.read_agent(runs.memory_file(run))
    return data_in(description.get("notes"))


def data_in(notes: Any) -> dict[str, Any]:
    """Return the description of the data set in the notes of a classifier; empty if there is none."""
    data = notes.get(DATA) if isinstance(notes, dict) else None
    return data if isinstance(data, dict) else {}


def check_data(run: str | Path, about: Mapping[str, Any], notes: Mapping[str, Any] | None = None) -> None:
    """Check that a data set is the one that the classifier of a run learned from.

    Args:
        run: The run, for messages.
        about: The description of the data set; see `ClassifierRun`.
        notes: The notes of the classifier; by default, they are read from the run.

    Raises:
        FileError: If the data set is a different one.
    """
    saved = data_of(run) if notes is None else data_in(notes)
    for name, what in SAME.items():
        if saved.get(name) != about.get(name):
            raise FileError(
                f"{about.get('data')!s:.300}: expected the data set that {run} learned from, got {what}; "
                "name the data set of the run, or train a new run"
            )
