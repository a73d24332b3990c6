import gymnasium as gym
import pytest

from cookie_jar.envs import (
    ActionError,
    CookieJarError,
    KitchenError,
    OptionError,
    ResetNeededError,
    StateError,
)


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
