from math import inf, nan

import pytest

from cookie_jar.scripts.common.bars import Bars, decimals_for, signed_with

NAMES = ["a", "b", "c"]


def test_the_span_of_values_is_from_the_least_to_the_best():
    assert Bars(NAMES, [1.2, 1.3, 1.25]).span == (1.2, 1.3)
    assert Bars(NAMES, [-1.2, nan, inf]).span == (-1.2, -1.2)
    assert Bars(NAMES, [-1.2, -0.5, 3.0], from_zero=True).span == (-1.2, 3.0)
    assert Bars(NAMES, [0.2, 0.3, 0.5], probabilities=True).span == (0.0, 1.0)
    assert Bars(NAMES, [nan, nan, nan]).span == (0.0, 0.0)


def test_values_that_have_run_away_are_written_briefly():
    bars = Bars(NAMES, [-1e299, 1.5, 1e299])
    assert bars.number_of(2) == "+1.0e299"
    assert max(len(text) for text in bars.distances()) < 10
    assert Bars(NAMES, [-1.7e308, 1.5, 1.7e308]).span == (1.5, 1.5)


def test_a_value_that_was_not_learned_counts_only_as_the_best():
    tried = [True, True, False]
    assert Bars(NAMES, [0.5, 0.6, 0.0], tried=tried).span == (0.5, 0.6)
    bars = Bars(NAMES, [-0.5, -0.6, 0.0], tried=tried)
    assert bars.span == (-0.6, 0.0)
    assert [bars.number_of(row) for row in range(3)] == ["-0.50", "-0.60", "?"]
    assert bars.distances() == ["-0.50", "-0.60", ""]
    assert not any(bars.is_best(row) for row in range(3))


@pytest.mark.parametrize(
    ("bars", "note"),
    [
        (Bars(NAMES, [0.1, 0.2, 0.0], tried=[True, True, False]), "?: never tried, counts as 0.00"),
        (Bars(NAMES, [0.2, 0.2, 0.1], tried=[True] * 3), "no best action yet"),
        (Bars(NAMES, [0.2, 0.2, 0.1]), ""),
        (Bars(NAMES, [0.3, 0.2, 0.1], tried=[True] * 3), ""),
        (Bars(NAMES, [0.4, 0.4, 0.2], probabilities=True), ""),
    ],
)
def test_the_note_says_what_is_not_known(bars, note):
    assert bars.note() == note


def test_values_have_as_many_decimals_as_tell_them_apart():
    assert decimals_for((1.22, 1.25)) == 2
    assert decimals_for((-0.0142, -0.01)) == 3
    assert decimals_for((0.0, 480.0)) == 0
    assert decimals_for((480.2, 480.7)) == 1
    assert decimals_for((1.0, 1.0)) == 2
    assert signed_with(-0.0142, 3) == "-0.014"
    assert signed_with(0.0, 3) == "0.00"
    assert signed_with(0.0001, 2) == "+0.0001"


@pytest.mark.parametrize(
    ("values", "distances"),
    [
        ([1.22, 1.25, 1.235], ["-0.03", "best", "-0.01"]),
        ([-0.0114, -0.01, -0.0132], ["-0.001", "best", "-0.003"]),
        ([1.0, 1.4, 1.398], ["-0.400", "best", "-0.002"]),
        ([1.0, 1.4, 1.4 - 1e-5], ["-0.4000", "best", "-1e-5"]),
        ([480.0, 150.0, 481.0], ["-1", "-331", "best"]),
        ([nan, nan, nan], ["", "", ""]),
    ],
)
def test_distances_from_the_best_have_the_same_decimals(values, distances):
    assert Bars(NAMES, values).distances() == distances


@pytest.mark.parametrize(("value", "text"), [(0.0, "0 %"), (0.004, "<1 %"), (0.996, ">99 %"), (1.0, "100 %")])
def test_a_probability_reads_0_or_100_percent_only_if_that_is_true(value, text):
    assert Bars(["a"], [value], probabilities=True).number_of(0) == text


def test_the_best_rows_and_the_highlighted_one_remain():
    bars = Bars(list("abcde"), [5.0, nan, 1.0, 4.0, 3.0], chosen=2, tried=[True] * 5).part(3)
    assert (bars.names, bars.values, bars.chosen) == (["a", "c", "d"], [5.0, 1.0, 4.0], 1)
    assert bars.part(3) is bars
