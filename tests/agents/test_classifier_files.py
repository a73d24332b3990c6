"""Files of classifiers: they come back whole, and odd files are refused cheaply."""

import tracemalloc
from random import Random

import numpy as np
import pytest
from damage import damaged

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    AgentError,
    ConvClassifier,
    MemoryFileError,
    MLPClassifier,
    QLearning,
    SoftmaxClassifier,
    load,
    load_classifier,
)
from cookie_jar.agents.memory import read_memory, write_memory

ROWS = np.random.default_rng(0).standard_normal((12, 3))
LABELS = np.arange(12) % 3


@pytest.fixture
def path(tmp_path):
    classifier = MLPClassifier(hidden=(4,), epochs=2, batch_size=5).fit(ROWS, LABELS, (ROWS, LABELS))
    return classifier.save(tmp_path / "saved", notes={"kinds": ["raisin", "chip", "plain"]})


@pytest.mark.parametrize(
    "labels", [LABELS, LABELS.astype(float), LABELS > 0, np.array(["é", "a", "ß"])[LABELS]]
)
def test_everything_comes_back(labels, tmp_path):
    classifier = SoftmaxClassifier(epochs=3, learning_rate=0.5, seed=9).fit(ROWS, labels, (ROWS, labels))
    loaded = load_classifier(classifier.save(tmp_path / "x"))
    assert type(loaded) is SoftmaxClassifier
    assert loaded.get_params() == classifier.get_params()
    assert loaded.classes_.dtype.kind == classifier.classes_.dtype.kind
    np.testing.assert_array_equal(loaded.predict(ROWS), classifier.predict(ROWS))
    np.testing.assert_array_equal(loaded.logits(ROWS), classifier.logits(ROWS))
    for name in ("validation_curve_", "loss_curve_", "best_epoch_", "num_steps", "n_features_in_", "notes"):
        assert getattr(loaded, name) == getattr(classifier, name), name


def test_notes_and_description(path):
    _, description = read_memory(path)
    assert description["classes"] == [0, 1, 2]
    assert description["input_shape"] == [3]
    assert description["num_timesteps"] == 6
    assert load_classifier(path).notes == {"kinds": ["raisin", "chip", "plain"]}
    with pytest.raises(AgentError, match="plain values"):
        load_classifier(path).save(path, notes={"x": object()})


CHANGES = {
    "algorithm": ("QLearning", None, 5),
    "classes": (
        [0, 1],
        [0, 0, 1],
        [2, 1, 0],
        [0, "a", 1],
        [[0], [1], [2]],
        "abc",
        None,
        [0, 1, 10**30],
        [0] * 10**5,
    ),
    "input_shape": ([4], [3, 3, 3], [], [0], [-3], [2**60], ["3"], None, [10**9, 10**9, 3], [3.0]),
    "num_timesteps": (-1, 9, 10**18, 2**70, "6", None, True),
    "progress": (
        {},
        None,
        *(
            {
                "samples": 12,
                "loss_sum": 0.0,
                "loss_curve": [0.1, 0.1],
                "best_epoch": 1,
                "validation_curve": [],
            }
            | {"before_epoch": before}
            for before in ({}, 5, {"bit_generator": "MT19937"})
        ),
    ),
    "random_state": ({}, None, {"bit_generator": "PCG64", "state": {"state": -1, "inc": 1}}),
    "hyperparameters": ({}, None, {"hidden": [4]}),
    "notes": (None, 5),
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in CHANGES.items() for value in values], ids=str
)
def test_odd_descriptions_are_refused(key, value, path):
    arrays, description = read_memory(path)
    description.pop("format_version")
    write_memory(path, arrays, description | {key: value})
    with pytest.raises(MemoryFileError) as error:
        load_classifier(path)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 700


@pytest.mark.parametrize(
    "setting", [{"hidden": [4_096] * 8}, {"hidden": [3]}, {"batch_size": 1}, {"epochs": 0}]
)
def test_hyperparameters_must_fit_the_arrays(setting, path):
    arrays, description = read_memory(path)
    description.pop("format_version")
    write_memory(path, arrays, description | {"hyperparameters": description["hyperparameters"] | setting})
    tracemalloc.start()
    try:
        with pytest.raises(MemoryFileError):
            load_classifier(path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 24
    finally:
        tracemalloc.stop()


def test_many_claimed_samples_cost_nothing(path):
    arrays, description = read_memory(path)
    description.pop("format_version")
    description["progress"] = description["progress"] | {"samples": 1 << 60, "loss_curve": []}
    write_memory(path, arrays, description)
    loaded = load_classifier(path)
    with pytest.raises(AgentError, match="samples that training began with"):
        loaded.train(ROWS, LABELS, 1)


def test_weights_that_are_not_finite_are_not_saved(path):
    classifier = load_classifier(path)
    classifier.arrays()["1.weight"][0, 0] = np.nan
    with pytest.raises(MemoryFileError, match="not finite"):
        classifier.save(path)


@pytest.mark.parametrize("number", range(40))
def test_damaged_files_are_refused(number, path):
    data = damaged(path.read_bytes(), Random(number))
    if data == path.read_bytes():
        return
    path.write_bytes(data)
    with pytest.raises(MemoryFileError):
        load_classifier(path)


def test_agents_and_classifiers_are_not_mixed_up(path, tmp_path):
    agent = QLearning("CookieJarCorner-v0", seed=0).save(tmp_path / "agent")
    with pytest.raises(MemoryFileError, match="expected one of the classifiers"):
        load_classifier(agent)
    with pytest.raises(MemoryFileError, match="expected a ConvClassifier, got 'MLPClassifier'"):
        ConvClassifier.load(path)
    with pytest.raises(AgentError):
        load(path)
    with pytest.raises(AgentError, match="expected"):
        load_classifier(tmp_path / "missing")
