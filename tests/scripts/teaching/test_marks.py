"""The marks of a class."""

import csv

import pytest

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.teaching import marks
from cookie_jar.scripts.teaching.catalogue import EXERCISES
from cookie_jar.scripts.teaching.marks import MISSING, NOT_YET, SOLVED, mark_all, students, write_marks

UPDATE, POLICY = EXERCISES[1], EXERCISES[5]


@pytest.fixture
def a_class(tmp_path):
    """A folder of three students: one has solved two exercises, one has an endless loop, one has nothing."""
    folder = tmp_path / "class"
    for name in ("ann", "=1+1", "zoe"):
        (folder / name).mkdir(parents=True)
    for exercise in (UPDATE, POLICY):
        (folder / "ann" / exercise.file).write_text(exercise.text("solution.py"))
    (folder / "=1+1" / "exercises").mkdir()
    (folder / "=1+1" / "exercises" / UPDATE.file).write_text("import os\nos._exit(0)")
    (folder / "=1+1" / "exercises" / POLICY.file).mkdir()
    (folder / ".hidden").mkdir()
    (folder / "notes.txt").touch()
    return folder


def test_each_student_has_a_row_and_each_exercise_a_column(a_class, tmp_path):
    rows = [mark_all(folder) for folder in students(a_class)]
    assert [(row.student, row.solved) for row in rows] == [("=1+1", 0), ("ann", 2), ("zoe", 0)]
    assert [row.marks[1] for row in rows] == [NOT_YET, SOLVED, MISSING]
    assert [row.marks[5] for row in rows] == [NOT_YET, SOLVED, MISSING]
    assert {row.marks[0] for row in rows} == {MISSING}
    write_marks(tmp_path / "marks.csv", rows)
    assert (tmp_path / "marks.csv").read_bytes().startswith(marks.BEGINNING)
    with (tmp_path / "marks.csv").open(newline="") as file:
        table = list(csv.reader(file))
    assert table[0] == ["student", "solved", *(exercise.name for exercise in EXERCISES)]
    assert [row[:2] for row in table[1:]] == [["'=1+1", "0"], ["ann", "2"], ["zoe", "0"]]
    assert {len(row) for row in table} == {2 + len(EXERCISES)}


def test_names_that_cannot_be_printed_are_written_safely(tmp_path):
    name = "\t@x\n\u202e"
    (tmp_path / name).mkdir()
    (tmp_path / name / UPDATE.file).touch()
    [folder] = students(tmp_path)
    assert mark_all(folder).student == "\\t@x\\n\\u202e"


def test_a_folder_without_students_is_refused(tmp_path):
    (tmp_path / "other").mkdir()
    with pytest.raises(UsageError, match="expected a folder for each student"):
        students(tmp_path)
    with pytest.raises(UsageError, match="expected a folder with a folder for each student"):
        students(tmp_path / "none")
