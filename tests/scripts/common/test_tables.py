from math import inf, nan

import pytest

from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.common.tables import count_cell, new_table, number_cell, percent_cell


def printed(table, width=80):
    console = Console(width=width)
    with console.capture() as captured:
        console.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]


def test_words_are_at_the_left_and_numbers_at_the_right():
    table = new_table("", "return", "setting", left=("setting",))
    table.add_row("random", "-2.20", "a")
    table.add_row("optimum", "1.4", "longer")
    assert printed(table) == [
        "          return   setting",
        "random     -2.20   a",
        "optimum      1.4   longer",
    ]


def test_a_title_and_the_gap_can_be_set():
    table = new_table("first", "b", gap=1, title="Title")
    table.add_row("1", "2")
    assert printed(table) == ["Title", "first b", "    1 2"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (number_cell(1.005), "1.00"),
        (number_cell(-2.2, 1), "-2.2"),
        (number_cell(nan), ""),
        (percent_cell(35.25), "35.2 %"),
        (percent_cell(0.067, 2), "0.07 %"),
        (percent_cell(nan), ""),
        (count_cell(284561.2), "284,561"),
        (count_cell(inf), "never"),
        (count_cell(nan), ""),
    ],
)
def test_cells(cell, text):
    assert cell == text


def scores():
    table = new_table("", "happiness", "of possible", title="Scores")
    table.add_row("random", "-2.20", "0.0 %")
    table.add_row("learned (greedy)", "1.37", "", style="bold")
    return table


def test_the_gap_shrinks_before_anything_is_broken():
    assert printed(scores(), 42)[-1] == "learned (greedy)        1.37"
    assert printed(scores(), 40)[-1] == "learned (greedy)      1.37"


def test_bars_are_left_out_where_there_is_no_room():
    table = new_table("steps", "", "score")
    table.add_row("1,000", "█" * 20, "1.37")
    assert "█" * 20 in printed(table, 36)[-1]
    assert printed(table, 24) == ["steps score", "1,000  1.37"]


@pytest.mark.parametrize("width", [24, 30])
def test_in_a_narrow_terminal_each_row_is_a_list(width):
    shown = printed(scores(), width)
    assert max(map(len, shown)) <= width
    assert not any("…" in line for line in shown)
    assert " ".join(" ".join(shown).split()) == (
        "Scores random happiness -2.20 of possible 0.0 % learned (greedy) happiness 1.37"
    )
