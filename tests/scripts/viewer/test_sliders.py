import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401
from cookie_jar.agents import PPO, QLearning
from cookie_jar.scripts.viewer.sliders import (
    BONUS,
    DISLIKED,
    ENTROPY,
    EPSILON,
    FASTEST,
    INITIAL,
    RATE,
    SPEED,
    TrainingSliders,
    disliked,
    epsilon,
    with_disliked,
)
from cookie_jar.scripts.viewer.widgets.slider import Slider


def names(sliders):
    return [slider.name for slider in sliders.current()]


def test_each_kind_of_agent_has_its_sliders():
    tables = [SPEED, RATE, EPSILON, INITIAL, BONUS]
    assert names(TrainingSliders(QLearning("CookieJarCorner-v0"), 100)) == [*tables, DISLIKED]
    assert names(TrainingSliders(PPO("CookieJarCorner-v0"), 100)) == [SPEED, RATE, ENTROPY, DISLIKED]
    assert names(TrainingSliders(QLearning("FrozenLake-v1"), 100)) == tables


@pytest.mark.parametrize(("target", "speed"), [(100, 20), (90_000, 2_000), (10**9, FASTEST)])
def test_the_first_speed_suits_the_length_of_the_training(target, speed):
    assert TrainingSliders(QLearning("CookieJarCorner-v0"), target).speed == speed


def test_values_are_applied():
    sliders = TrainingSliders(QLearning("CookieJarCorner-v0"), 100)
    for name, value in ((SPEED, 123.0), (RATE, 0.5), (EPSILON, 0.25)):
        sliders.apply(Slider(name, value, 0, 1))
    values = {slider.name: slider.value for slider in sliders.current()}
    assert (values[SPEED], values[RATE], values[EPSILON]) == (123.0, 0.5, 0.25)
    agent = PPO("CookieJarCorner-v0")
    for name, value in ((RATE, 0.1), (ENTROPY, 0.05), (EPSILON, 0.9)):
        TrainingSliders(agent, 100).apply(Slider(name, value, 0, 1))
    assert (agent.learning_rate, agent.ent_coef) == (0.1, 0.05)


def test_epsilon_falls_with_the_steps():
    settings = {"exploration_initial_eps": 1.0, "exploration_final_eps": 0.2, "exploration_steps": 100}
    agent = QLearning("CookieJarCorner-v0", seed=0, **settings)
    assert epsilon(agent) == 1.0
    agent.learn(50)
    assert epsilon(agent) == pytest.approx(0.6)
    agent.learn(500)
    assert epsilon(agent) == pytest.approx(0.2)


def test_only_the_happiness_of_a_disliked_cookie_changes():
    env = gym.make("CookieJarCorner-v0", happiness={"act": -0.5}, max_episode_steps=33)
    other = with_disliked(env, 0.754, "rgb_array")
    happiness = other.unwrapped.world.config.happiness
    assert (happiness.act, happiness.cookie_disliked) == (-0.5, 0.75)
    assert (other.spec.max_episode_steps, other.render_mode) == (33, "rgb_array")
    assert other.unwrapped.world.num_states == env.unwrapped.world.num_states
    assert disliked(other) == 0.75
    assert disliked(gym.make("FrozenLake-v1")) is None


def test_the_initial_value_moves_the_numbers_that_were_never_updated():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(200)
    before, sliders = agent.q_table.copy(), TrainingSliders(agent, 1_000)
    sliders.apply(Slider(INITIAL, -0.98, -2, 2))
    assert agent.initial_value == -1.0  # in steps of 0.05
    np.testing.assert_array_equal(agent.q_table, np.where(before == 0, -1.0, before))
    sliders.apply(Slider(INITIAL, 0.0, -2, 2))
    np.testing.assert_array_equal(agent.q_table, before)


def test_the_bonus_counts_from_the_next_step_on():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(200)
    TrainingSliders(agent, 1_000).apply(Slider(BONUS, 0.25, 0, 1))
    agent.learn(300)
    assert agent.visits.sum() == 300
