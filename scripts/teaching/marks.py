"""The marks of a class: the exercises of all students, checked one after another."""

from pathlib import Path
from typing import NamedTuple

from cookie_jar.agents.files import write_table
from cookie_jar.scripts.common.console import UsageError, printable
from cookie_jar.scripts.teaching.catalogue import EXERCISES, Exercise, find_work
from cookie_jar.scripts.teaching.verdicts import check_file

SOLVED, NOT_YET, MISSING = "1", "0", ""
BEGINNING = rb"student,solved,read-a-memory,"  # of the files that may be replaced


class Marks(NamedTuple):
    """The marks of a student.

    Attributes:
        student: The name of the folder, safe to print.
        marks: `SOLVED`, `NOT_YET` or `MISSING` for each exercise.
    """

    student: str
    marks: tuple[str, ...]

    @property
    def solved(self) -> int:
        """The number of solved exercises."""
        return self.marks.count(SOLVED)


def students(folder: Path) -> list[Path]:
    """Return the folders of the students in a folder; hidden folders and links are none.

    Raises:
        UsageError: If no folder in it has an exercise.
    """
    if not folder.is_dir():
        raise UsageError(f"--check: expected a folder with a folder for each student, got {folder}")
    found = sorted(path for path in folder.iterdir() if _may_be_student(path))
    if any(find_work(path, exercise) for path in found for exercise in EXERCISES):
        return found
    raise UsageError(
        f"--check: expected a folder for each student in {folder}, with files such as "
        f"{EXERCISES[0].file}; found none: is it the folder above?"
    )


def _may_be_student(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".")


def mark_all(folder: Path) -> Marks:
    """Check all exercises of a student."""
    marks = tuple(mark(find_work(folder, exercise), exercise) for exercise in EXERCISES)
    return Marks(printable(folder.name, 100), marks)


def mark(path: Path | None, exercise: Exercise) -> str:
    """Return the mark for a file."""
    if path is None:
        return MISSING
    return SOLVED if check_file(exercise, path).solved else NOT_YET


def write_marks(path: Path, rows: list[Marks]) -> None:
    """Write the marks as a csv file, which a spreadsheet can open: no name becomes a formula."""
    header = ["student", "solved", *(exercise.name for exercise in EXERCISES)]
    write_table(path, header, ([row.student, row.solved, *row.marks] for row in rows))
