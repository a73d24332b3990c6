"""The settings that a sweep tries: all combinations of values, or random draws from ranges."""

import argparse
from collections.abc import Mapping
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from cookie_jar.agents.errors import FileError
from cookie_jar.agents.files import parse_json
from cookie_jar.agents.hyperparameters import Whole

LARGEST = 1e15  # of a range


class Range(NamedTuple):
    """The numbers between two positive bounds; integers if both bounds are integers."""

    low: float
    high: float

    def draw(self, rng: np.random.Generator) -> float:
        """Draw a number, uniform on a logarithmic scale (Bergstra and Bengio 2012)."""
        drawn = float(np.exp(rng.uniform(np.log(self.low), np.log(self.high))))
        both_integers = isinstance(self.low, int) and isinstance(self.high, int)
        return round(drawn) if both_integers else float(f"{drawn:.6g}")


Values = list[Any] | Range


def parse_range(text: str) -> tuple[str, Values]:
    """Return the name and the values of "NAME=A,B,C" or "NAME=LOW..HIGH"; values are JSON or plain texts.

    Texts, such as "adam" and ".1", are left as they are: the hyperparameter says what they stand for.

    Raises:
        argparse.ArgumentTypeError: If the text has neither form.
    """
    name, equals, values = text.partition("=")
    if not name.isidentifier() or not equals or not values:
        raise argparse.ArgumentTypeError(f"expected NAME=A,B,C or NAME=LOW..HIGH, got {text!r}")
    low, dots, high = values.partition("..")
    if not dots:
        parsed = _json(f"[{values}]")  # lists and quoted words may contain commas
        return name, parsed if isinstance(parsed, list) else [_json(value) for value in values.split(",")]
    bounds = _number(low), _number(high)
    numbers = all(isinstance(bound, (int, float)) for bound in bounds)
    if not numbers or not 0 < bounds[0] < bounds[1] <= LARGEST:
        raise argparse.ArgumentTypeError(f"{name}: expected LOW..HIGH with 0 < LOW < HIGH, got {values!r}")
    return name, Range(*bounds)


def combinations(ranges: Mapping[str, Values]) -> list[dict[str, Any]]:
    """Return all combinations of the values; a single empty setting if nothing varies."""
    names = list(ranges)
    return [dict(zip(names, values, strict=True)) for values in product(*ranges.values())]


def draws(ranges: Mapping[str, Values], number: int, seed: int) -> list[dict[str, Any]]:
    """Draw independent settings; drawing more does not change the first ones."""
    rng = np.random.default_rng(seed)
    return [
        {
            name: values.draw(rng) if isinstance(values, Range) else values[int(rng.integers(len(values)))]
            for name, values in ranges.items()
        }
        for _ in range(number)
    ]


def _json(text: str) -> Any:
    try:
        return parse_json(text, "values")
    except FileError:
        return text


def _number(text: str) -> Any:
    """Return the number that a text stands for, an int if its form is that of one; or the text itself."""
    number = Whole(0).from_text(text)
    return float(number) if isinstance(number, int) and not text.isdecimal() else number
