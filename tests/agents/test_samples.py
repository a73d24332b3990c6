"""Samples and labels: right ones in many forms, and odd ones in one line."""

import numpy as np
import pytest

from cookie_jar.agents import AgentError
from cookie_jar.agents.samples import checked_labels, checked_pictures, checked_rows, label_numbers


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([1, 2], "Reshape your data"),
        ([[[1]]], "Reshape your data"),
        ([[1, 2], [3]], "expected rows of numbers"),
        ([[np.nan, 1]], "finite numbers, got NaN"),
        ([[np.inf, 1]], "finite numbers, got inf"),
        ([["a", "b"]], "expected numbers"),
        ([[1j, 2]], "Complex data not supported"),
        (np.zeros((3, 0)), "0 feature"),
        (None, "expected"),
        (5, "expected"),
        ([[10**400]], "expected"),
    ],
)
def test_odd_rows_are_refused(rows, message):
    with pytest.raises(AgentError, match=message) as error:
        checked_rows(rows)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("rows", [[[1, 2]], ((1.5, 2),), np.ones((2, 2), np.int8), np.ones((2, 3), bool)])
def test_rows_become_floats(rows):
    assert checked_rows(rows).dtype == np.float64


@pytest.mark.parametrize(
    "pictures",
    [
        np.zeros((2, 8, 8, 3)),
        np.zeros((2, 8, 8, 4), np.uint8),
        np.zeros((8, 8, 3), np.uint8),
        np.zeros((2, 0, 8, 3), np.uint8),
        np.zeros((2, 8, 5_000, 3), np.uint8),
        [[[[1, 2, 3]]]],
        None,
        "pictures",
    ],
)
def test_odd_pictures_are_refused(pictures):
    with pytest.raises(AgentError, match="X: expected pictures"):
        checked_pictures(pictures)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1], "expected 3 labels, one per sample, got 2"),
        ([0, 1, np.nan], "NaN"),
        ([0, 1, 0.5], "Unknown label type: continuous"),
        ([[0, 1], [1, 0], [1, 1]], "expected a label per sample"),
        ([0, "a", None], "of one kind"),
        (np.array([1, "a", 2], object), "of one kind"),
        (np.array([1j, 2, 3]), "whole numbers or texts"),
        (None, "requires y to be passed"),
        (7, "expected a label per sample"),
        ([[0], [1, 2], [3]], "expected a label per sample"),
    ],
)
def test_odd_labels_are_refused(labels, message):
    with pytest.raises(AgentError, match=message) as error:
        checked_labels(labels, 3)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "labels",
    [[2, 0, 2], ["b", "a", "b"], [True, False, True], [2.0, 0.0, 2.0], np.array(["b", "a", "b"], object)],
)
def test_labels_have_numbers(labels):
    found = checked_labels(labels, 3)
    classes = np.unique(found)
    assert label_numbers(labels, classes, 3).tolist() == [1, 0, 1]
    with pytest.raises(AgentError, match=r"expected (the classes|labels such as)"):
        label_numbers(["z", "a", "b"] if classes.dtype.kind == "U" else [5, 0, 0], classes, 3)


def test_texts_are_not_numbers():
    with pytest.raises(AgentError, match="expected labels such as 'a'"):
        label_numbers([0, 1], np.array(["a", "b"]), 2)
