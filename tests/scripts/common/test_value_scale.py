import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.scripts.common import value_scale
from cookie_jar.scripts.common.value_scale import ValueScale, optimal_action_values, scale_of


def test_a_scale_contains_0_and_all_finite_values():
    assert ValueScale() == (0, 0)
    assert scale_of([]) == (0, 0)
    assert scale_of([0.5, np.nan, 2.0, np.inf]) == (0, 2)
    assert scale_of([[-3.0], [-1.0]]) == (-3, 0)


def test_a_scale_only_widens():
    scale = ValueScale(-1, 2)
    assert scale.widened([0.5]) == scale
    assert scale.widened([3.0]) == (-1, 3)
    assert ValueScale.union([scale, ValueScale(-2, 1)]) == (-2, 2)
    assert ValueScale.union([]) == (0, 0)


def test_the_scale_of_a_kitchen_reaches_to_the_best_value_possible(monkeypatch):
    world = gym.make("CookieJarCorner-v0").unwrapped.world
    best = optimal_action_values(world).max()
    assert scale_of([-1.0, 0.5], world) == (-1, pytest.approx(best))
    assert scale_of([best + 1], world) == (0, pytest.approx(best + 1))
    monkeypatch.setattr(value_scale, "MAX_STATES", world.num_states - 1)
    assert scale_of([0.5], world) == (0, 0.5)
