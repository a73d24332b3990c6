import numpy as np
import pytest

from cookie_jar.scripts.classification import yardsticks
from cookie_jar.scripts.classification.yardsticks import YARDSTICKS, missing

CENTRES = np.array([[40, 40, 40], [40, 200, 40], [200, 40, 40]])


def blobs(number, seed, kinds=3):
    rng = np.random.default_rng(seed)
    labels = np.arange(number) % kinds
    return (CENTRES[labels] + rng.integers(-20, 21, (number, 3))).astype(np.uint8), labels


@pytest.mark.parametrize("yardstick", YARDSTICKS, ids=lambda y: f"{y.name} {y.inputs}")
@pytest.mark.parametrize("kinds", [2, 3])
def test_each_method_tells_separate_blobs_apart(yardstick, kinds):
    if yardstick.library is not None:
        pytest.importorskip(yardstick.library)
    train, labels = blobs(120, 0, kinds)
    test, wanted = blobs(60, 1, kinds)
    predicted, numbers = yardstick.method(train, labels, kinds, test)
    share = (predicted == wanted).mean()
    assert share == (1 / kinds if yardstick.name == "always the same" else 1)
    assert numbers > 0


def test_a_kind_without_training_pictures_is_never_predicted():
    train, labels = blobs(60, 0)
    train, labels = train[labels != 1], labels[labels != 1]
    for yardstick in YARDSTICKS:
        if yardstick.library is None:
            predicted, _ = yardstick.method(train, labels, 3, blobs(30, 1)[0])
            assert set(predicted) <= {0, 2}


def test_numbers_that_are_kept():
    train, labels = blobs(60, 0)
    assert yardsticks.most_frequent(train, labels, 3, train)[1] == 1
    assert yardsticks.nearest_mean(train, labels, 3, train)[1] == 9
    assert yardsticks.nearest_neighbours(train, labels, 3, train)[1] == 180


def test_the_numbers_of_one_split_per_kind_are_counted():
    pytest.importorskip("xgboost")
    train, labels = np.array([[0.0], [1.0]] * 20), np.array([0, 1] * 20)
    _, numbers = yardsticks.xgboost(train, labels, 2, train)
    assert numbers <= yardsticks.TREES * 4  # two leaves, and the input and the threshold of the split
    assert numbers >= 4


def test_fewer_training_pictures_than_neighbours_are_enough():
    train, labels = blobs(3, 0)
    predicted, _ = yardsticks.nearest_neighbours(train, labels, 3, train)
    assert len(predicted) == 3


def test_libraries_that_are_not_installed_are_named(monkeypatch):
    monkeypatch.setattr(yardsticks, "find_spec", lambda name: None)
    assert missing() == ["xgboost", "sklearn"]
