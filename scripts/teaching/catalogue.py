"""The exercises: their order, their files in the package, and the student's copies in a folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cookie_jar.agents.files import read_text, write_atomically
from cookie_jar.agents.moving import create, make_folder
from cookie_jar.scripts.common.argument_types import expected_one
from cookie_jar.scripts.common.console import UsageError

PACKAGE = Path(__file__).with_name("exercises")
FOLDER = Path("exercises")
MAX_BYTES = 1 << 16


class Exercise(NamedTuple):
    """An exercise.

    Attributes:
        number: Its place, from 1.
        name: Its name on the command line.
        task: A few words that say what to do.
    """

    number: int
    name: str
    task: str

    @property
    def stem(self) -> str:
        """The name of its file without the suffix, and of its folder in the package."""
        return f"{self.number:02d}_{self.name.replace('-', '_')}"

    @property
    def file(self) -> str:
        """The name of the student's file."""
        return f"{self.stem}.py"

    def text(self, part: str) -> str:
        """Return a file of the package, such as "hint.txt"."""
        return read_text(PACKAGE / self.stem / part, MAX_BYTES)

    def template(self, turn: int = 0) -> str:
        """Return the unsolved exercise; where there are several, each turn has the next one."""
        variants = sorted(path.name for path in (PACKAGE / self.stem).glob("exercise*.py"))
        return self.text(variants[turn % len(variants)])


EXERCISES = tuple(
    Exercise(number, name, task)
    for number, (name, task) in enumerate(
        {
            "read-a-memory": "predict from its numbers what a child will do",
            "update-rule": "fill in the line that does all the learning",
            "find-the-bug": "find the bug in a Q-learner",
            "learning-rate": "choose a learning rate in a random environment",
            "explore-or-not": "choose between random actions and optimism",
            "policy-by-hand": "write the best policy yourself",
            "make-it-fail": "draw a kitchen in which Q-learning fails",
            "reward-hacking": "design rewards that have an unintended optimum",
            "honest-hints": "design hints that do not change the optimal policy",
            "hold-out": "choose levels for a valid test",
            "find-the-shortcut": "find out which part of a picture a classifier uses",
            "make-it-generalise": "train a classifier that uses the cookie",
        }.items(),
        start=1,
    )
)


def exercise_named(text: str) -> Exercise:
    """Return an exercise by its number, its name or its file.

    Raises:
        UsageError: If there is none.
    """
    wanted = text.replace("\\", "/").rpartition("/")[2].strip().lower()
    for exercise in EXERCISES:
        if wanted in (
            str(exercise.number),
            f"{exercise.number:02d}",
            exercise.name,
            exercise.stem,
            exercise.file,
        ):
            return exercise
    names = [exercise.name for exercise in EXERCISES]
    raise UsageError(f"NAME: {expected_one(text, names, f'a number from 1 to {len(names)}, or one of')}")


def student_folder() -> Path:
    """Return the folder of the student's files: `exercises`, or the current folder if they are there."""
    here = Path()
    return here if (here / EXERCISES[0].file).is_file() else FOLDER


def copy_missing(folder: Path) -> list[Path]:
    """Copy the exercises that the folder does not have yet, and return their paths.

    Raises:
        UsageError: If something else is in the place of the folder.
    """
    try:
        make_folder(folder)
    except FileExistsError:
        raise UsageError(f"expected a folder {folder}, got something else: rename that") from None
    copied = []
    for exercise in EXERCISES:
        path = folder / exercise.file
        try:
            create(path, exercise.template().encode())
        except FileExistsError:
            continue
        copied.append(path)
    return copied


def reset(exercise: Exercise, folder: Path, turn: int) -> Path:
    """Replace the student's file by the unsolved exercise of a turn."""
    path = folder / exercise.file
    write_atomically(path, exercise.template(turn).encode())
    return path


def find_work(folder: Path, exercise: Exercise) -> Path | None:
    """Return the file of an exercise in the folder of one student, or in `exercises` below it."""
    places: Sequence[Path] = (folder / exercise.file, folder / FOLDER / exercise.file)
    return next((path for path in places if path.exists()), None)
