"""The progress of a student, kept in a file that anything may have happened to."""

import pytest

from cookie_jar.scripts.teaching.catalogue import EXERCISES
from cookie_jar.scripts.teaching.solved import FILE, Progress, read_progress, write_progress

FIRST, SECOND, THIRD = EXERCISES[:3]


def test_progress_is_kept(tmp_path):
    progress = Progress().with_solved(SECOND).with_turn(THIRD).with_turn(THIRD)
    write_progress(tmp_path, progress)
    again = read_progress(tmp_path)
    assert again == progress
    assert again.following() is FIRST
    assert (again.turn(THIRD), again.turn(FIRST)) == (2, 0)


def test_after_the_last_nothing_follows():
    assert Progress(frozenset(exercise.name for exercise in EXERCISES)).following() is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '{"solved": 3}', "x" * 100_000),
        '{"solved": [[]], "turns": {"find-the-bug": -1}}',
        '{"turns": {"find-the-bug": 1e400}}',
        '{"solved": ["no-such"], "turns": {"no-such": 1}}',
        "[" * 10_000,
    ],
)
def test_a_damaged_file_is_no_progress(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    assert read_progress(tmp_path) == Progress()


def test_a_file_that_is_a_folder_is_no_progress(tmp_path):
    (tmp_path / FILE).mkdir()
    assert read_progress(tmp_path) == Progress()
