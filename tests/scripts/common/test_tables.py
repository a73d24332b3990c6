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
