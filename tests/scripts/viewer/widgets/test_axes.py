import pytest

from cookie_jar.scripts.viewer.widgets.axes import Axis, short_number, value_range


def test_values_lie_between_the_ends():
    axis = Axis(-1.0, 3.0, 10.0, 410.0)
    assert [axis.pixel(x) for x in (-1.0, 0.0, 3.0)] == pytest.approx([10, 110, 410])
    assert Axis(2.0, 2.0, 0.0, 100.0).pixel(2.0) == 50


def test_ticks_are_few_and_round():
    assert Axis(-2.2, 1.37, 0, 100).ticks(4) == [-2, -1, 0, 1]
    assert Axis(0.0, 100_000.0, 0, 100).ticks(4) == [0, 25_000, 50_000, 75_000, 100_000]
    for high in (1e-6, 0.3, 7.0, 12_345.0):
        assert 1 <= len(Axis(0.0, high, 0, 100).ticks(5)) <= 6


def test_the_range_of_values_is_never_empty():
    assert value_range([3.0, float("nan"), -1.0, float("inf")]) == (-1.0, 3.0)
    assert value_range([2.0, 2.0]) == (1.5, 2.5)
    assert value_range([]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (0.25, "0.25"), (-2.0, "-2"), (25_000, "25k"), (1_500_000, "1.5M")]
)
def test_short_numbers(value, text):
    assert short_number(value) == text
