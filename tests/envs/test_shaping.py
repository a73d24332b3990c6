"""Hints: potential-based shaping by hand, and its law over all policies."""

import gymnasium as gym
import numpy as np
import pytest
from boards import kitchens
from hypothesis import given, settings

from cookie_jar.agents import value_iteration
from cookie_jar.envs import Action, TabularModel
from cookie_jar.envs.config import make_config
from cookie_jar.envs.shaping import HINT_GAMMA, HINT_PER_STEP, fewest_steps, shaped_reward
from cookie_jar.envs.tabular import World

OPTIONS = [
    {"kitchen": "home"},
    {"kitchen": "corner", "clumsiness": 0.3},
    {"kitchen": "corner", "shuffle_cookies": True, "random_start": True, "likes": "plain"},
]


def chain():
    """Two states in a row: action 0 stays, action 1 goes on, and ends the episode from the second."""
    next_state = np.array([[[0], [1]], [[1], [1]]])
    terminated = np.array([[[False], [False]], [[False], [True]]])
    ones = np.ones((2, 2, 1))
    return TabularModel(next_state, ones, 0 * ones, terminated, np.array([1.0, 0.0]))


def test_fewest_steps_of_a_chain():
    assert fewest_steps(chain()).tolist() == [2, 1]


def test_hints_of_a_chain():
    far, near = 2 * HINT_PER_STEP, HINT_PER_STEP
    expected = [
        [HINT_GAMMA * far - far, HINT_GAMMA * near - far],
        [HINT_GAMMA * near - near, -near],  # the potential of the end is 0
    ]
    np.testing.assert_allclose(shaped_reward(chain())[:, :, 0], expected)


def test_impossible_outcomes_are_no_way():
    model = chain()
    probability = np.array([[[1.0], [0.0]], [[1.0], [1.0]]])
    assert fewest_steps(model._replace(probability=probability)).tolist() == [np.inf, 1]


@settings(max_examples=50)
@given(kitchens())
def test_an_action_changes_the_distance_by_one_at_most(kitchen):
    model = World(make_config(kitchen=str(kitchen))).tabular_model
    acts = fewest_steps(model)
    after = np.where(model.terminated, 0, acts[model.next_state])
    assert (after >= acts[:, None, None] - 1).all()
    assert (after.min(axis=(1, 2)) == acts - 1).all()


@pytest.mark.parametrize("options", OPTIONS)
def test_hints_leave_the_optimal_policy_as_it_is(options):
    plain = World(make_config(**options))
    hinted = World(make_config(hints=True, **options))
    assert not np.array_equal(hinted.tabular_model.reward, plain.tabular_model.reward)
    np.testing.assert_array_equal(
        value_iteration(hinted.tabular_model, gamma=0.99).optimal_actions,
        value_iteration(plain.tabular_model, gamma=0.99).optimal_actions,
    )
    np.testing.assert_array_equal(hinted.unshaped_model.reward, plain.tabular_model.reward)


def test_step_returns_the_hint_but_info_the_happiness():
    env = gym.make("CookieJar-v0", hints=True)
    env.reset()
    _, reward, _, _, info = env.step(Action.RIGHT)
    assert info["happiness"] == -0.01
    assert reward == pytest.approx(-0.01 + 0.99 * -1.4 + 1.5)
