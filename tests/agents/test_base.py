import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import ActorCritic, AgentError, QLearning


def steps_at_callbacks(agent, total, interval):
    seen = []
    agent.learn(total, lambda agent: seen.append(agent.num_timesteps), callback_interval=interval)
    return seen


def test_an_interval_of_steps():
    agent = QLearning("CookieJarCorner-v0", seed=0)
    assert steps_at_callbacks(agent, 1_000, 300) == [300, 600, 900, 1_000]


def test_an_interval_that_depends_on_the_steps():
    agent = QLearning("CookieJarCorner-v0", seed=0)
    assert steps_at_callbacks(agent, 1_000, lambda now: max(10, 3 * now)) == [10, 30, 90, 270, 810, 1_000]
    undisturbed = QLearning("CookieJarCorner-v0", seed=0).learn(1_000)
    assert (agent.q_table == undisturbed.q_table).all()


def test_the_interval_goes_on_from_earlier_calls():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(250)
    assert steps_at_callbacks(agent, 500, lambda now: (now // 100 + 1) * 100) == [
        300,
        400,
        500,
        600,
        700,
        750,
    ]


def test_environments_are_stepped_together_to_the_next_callback():
    agent = ActorCritic("CookieJarCorner-v0", seed=0, n_envs=8)
    assert steps_at_callbacks(agent, 100, lambda now: now + 10) == [16, 32, 48, 64, 80, 96, 104]


@pytest.mark.parametrize("interval", [0, -5, 2.5, lambda now: now, lambda now: now - 1])
def test_an_interval_has_to_lead_on(interval):
    with pytest.raises(AgentError, match="callback_interval: expected a whole number of at least 1"):
        QLearning("CookieJarCorner-v0", seed=0).learn(100, callback_interval=interval)


def test_a_callback_sees_the_episodes_of_its_part():
    agent, lengths = QLearning("CookieJarCorner-v0", seed=0), []

    def callback(agent):
        assert len(agent.episode_returns) == len(agent.episode_lengths) == len(agent.episode_ends)
        lengths.append(list(agent.episode_lengths))

    agent.learn(5_000, callback, callback_interval=500)
    assert len(lengths) == 10
    assert sum(map(len, lengths)) == agent.num_episodes > 10
    ends = np.cumsum([length for part in lengths for length in part])
    parts = np.repeat(range(10), [len(part) for part in lengths])
    assert ((ends - 1) // 500 == parts).all()  # every episode is seen in the part where it ends


def test_an_environment_is_replaced_by_one_of_the_same_spaces():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(500)
    agent.env = gym.make("CookieJarCorner-v0", likes="raisin")
    assert agent.episode_returns == []
    assert agent.resume_state() == {}
    with pytest.raises(AgentError, match="expected an environment with Discrete"):
        agent.env = gym.make("CookieJar-v0")
