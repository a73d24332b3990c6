"""The files of the exercises: beautiful to read, copied once, and never over a student's work."""

import ast
import subprocess
import sys

import pytest

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.teaching.catalogue import (
    EXERCISES,
    PACKAGE,
    copy_missing,
    exercise_named,
    find_work,
    reset,
    student_folder,
)
from cookie_jar.scripts.teaching.checks import read_a_memory

MOST_LINES = 12  # of a task
TEMPLATES = sorted(PACKAGE.glob("*/exercise*.py"))


def test_every_exercise_has_its_files_and_no_others_are_there():
    assert sorted(path.name for path in PACKAGE.iterdir()) == [exercise.stem for exercise in EXERCISES]
    for exercise in EXERCISES:
        names = {path.name for path in (PACKAGE / exercise.stem).iterdir()}
        assert names >= {"exercise.py", "solution.py", "hint.txt", "wrong.json"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_task_is_short_and_has_a_place_for_the_answer(path):
    text = path.read_text(encoding="utf-8")
    task = ast.get_docstring(ast.parse(text))
    number = int(path.parent.name[:2])
    assert task.startswith(f"Exercise {number}: ")
    assert len(task.splitlines()) <= MOST_LINES
    assert "YOUR ANSWER" in text or number == 3
    assert "import" not in text


def test_ruff_has_nothing_to_say_about_the_exercises():
    pytest.importorskip("ruff")
    for check in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *check, "--no-cache", str(PACKAGE)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_the_memory_of_the_first_exercise_is_what_a_child_has_learned():
    names = {}
    exec(EXERCISES[0].template(), names)
    assert tuple(names["MEMORY"].values()) == read_a_memory.memory()


def test_the_bugs_of_the_third_exercise_are_one_line_each_and_different():
    exercise = EXERCISES[2]
    solution = exercise.text("solution.py").partition('"""\n\n\n')[2].splitlines()
    changed = []
    for turn in range(5):
        lines = exercise.template(turn).partition('"""\n\n\n')[2].splitlines()
        changed += [new for old, new in zip(solution, lines, strict=True) if old != new]
    assert len(set(changed)) == 5
    assert exercise.template(5) == exercise.template(0)


def test_copying_leaves_what_is_there(tmp_path):
    folder = tmp_path / "exercises"
    assert len(copy_missing(folder)) == len(EXERCISES)
    mine = folder / EXERCISES[3].file
    mine.write_text("mine")
    (folder / EXERCISES[4].file).unlink()
    assert copy_missing(folder) == [folder / EXERCISES[4].file]
    assert mine.read_text() == "mine"


def test_something_else_in_the_place_of_the_folder_is_kept(tmp_path):
    path = tmp_path / "exercises"
    path.write_text("mine")
    with pytest.raises(UsageError, match=r"expected a folder .*exercises, got something else: rename"):
        copy_missing(path)
    assert path.read_text() == "mine"


def test_reset_brings_the_exercise_back(tmp_path):
    path = tmp_path / EXERCISES[3].file
    path.write_text("mine")
    assert reset(EXERCISES[3], tmp_path, 1) == path
    assert path.read_text() == EXERCISES[3].template()


@pytest.mark.parametrize(
    "text", ["3", "03", "find-the-bug", "Find-the-Bug", "03_find_the_bug.py", "exercises/03_find_the_bug.py"]
)
def test_an_exercise_has_several_names(text):
    assert exercise_named(text) is EXERCISES[2]


@pytest.mark.parametrize("text", ["0", "13", "find-the-bag", "", "..", "x" * 10_000])
def test_other_names_are_refused(text):
    with pytest.raises(UsageError, match="a number from 1 to 12"):
        exercise_named(text)


def test_work_is_found_in_the_folder_of_a_student_and_below(tmp_path):
    exercise = EXERCISES[0]
    assert find_work(tmp_path, exercise) is None
    (tmp_path / "exercises").mkdir()
    below = tmp_path / "exercises" / exercise.file
    below.touch()
    assert find_work(tmp_path, exercise) == below
    (tmp_path / exercise.file).touch()
    assert find_work(tmp_path, exercise) == tmp_path / exercise.file


def test_inside_the_folder_of_the_exercises_no_other_is_made(inside, monkeypatch):
    copy_missing(student_folder())
    monkeypatch.chdir(inside / "exercises")
    assert not copy_missing(student_folder())
    assert not (inside / "exercises" / "exercises").exists()
