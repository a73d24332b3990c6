import re

import numpy as np
import pytest
from classifier_runs import KINDS, write_small_dataset

from cookie_jar.agents import load_classifier, runs
from cookie_jar.agents.classifiers import CLASSIFIERS
from cookie_jar.agents.features import FEATURES
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.classifiers.view import ClassifierView


@pytest.mark.parametrize("model", CLASSIFIERS)
def test_scores_are_those_of_the_validation_part(views, model):
    view = views(model)
    data = view.data
    pictures = data.dataset.pictures[data.split.validation]
    labels = data.dataset.labels[data.split.validation]
    assert view.scores().accuracy == view.classifier.score(pictures, labels)
    assert f"accuracy {100 * view.scores().accuracy:.1f} %" in view.summary()
    assert view.kinds == list(KINDS)


@pytest.mark.parametrize(
    ("model", "words", "name"),
    [
        ("features", ["plain", "darkness"], "plain: darkness"),
        ("features", ["chocolate chip", "bias"], "chocolate chip: bias"),
        ("softmax", ["raisin", "pixel 3,4 blue"], "raisin: pixel 3,4 blue"),
        ("conv", ["0.weight", "74", "7"], "0.weight [74, 7]"),
        ("features", ["1.weight", "3", "2"], f"plain: {FEATURES[3]}"),
    ],
)
def test_numbers_have_names_and_places(views, model, words, name):
    view = views(model)
    assert view.parameter_name(view.parameter_index(words)) == name


def test_a_coefficient_is_where_its_name_says(views):
    view = views("softmax")
    index = view.parameter_index(["raisin", "pixel 3,4 blue"])
    assert view.parameters()[index] == view.arrays["1.weight"][(3 * 12 + 4) * 3 + 2, 0]


def test_other_places_are_refused(views):
    with pytest.raises(UsageError, match=r"expected KIND COLUMN \(KIND: 'raisin', .*; got plain size 3"):
        views("features").parameter_index(["plain", "size", "3"])


def test_a_missing_data_set_is_named_and_recorded_scores_are_shown(lost):
    view = ClassifierView(lost)
    recorded = view.classifier.notes["performance"]
    assert not view.has_data
    assert (
        f"loss {recorded['validation_loss']:.4f} (validation part, as recorded at step 24)" in view.summary()
    )
    with pytest.raises(UsageError, match=r"data: expected the folder of a data set"):
        view.scores()


def test_another_data_set_is_refused(lost, tmp_path):
    write_small_dataset(tmp_path / "data", seed=1)
    message = f"data: expected the data set that {re.escape(str(lost))} learned from, got other pictures"
    with pytest.raises(UsageError, match=message):
        _ = ClassifierView(lost).data


def test_the_training_part_has_the_pictures_that_the_run_used(lost, tmp_path):
    write_small_dataset(tmp_path / "data")
    classifier = load_classifier(lost)
    notes = classifier.notes
    classifier.save(lost / runs.AGENT_FILE, notes | {"data": notes["data"] | {"number": 12}})
    assert len(ClassifierView(lost).data.train[1]) == 12


@pytest.mark.parametrize(
    "data", [None, 1, [], {}, {"data": 7}, {"data": "\0"}, {"data": "."}, {"kinds": [1, 2]}]
)
def test_whatever_the_notes_hold_the_memory_can_be_viewed(lost, data):
    classifier = load_classifier(lost)
    classifier.save(lost / runs.AGENT_FILE, {"data": data, "performance": data, "best": data})
    view = ClassifierView(lost)
    assert not view.has_data
    assert view.missing
    assert view.kinds == ["0", "1", "2"]
    assert view.summary() == "not known without the data set"


def test_a_classifier_of_texts_uses_the_names_of_the_kinds(lost, tmp_path):
    dataset, split = write_small_dataset(tmp_path / "data")
    about = load_classifier(lost).notes["data"]
    names = np.array(KINDS)[dataset.labels]
    classifier = CLASSIFIERS["softmax"](epochs=2).fit(dataset.pictures[split.train], names[split.train])
    file = classifier.save(tmp_path / "texts" / runs.AGENT_FILE, {"data": about})
    view = ClassifierView(file)
    assert view.kinds == sorted(KINDS)
    right = classifier.score(dataset.pictures[split.validation], names[split.validation])
    assert view.scores().accuracy == right
