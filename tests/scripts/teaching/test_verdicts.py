"""Every exercise fails unsolved, passes when solved, and has its own message for each known wrong answer."""

import json

import pytest

from cookie_jar.scripts.teaching.catalogue import EXERCISES, PACKAGE
from cookie_jar.scripts.teaching.verdicts import check_source


def known_wrong(exercise):
    return json.loads(exercise.text("wrong.json"))


WRONG = [
    pytest.param(exercise, wrong, id=f"{exercise.name}-{number}")
    for exercise in EXERCISES
    for number, wrong in enumerate(known_wrong(exercise), start=1)
]
TEMPLATES = [
    pytest.param(path, id=f"{path.parent.name}-{path.stem}")
    for path in sorted(PACKAGE.glob("*/exercise*.py"))
]
by_name = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


@by_name
def test_a_solution_passes(exercise):
    verdict = check_source(exercise, exercise.text("solution.py"))
    assert verdict.solved, verdict.message
    assert any(character.isdigit() for character in verdict.message) or exercise.name == "find-the-bug"


@pytest.mark.parametrize("path", TEMPLATES)
def test_an_unsolved_exercise_fails_with_its_first_fault_only(path):
    exercise = next(exercise for exercise in EXERCISES if exercise.stem == path.parent.name)
    verdict = check_source(exercise, path.read_text(encoding="utf-8"))
    assert not verdict.solved
    assert len(verdict.message.splitlines()) <= 2
    assert verdict.message.count("xpected") <= 2


@pytest.mark.parametrize(("exercise", "wrong"), WRONG)
def test_a_known_wrong_answer_gets_its_own_message(exercise, wrong):
    solution = exercise.text("solution.py")
    assert solution.count(wrong["instead of"]) == 1
    verdict = check_source(exercise, solution.replace(wrong["instead of"], wrong["write"]))
    assert not verdict.solved
    assert wrong["message"] in verdict.message


@by_name
def test_there_are_at_least_three_known_wrong_answers_with_different_messages(exercise):
    assert len({wrong["message"] for wrong in known_wrong(exercise)}) >= 3
