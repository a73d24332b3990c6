"""Hints: potential-based shaping by hand, and its law over all policies."""

import gymnasium as gym
import numpy as np
import pytest
from boards import kitchens
from hypothesis import given, settings

from cookie_jar.agents import evaluate, optimum, uniform_policy, value_iteration
from cookie_jar.envs import Action, TabularModel
from cookie_jar.envs.config import make_config
from cookie_jar.envs.errors import OptionError
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


@pytest.mark.parametrize("gamma", [0.5, 0.9, 0.97, 0.99, 0.998])
@pytest.mark.parametrize("options", OPTIONS)
def test_hints_with_the_gamma_of_the_agent_leave_the_optimal_policy_as_it_is(options, gamma):
    plain = World(make_config(**options))
    hinted = World(make_config(hints=True, hint_gamma=gamma, **options))
    assert not np.array_equal(hinted.tabular_model.reward, plain.tabular_model.reward)
    np.testing.assert_array_equal(
        value_iteration(hinted.tabular_model, gamma=gamma).optimal_actions,
        value_iteration(plain.tabular_model, gamma=gamma).optimal_actions,
    )
    np.testing.assert_array_equal(hinted.unshaped_model.reward, plain.tabular_model.reward)


def share_of_possible(agent_gamma, hint_gamma):
    """Return what the best policy by the hinted rewards is worth, from 0 (random) to 1 (the optimum)."""
    hinted = World(make_config(random_start=True, hints=True, hint_gamma=hint_gamma))
    policy = value_iteration(hinted.tabular_model, gamma=agent_gamma).optimal_actions.argmax(axis=1)
    model = hinted.unshaped_model
    random, best = evaluate(model, uniform_policy(model), 200), optimum(model, 200)
    found = evaluate(model, policy, 200)
    return (found.mean_return - random.mean_return) / (best.mean_return - random.mean_return)


def test_hints_with_another_gamma_change_what_is_best():
    assert share_of_possible(0.998, 0.998) == pytest.approx(1)
    assert share_of_possible(0.998, 0.99) < 0.5  # a bonus for distance: it loiters
    assert share_of_possible(0.9, 0.99) == pytest.approx(1)  # a penalty for distance does no harm here


@pytest.mark.parametrize("gamma", [-0.1, 1.1, float("nan"), "0.9", True, None])
def test_a_hint_gamma_is_a_discount_factor(gamma):
    with pytest.raises(OptionError, match="hint_gamma: expected a discount factor from 0 to 1"):
        make_config(hints=True, hint_gamma=gamma)


def test_a_hint_gamma_needs_hints():
    with pytest.raises(OptionError, match="hint_gamma: expected hints=True"):
        make_config(hint_gamma=0.9)


def test_step_returns_the_hint_but_info_the_happiness():
    env = gym.make("CookieJar-v0", hints=True)
    env.reset()
    _, reward, _, _, info = env.step(Action.RIGHT)
    assert info["happiness"] == -0.01
    assert reward == pytest.approx(-0.01 + 0.99 * -1.4 + 1.5)
