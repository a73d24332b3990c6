"""The program `exercise`, as a student and a teacher use it."""

import pytest

from cookie_jar.scripts import exercise
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.teaching import marks
from cookie_jar.scripts.teaching.catalogue import EXERCISES

UPDATE, BUG, POLICY = EXERCISES[1], EXERCISES[2], EXERCISES[5]


@pytest.fixture
def call(inside, capsys, monkeypatch):
    """A function that runs the program and returns its exit status and what it prints."""
    monkeypatch.setenv("COLUMNS", "100")

    def called(*words):
        capsys.readouterr()
        try:
            status = run(exercise.main, list(words))
        except SystemExit as ended:
            status = ended.code
        shown = capsys.readouterr()
        return status, f"{shown.out}{shown.err}"

    return called


def test_the_first_use_copies_the_exercises_and_suggests_the_first(call, inside):
    status, shown = call()
    assert status == 0
    assert "copied 12 exercises to exercises/" in shown
    assert "0 of 12 solved" in shown
    assert "Next: edit exercises/01_read_a_memory.py, then cookie-jar exercise check 1" in shown.replace(
        "\\", "/"
    )
    assert len(list((inside / "exercises").glob("*.py"))) == 12
    assert "copied" not in call("list")[1]


def test_the_way_of_an_exercise(call, inside):
    status, shown = call("check", "update-rule")
    assert status == 1
    assert "2 update-rule: not yet" in shown
    assert "Line 18 still waits for your answer" in shown
    assert "For a hint: cookie-jar exercise hint 2" in shown
    assert "max(next_numbers)" in call("hint", "2")[1]
    status, shown = call("solution", "2")
    assert status == 2
    assert "is shown after yours is right" in shown
    path = inside / "exercises" / UPDATE.file
    path.write_text(UPDATE.text("solution.py") + "\nprint('mine')\n")
    status, shown = call("check", "2")
    assert status == 0
    assert "2 update-rule: solved" in shown
    assert "Your code printed:\n  mine" in shown
    assert UPDATE.text("solution.py").strip() in call("solution", "2")[1]  # without new line breaks
    assert "1 of 12 solved" in call("list")[1]


def test_without_a_name_the_next_one_is_checked(call, inside):
    call()
    for number in (1, 2):
        done = EXERCISES[number - 1]
        (inside / "exercises" / done.file).write_text(done.text("solution.py"))
        assert call("check")[0] == 0
    assert "3 find-the-bug: not yet" in call("check")[1]


def test_reset_asks_and_brings_the_next_bug(call, inside, monkeypatch):
    path = inside / "exercises" / BUG.file
    call()
    path.write_text("mine")
    for answer in ("", "n", "no"):
        monkeypatch.setattr("builtins.input", lambda _, answer=answer: answer)
        assert "nothing changed" in call("reset", "3")[1]
    assert path.read_text() == "mine"
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert call("reset", "3") == (0, f"{path.relative_to(inside)} is as at the beginning\n")
    assert path.read_text() == BUG.template(1)
    call("reset", "3", "--yes")
    assert path.read_text() == BUG.template(2)


@pytest.mark.parametrize(
    "words", [["check", "13"], ["reset"], ["dance"], ["--csv", "x.csv"], ["--check", "none"]]
)
def test_misuse_ends_with_2(call, words):
    status, shown = call(*words)
    assert status == 2
    assert shown.splitlines()[-1].startswith("error: ")


def test_a_file_in_the_place_of_the_folder_is_one_line(call, inside):
    (inside / "exercises").touch()
    status, shown = call()
    assert status == 2
    assert shown == "error: expected a folder exercises, got something else: rename that\n"


def test_marks_of_a_class(call, inside):
    (inside / "class" / "ann").mkdir(parents=True)
    (inside / "class" / "ann" / POLICY.file).write_text(POLICY.text("solution.py"))
    status, shown = call("--check", "class", "--csv", "marks.csv")
    assert status == 0
    assert "ann" in shown
    assert (inside / "marks.csv").read_text().splitlines()[1] == "ann,1,,,,,,1,,,,,,"
    assert not (inside / "exercises").exists()
    (inside / "other.csv").write_text("mine")
    assert call("--check", "class", "--csv", "other.csv")[0] == 2
    assert call("--check", "class", "--csv", "marks.csv")[0] == 0


def test_control_c_keeps_the_marks_so_far(call, inside, monkeypatch):
    for name in ("ann", "ben"):
        (inside / "class" / name).mkdir(parents=True)
        (inside / "class" / name / POLICY.file).write_text(POLICY.text("solution.py"))
    check = marks.mark_all

    def interrupted(folder):
        if folder.name == "ben":
            raise KeyboardInterrupt
        return check(folder)

    monkeypatch.setattr(marks, "mark_all", interrupted)
    status, shown = call("--check", "class", "--csv", "marks.csv")
    assert status == 130
    assert "saved marks.csv: 1 of 2 students" in shown
    assert (inside / "marks.csv").read_text().splitlines()[1:] == ["ann,1,,,,,,1,,,,,,"]


def test_a_command_does_not_go_with_a_class(call):
    assert "no command" in call("--check", ".", "list")[1]
