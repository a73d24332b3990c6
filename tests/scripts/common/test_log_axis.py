import pytest

from cookie_jar.scripts.common.log_axis import log_ticks, seconds_text, steps_text


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (100, 3_000, 3, [100, 1_000]),
        (1, 1e6, 3, [1, 1e3, 1e6]),
        (100, 200, 3, [100, 200]),
        (150, 900, 3, [200, 500]),
        (1.1, 1.9, 3, [1.1]),
        (1e-4, 1, 2, [1e-4, 0.1]),
    ],
)
def test_ticks_are_round_and_few(low, high, most, ticks):
    assert log_ticks(low, high, most) == pytest.approx(ticks)


def test_numbers_are_written_in_few_letters():
    assert [steps_text(number) for number in (1, 500, 2_000, 1e6, 2.5e9)] == ["1", "500", "2k", "1M", "2.5G"]
    assert [seconds_text(number) for number in (1e-5, 0.01, 0.5, 20)] == ["10 µs", "10 ms", "500 ms", "20 s"]
