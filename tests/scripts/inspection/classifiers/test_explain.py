import re

import numpy as np
import pytest

from cookie_jar.agents.classifiers import CLASSIFIERS
from cookie_jar.agents.features import FEATURES
from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import run


@pytest.mark.parametrize("model", CLASSIFIERS)
def test_the_numbers_are_those_of_the_classifier(classifiers, views, model, capsys):
    view = views(model)
    index = view.data.split.validation[0]
    samples, labels = view.data.samples(np.array([index]))
    file = classifiers(model) / "agent.safetensors"
    before = file.read_bytes()
    memory.main(["explain", str(classifiers(model)), "--picture", str(index)])
    out = capsys.readouterr().out
    assert file.read_bytes() == before
    assert f"(validation part) shows: {view.kinds[labels[0]]}" in out
    [probabilities] = view.classifier.predict_proba(samples)
    for kind, probability, logit in zip(
        view.kinds, probabilities, view.classifier.logits(samples)[0], strict=True
    ):
        assert re.search(rf"{kind} +{re.escape(f'{logit:+.4f}')} +{probability:.4f} +[01] ", out)
    loss = view.classifier.loss(samples, labels)
    assert f"-ln({probabilities[labels[0]]:.4f}) = {loss:.4f}" in out
    for name, array in view.classifier.gradient(samples, labels).items():
        assert re.search(rf"{name} +{array.size:,} +{np.linalg.norm(array):.6f}", out)


def test_products_of_features_add_up_to_the_logits(classifiers, views, capsys):
    memory.main(["explain", str(classifiers("features"))])
    out = capsys.readouterr().out
    rows = [line.split() for line in out.splitlines()]
    terms = [[float(cell) for cell in row[-3:]] for row in rows if row and row[0] in FEATURES]
    bias = next([float(cell) for cell in row[1:]] for row in rows if row[:1] == ["bias"])
    sums = next([float(cell) for cell in row[3:]] for row in rows if row[:2] == ["sum:", "the"])
    assert len(terms) == 4
    assert np.allclose(np.sum(terms, axis=0) + bias, sums, atol=0.005)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--picture", "99999"], "--picture: expected the number of a picture of the data set, such as 0"),
        (["--step", "2"], "--step: expected the run of an agent, got a classifier; use --picture"),
        (["--next"], "--next: expected the run of an agent, got a classifier; use --picture"),
    ],
)
def test_other_pictures_are_refused(classifiers, options, message, capsys):
    assert run(memory.main, ["explain", str(classifiers("features")), *options]) == 2
    assert message in capsys.readouterr().err


def test_the_test_part_stays_closed(classifiers, views, capsys):
    number = views("features").data.split.test[0]
    assert run(memory.main, ["explain", str(classifiers("features")), "--picture", str(number)]) == 2
    assert f"got {number} of the test part, which stays closed" in capsys.readouterr().err


def test_agents_have_no_pictures(corner_run, capsys):
    assert run(memory.main, ["explain", str(corner_run), "--picture", "1"]) == 2
    assert "--picture: expected the run of a classifier" in capsys.readouterr().err


def test_without_the_data_set_nothing_is_explained(lost, capsys):
    assert run(memory.main, ["explain", str(lost)]) == 2
    assert "expected the folder of a data set" in capsys.readouterr().err
