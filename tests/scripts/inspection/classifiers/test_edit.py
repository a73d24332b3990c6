import re

import numpy as np
import pytest

from cookie_jar.agents import load_classifier
from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView


def test_one_number_is_changed_and_the_effect_is_printed(classifiers, views, tmp_path, capsys):
    before = views("features")
    new = tmp_path / "new"
    memory.main(["edit", str(before.run), "plain", "darkness", "-5.5", "-o", str(new)])
    after, out = ClassifierView(new), capsys.readouterr().out
    index = before.parameter_index(["plain", "darkness"])
    changed = np.flatnonzero(after.parameters() != before.parameters())
    assert changed.tolist() == [index]
    assert after.parameters()[index] == -5.5
    assert f"plain: darkness: {before.parameters()[index]:.4f} -> -5.5000" in out
    assert f"before: {before.summary()}" in out
    assert f"after:  {after.summary()}" in out
    samples = before.data.validation[0]
    differs = (before.classifier.predict(samples) != after.classifier.predict(samples)).sum()
    assert f"The answer changed for {differs} of {len(samples)} pictures." in out
    notes = after.classifier.notes
    assert notes["performance"]["validation_loss"] == after.scores().loss
    assert "record" not in notes
    assert notes["changed"] in out
    memory.main(["show", str(new)])
    assert re.search(r"changed +plain: darkness: .* -> -5\.5000", capsys.readouterr().out)


def test_forgetting_sets_a_fraction_to_zero(classifiers, tmp_path, capsys):
    new = tmp_path / "new"
    memory.main(["forget", str(classifiers("mlp")), "--fraction", "0.5", "-o", str(new)])
    parameters = ClassifierView(new).parameters()
    assert np.count_nonzero(parameters == 0) >= round(0.5 * parameters.size)
    assert "numbers set to 0 (seed 0)" in capsys.readouterr().out


def test_without_the_data_set_the_change_is_saved_and_its_effect_not_known(lost, tmp_path, capsys):
    new = tmp_path / "new"
    memory.main(["edit", str(lost), "1.bias", "2", "1.5", "-o", str(new)])
    out = capsys.readouterr().out
    assert load_classifier(new).arrays()["1.bias"][2] == 1.5
    assert "performance" not in load_classifier(new).notes
    assert "after:  not known: " in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["plain", "sweetness", "1"], "expected KIND COLUMN"),
        (["plain", "darkness", "1e39"], "VALUE: expected a number of at most 3.4e+38"),
    ],
)
def test_what_cannot_be_changed_is_refused(classifiers, words, message, tmp_path, capsys):
    new = tmp_path / "new"
    assert run(memory.main, ["edit", str(classifiers("features")), *words, "-o", str(new)]) == 2
    assert message in capsys.readouterr().err
    assert not new.exists()
    new.mkdir()
    assert run(memory.main, ["edit", str(classifiers("features")), "plain", "dots", "1", "-o", str(new)]) == 2
    assert "already exists" in capsys.readouterr().err
