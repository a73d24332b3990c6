"""Progress of the tour in the terminal: a small file of the user."""

import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from cookie_jar.agents.errors import FileError
from cookie_jar.agents.files import delete, is_regular, read_json, write_atomically
from cookie_jar.scripts.common.console import command

MAX_BYTES = 1 << 16
MAX_WORDS = 2_000  # characters of an answer in the learner's own words
MAX_STATION = 1_000


class Progress(NamedTuple):
    """Where a learner stands.

    Attributes:
        station: The station that comes next, from 1; above the last one, the quiz.
        attempt: The number of times that the quiz was failed.
        passed: Whether the quiz was passed.
        before: The learner's answer at the start.
        after: The learner's answer at the end.
    """

    station: int = 1
    attempt: int = 0
    passed: bool = False
    before: str = ""
    after: str = ""


def progress_file() -> Path:
    """Return the file that keeps the progress, in the system's folder for the state of programs."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "cookie-jar" / "tour.json"


def read_progress() -> Progress:
    """Return the progress; that of a new learner if there is no file.

    Raises:
        FileError: If the file is not a progress file.
    """
    path = progress_file()
    if not os.path.lexists(path):
        return Progress()
    try:
        return _checked(read_json(path, MAX_BYTES))
    except FileError as error:
        again = f"run: {command('tour', '--text', '--reset')}" if is_regular(path) else "move that elsewhere"
        raise FileError(f"{error}; to begin again, {again}") from None


def _checked(found: Any) -> Progress:
    kinds = {name: type(value) for name, value in Progress()._asdict().items()}
    if (
        not isinstance(found, dict)
        or found.keys() != kinds.keys()
        or any(type(found[name]) is not kind for name, kind in kinds.items())
        or not 1 <= found["station"] <= MAX_STATION
        or not 0 <= found["attempt"] <= MAX_STATION
        or max(len(found["before"]), len(found["after"])) > MAX_WORDS
    ):
        raise FileError(f"{progress_file()}: expected the progress of a tour, got something else")
    return Progress(**found)


def write_progress(progress: Progress) -> None:
    """Keep the progress.

    Raises:
        OSError: If the file cannot be written.
    """
    data = json.dumps(progress._asdict(), indent=1).encode()
    write_atomically(progress_file(), data)


def reset_progress() -> None:
    """Delete the progress."""
    delete(progress_file())
