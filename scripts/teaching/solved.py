"""Which exercises a student has solved: a small file beside them, which may be damaged or deleted."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from cookie_jar.agents import FileError
from cookie_jar.agents.files import read_json, write_atomically
from cookie_jar.scripts.teaching.catalogue import EXERCISES, Exercise

FILE = "progress.json"
MAX_BYTES = 1 << 14
MOST_TURNS = 1_000


class Progress(NamedTuple):
    """The progress of a student.

    Attributes:
        solved: The names of the solved exercises.
        turns: How often each exercise was begun anew, by name.
    """

    solved: frozenset[str] = frozenset()
    turns: tuple[tuple[str, int], ...] = ()

    def turn(self, exercise: Exercise) -> int:
        """Return how often an exercise was begun anew."""
        return dict(self.turns).get(exercise.name, 0)

    def with_solved(self, exercise: Exercise) -> "Progress":
        """Return the progress after an exercise was solved."""
        return self._replace(solved=self.solved | {exercise.name})

    def with_turn(self, exercise: Exercise) -> "Progress":
        """Return the progress after an exercise was begun anew."""
        turns = dict(self.turns) | {exercise.name: self.turn(exercise) + 1}
        return self._replace(turns=tuple(turns.items()))

    def following(self) -> Exercise | None:
        """Return the first exercise that is not solved."""
        return next((exercise for exercise in EXERCISES if exercise.name not in self.solved), None)


def read_progress(folder: Path) -> Progress:
    """Return the progress that a folder keeps; a file that is missing or damaged keeps none."""
    try:
        kept = read_json(folder / FILE, MAX_BYTES)
    except FileError:
        return Progress()
    if not isinstance(kept, dict):
        return Progress()
    names = {exercise.name for exercise in EXERCISES}
    solved, turns = kept.get("solved"), kept.get("turns")
    return Progress(
        frozenset(name for name in _list(solved) if isinstance(name, str) and name in names),
        tuple((name, turn) for name, turn in _items(turns) if name in names and _is_turn(turn)),
    )


def write_progress(folder: Path, progress: Progress) -> None:
    """Keep the progress in a folder."""
    solved = [exercise.name for exercise in EXERCISES if exercise.name in progress.solved]
    text = json.dumps({"solved": solved, "turns": dict(progress.turns)}, indent=1)
    write_atomically(folder / FILE, f"{text}\n".encode())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _is_turn(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_TURNS
