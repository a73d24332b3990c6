from importlib import import_module

import classifier_runs
import pytest

from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.inspection.dispatch import FORMS


def test_every_command_has_a_form_for_agents_and_for_classifiers():
    commands = next(action for action in memory.parser()._actions if action.dest == "command")
    assert commands.choices.keys() == FORMS.keys()
    for module, name in (form.rsplit(".", 1) for forms in FORMS.values() for form in forms):
        assert callable(getattr(import_module(f"cookie_jar.scripts.inspection.{module}"), name))


def test_the_kind_of_the_run_chooses_the_form(corner_run, tmp_path, capsys):
    folder = classifier_runs.finished_run(tmp_path / "run", tmp_path / "data")
    for place, word in ((folder, "SoftmaxClassifier"), (corner_run, "QLearning")):
        memory.main(["show", str(place)])
        assert word in capsys.readouterr().out


@pytest.mark.parametrize("first", ["agent", "classifier"])
def test_an_agent_and_a_classifier_cannot_be_compared(first, corner_run, tmp_path, capsys):
    folder = classifier_runs.finished_run(tmp_path / "run", tmp_path / "data")
    pair = [str(corner_run), str(folder)][:: 1 if first == "agent" else -1]
    assert run(memory.main, ["diff", *pair]) == 2
    assert "expected one of the" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_named(tmp_path, capsys):
    (tmp_path / "agent.safetensors").write_text("nothing")
    assert run(memory.main, ["show", str(tmp_path)]) == 2
    assert "expected a file saved by Cookie Jar" in capsys.readouterr().err
