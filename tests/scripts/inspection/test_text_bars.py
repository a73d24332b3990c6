import pytest

from cookie_jar.scripts.common.bars import Bars
from cookie_jar.scripts.inspection.text_bars import bar_lines, block_bar

NAMES = ["up", "pick left", "chair"]


def test_a_chart_says_all_that_decides():
    assert bar_lines(Bars(NAMES, [1.22, 1.25, 1.235]), 40) == [
        "up         +1.22  -0.03  ▏",
        "pick left  +1.25   best  ███████████████",
        "chair      +1.24  -0.01  ███████▌",
        "                         +1.22     +1.25",
    ]


def test_what_was_never_tried_has_no_bar():
    assert bar_lines(Bars(NAMES, [-0.02, 0.0, -0.01], tried=[True, False, True]), 40) == [
        "up         -0.02  -0.02  ▏",
        "pick left      ?",
        "chair      -0.01  -0.01  ███████▌",
        "                         -0.02      0.00",
        "?: never tried, counts as 0.00",
    ]


def test_probabilities_reach_from_0_to_100_percent():
    assert bar_lines(Bars(NAMES, [0.5, 0.499, 0.001], probabilities=True), 35, blocks=False) == [
        "up         50 %  most  ######",
        "pick left  50 %        ######",
        "chair      <1 %        #",
        "                       0 %    100 %",
    ]


@pytest.mark.parametrize("room", [0, 20, 30])
def test_without_room_for_bars_there_are_only_numbers(room):
    lines = bar_lines(Bars(NAMES, [1.0, -2.0, 0.0]), room)
    assert lines == ["up         +1.00   best", "pick left  -2.00  -3.00", "chair       0.00  -1.00"]


@pytest.mark.parametrize(("share", "bar"), [(0, ""), (1e-9, "▏"), (0.5, "██"), (0.65, "██▋"), (1, "████")])
def test_the_length_of_a_bar(share, bar):
    assert block_bar(share, 4) == bar
