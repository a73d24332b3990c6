"""What each program says about the run of a classifier: its scores, or in one line what to use instead."""

import classifier_runs
import pytest

from cookie_jar.scripts import events, play, train, watch
from cookie_jar.scripts.common.console import run

REFUSED = {
    "watch": (watch, [], "got the classifier SoftmaxClassifier; use the programs"),
    "play": (play, [], "got the classifier SoftmaxClassifier; use the programs"),
    "train": (train, ["--resume"], "got the classifier SoftmaxClassifier; use the programs"),
    "events": (events, [], "expected the run of an agent, got a classifier; its losses are in"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_program_for_agents_says_what_to_use_instead(name, tmp_path, capsys):
    folder = classifier_runs.finished_run(tmp_path / "run", tmp_path / "data")
    program, words, message = REFUSED[name]
    before = sorted(path.name for path in folder.rglob("*"))
    assert run(program.main, [*words, str(folder)]) == 2
    shown = capsys.readouterr().err
    assert message in shown
    assert shown.count("\n") == 1
    assert sorted(path.name for path in folder.rglob("*")) == before
