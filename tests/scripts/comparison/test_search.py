from argparse import ArgumentTypeError

import numpy as np
import pytest

from cookie_jar.scripts.comparison.search import Range, combinations, draws, parse_range


def test_values_on_the_command_line():
    assert parse_range("a=1,2.5,true") == ("a", [1, 2.5, True])
    assert parse_range("net_arch=[64,64],[8]") == ("net_arch", [[64, 64], [8]])
    assert parse_range("optimizer=adam,sgd") == ("optimizer", ["adam", "sgd"])
    assert parse_range("rate=0.01..1") == ("rate", Range(0.01, 1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        *((text, "expected NAME=A,B,C") for text in ("rate", "rate=", "=1", "a b=1")),
        *((f"rate={text}", "0 < LOW < HIGH") for text in ("0..1", "2..1", "1..Infinity", "true..2", "a..b")),
    ],
)
def test_other_texts_are_refused(text, message):
    with pytest.raises(ArgumentTypeError, match=message):
        parse_range(text)


def test_combinations():
    assert combinations({"a": [1, 2], "b": ["x"]}) == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]
    assert combinations({}) == [{}]


def test_draws_are_log_uniform():
    """Half of 2,000 draws lie below the geometric mean; 4 standard errors are 4.5 %: 1 failure in 16,000."""
    drawn = [setting["rate"] for setting in draws({"rate": Range(0.01, 1.0)}, 2_000, 0)]
    assert min(drawn) >= 0.01
    assert max(drawn) <= 1
    assert abs(np.mean(np.array(drawn) < 0.1) - 0.5) < 0.045


def test_the_first_draws_stay_when_more_are_drawn():
    ranges = {"rate": Range(1, 100), "kind": ["x", "y"]}
    assert draws(ranges, 3, 1) == draws(ranges, 9, 1)[:3]
    assert all(isinstance(setting["rate"], int) for setting in draws(ranges, 9, 1))
    assert {setting["kind"] for setting in draws(ranges, 20, 1)} == {"x", "y"}
