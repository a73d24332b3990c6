import pickle

import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.envs import (
    ActionError,
    CookieJarError,
    KitchenError,
    OptionError,
    ResetNeededError,
    StateError,
)
from cookie_jar.envs.errors import SHOWN, shown


@pytest.mark.parametrize("kind", [ActionError, KitchenError, OptionError, StateError])
def test_bad_values_are_value_errors_too(kind):
    assert issubclass(kind, CookieJarError)
    assert issubclass(kind, ValueError)


def test_a_missing_reset_is_gymnasium_s_error_too():
    assert issubclass(ResetNeededError, CookieJarError)
    assert issubclass(ResetNeededError, gym.error.ResetNeeded)


def test_a_kitchen_error_points_at_the_place():
    error = KitchenError("expected a wall", ["#J#", "#x#"], line=2, column=2)
    assert str(error).splitlines() == [
        "kitchen, line 2, column 2: expected a wall",
        "    #J#",
        "    #x#",
        "     ^ here",
    ]
    assert (error.reason, error.line, error.column) == ("expected a wall", 2, 2)


def test_a_kitchen_error_without_a_place():
    assert str(KitchenError("expected a map", ["#"])).splitlines() == ["kitchen: expected a map", "    #"]


def test_a_kitchen_error_shows_the_part_around_the_place():
    rows = ["." * 500 for _ in range(300)]
    rows[200] = "." * 400 + "x" + "." * 99
    message = str(KitchenError("expected a floor", rows, line=201, column=401)).splitlines()
    assert len(message) == 22
    assert max(map(len, message)) < 90
    marker = next(i for i, line in enumerate(message) if line.endswith("^ here"))
    assert message[marker - 1].index("x") == message[marker].index("^")


def test_a_kitchen_error_survives_the_way_from_a_worker():
    error = KitchenError("expected a wall", ["#J#", "#x#"], line=2, column=2)
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.reason, copy.line, copy.column) == (str(error), "expected a wall", 2, 2)


class Odd:
    def __repr__(self):
        raise RuntimeError


FOREIGN = {
    "long": "x" * 10**6,
    "escape": "\x1b]0;x\a",
    "surrogate": "\ud800",
    "nested": [["a"] * 999] * 999,
    "number": 10**5000,
    "no repr": Odd(),
    "array": np.zeros((3, 99)),
    "in a dict": {1: Odd()},
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_values_are_short_and_printable(name):
    assert len(shown(FOREIGN[name])) < 5 * SHOWN
    assert shown(FOREIGN[name]).isprintable()
