import gymnasium as gym
import numpy as np
import pytest
from needs import CLIFF

from cookie_jar.agents import AgentError, tabular_model, td_loops
from cookie_jar.agents.model import cumulative, from_transitions, state_observations, time_limit
from cookie_jar.envs import CookieJarEnv


def test_models_come_only_through_transparent_wrappers():
    env = gym.make("CookieJar-v0")
    assert tabular_model(env) is not None
    assert tabular_model(gym.wrappers.RecordEpisodeStatistics(env)) is None  # it has to see the steps
    assert tabular_model(gym.make("CookieJarRandom-v0")) is None  # many kitchens have none in common
    assert tabular_model(gym.wrappers.TransformReward(env, lambda r: 2 * r)) is None
    assert tabular_model(gym.make("CartPole-v1")) is None


def test_the_time_limit_is_that_of_the_wrappers():
    assert time_limit(gym.make("CookieJar-v0")) == 200
    assert time_limit(gym.make("CookieJar-v0", max_episode_steps=30)) == 30
    assert time_limit(gym.make("CookieJar-v0").unwrapped) is None
    assert time_limit(gym.wrappers.TimeLimit(gym.make("CookieJar-v0"), 50)) == 50
    assert time_limit(gym.wrappers.TimeLimit(CookieJarEnv(), 60)) == 60
    assert time_limit(gym.make(CLIFF)) is None
    assert time_limit(type("Other", (gym.wrappers.TimeLimit,), {})(CookieJarEnv(), 70)) == 70
    assert time_limit(type("TimeLimit", (gym.Wrapper,), {})(CookieJarEnv())) is None  # a namesake


def test_toy_text_s_transitions_become_a_model():
    env = gym.make("FrozenLake-v1")
    model = tabular_model(env)
    for state, row in env.unwrapped.P.items():
        for action, outcomes in row.items():
            for k, (probability, following, reward, terminated) in enumerate(outcomes):
                place = state, action, k
                assert model.probability[place] == probability
                assert model.next_state[place] == following
                assert model.reward[place] == reward
                assert model.terminated[place] == terminated
    np.testing.assert_allclose(model.probability.sum(axis=2), 1)


def test_unshaped_models_differ_in_the_rewards_alone():
    env = gym.make("CookieJarHints-v0")
    shaped, unshaped = tabular_model(env), tabular_model(env, unshaped=True)
    assert not np.array_equal(shaped.reward, unshaped.reward)
    np.testing.assert_array_equal(shaped.next_state, unshaped.next_state)
    lake = gym.make("FrozenLake-v1")  # has no shaping
    np.testing.assert_array_equal(tabular_model(lake).reward, tabular_model(lake, unshaped=True).reward)


def test_the_observations_of_states_are_known_with_a_model_alone():
    assert state_observations(gym.make("FrozenLake-v1")).tolist() == list(range(16))
    factors = gym.make("CookieJarCorner-v0", observation="factors")
    observations = state_observations(factors)
    assert len(observations) == len(tabular_model(factors).start) == 40
    assert all(factors.observation_space.contains(observation) for observation in observations)
    assert state_observations(gym.make("CartPole-v1")) is None


def test_a_model_from_transitions_by_hand():
    transitions = {
        0: {0: [(0.25, 1, 2.0, False), (0.75, 0, 1.0, False)], 1: [(1.0, 1, 5.0, True)]},
        1: {0: [(1.0, 0, 0.0, False)], 1: [(1.0, 1, -1.0, True)]},
    }
    model = from_transitions(transitions, np.array([3.0, 1.0]))
    assert model.next_state.tolist() == [[[1, 0], [1, 0]], [[0, 0], [1, 0]]]
    assert model.probability.tolist() == [[[0.25, 0.75], [1, 0]], [[1, 0], [1, 0]]]
    assert model.reward[:, :, 0].tolist() == [[2.0, 5.0], [0.0, -1.0]]
    assert model.terminated[:, :, 0].tolist() == [[False, True], [False, True]]
    assert model.start.tolist() == [0.75, 0.25]


def test_a_next_state_has_to_exist():
    with pytest.raises(AgentError, match="expected next states below 1"):
        from_transitions({0: {0: [(1.0, 1, 0.0, False)]}}, np.ones(1))


def test_cumulative_probabilities_end_at_one():
    tenths = np.full(10, 0.1)
    assert tenths.cumsum()[-1] < 1
    ends = cumulative(np.stack([tenths, np.eye(10)[0], np.eye(10)[9]]))
    assert (ends[:, -1] == 1).all()
    assert ends[1].tolist() == [1.0] * 10
    assert td_loops.pick(ends[0], np.nextafter(1, 0)) == 9
    assert td_loops.pick(ends[2], 0.0) == 9
