import os

import pytest
from needs import links_can_be_made

from cookie_jar.scripts import hill, memory
from cookie_jar.scripts.common.known_runs import known_runs, saved_runs


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Runs of one to seven, of which seven is the newest, in the folder `runs`."""
    monkeypatch.chdir(tmp_path)
    names = ["one", "two", "three", "four", "five", "six", "seven"]
    for number, name in enumerate(names):
        file = tmp_path / "runs" / name / "agent.safetensors"
        file.parent.mkdir(parents=True)
        file.touch()
        os.utime(file, (number, number))
    if links_can_be_made():
        (tmp_path / "runs" / "link").symlink_to("one")
    (tmp_path / "runs" / "empty").mkdir()
    return tmp_path / "runs"


def test_without_runs_a_command_makes_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert known_runs("x") == "there is no run in runs; create one with: cookie-jar train"


def test_the_newest_runs_are_listed(runs):
    listed = "newest of 7 runs: runs/seven, runs/six, runs/five, runs/four, runs/three"
    assert known_runs("runs/zzzz") == listed
    assert [run.name for run in saved_runs(runs)][-2:] == ["two", "one"]


@pytest.mark.parametrize(
    ("missing", "meant"),
    [
        ("runs/thre", "runs/three"),
        ("three", "runs/three"),
        ("Three", "runs/three"),
        ("runs/sevn@300", "runs/seven@300"),
        ("elsewhere/five", "runs/five"),
        ("runs/five@300", "runs/five"),  # given instead of a run
    ],
)
def test_a_similar_name_is_suggested(runs, missing, meant):
    assert known_runs(missing).startswith(f"did you mean {meant}? (newest of 7 runs: ")


def test_types_and_programs_say_which_run_was_meant(runs, refuse):
    for main, words in ((hill.main, ["runs/thre"]), (memory.main, ["show", "runs/thre"])):
        error = refuse(main, words)
        assert "expected the folder of a run" in error
        assert "did you mean runs/three?" in error


def test_runs_beside_the_missing_one_come_first(runs, tmp_path):
    (tmp_path / "other" / "my three").mkdir(parents=True)
    (tmp_path / "other" / "my three" / "agent.safetensors").touch()
    assert known_runs("other/mythree").startswith('did you mean "other/my three"?')
