import numpy as np
import pytest

from cookie_jar.agents import PPO, QLearning
from cookie_jar.scripts.common.knowledge import count, known, tried

STATES = np.arange(40)
ACTIONS = 10


@pytest.mark.parametrize("kind", [QLearning, PPO])
def test_a_new_table_knows_nothing(kind):
    agent = kind("CookieJarCorner-v0", seed=0)
    assert not known(agent, STATES).any()
    assert not tried(agent, STATES, ACTIONS).any()


def test_a_table_of_action_values_knows_the_states_in_which_it_has_tried_an_action():
    agent = QLearning("CookieJarCorner-v0", seed=0)
    agent.q_table[3, 1] = -0.1
    agent.q_table[5, 4] = 0.2
    assert np.flatnonzero(known(agent, STATES)).tolist() == [3, 5]
    assert np.argwhere(tried(agent, STATES, ACTIONS)).tolist() == [[3, 1], [5, 4]]
    assert known(agent, np.array([5, 4])).tolist() == [True, False]


@pytest.mark.parametrize("kind", [QLearning, PPO])
def test_a_table_may_start_from_another_value_than_0(kind):
    agent = kind("CookieJarCorner-v0", seed=0, initial_value=0.1)
    assert not known(agent, STATES).any()
    table = agent.arrays()["q_table" if kind is QLearning else "value.0.table"]
    table[3, 0] = 0.0
    assert np.flatnonzero(known(agent, STATES)).tolist() == [3]


@pytest.mark.parametrize("name", ["policy.0.table", "value.0.table"])
def test_a_table_of_logits_knows_the_states_of_which_a_number_has_changed(name):
    agent = PPO("CookieJarCorner-v0", seed=0)
    agent.arrays()[name][7, 0] = 1.0
    assert np.flatnonzero(known(agent, STATES)).tolist() == [7]
    assert np.flatnonzero(tried(agent, STATES, ACTIONS).all(axis=1)).tolist() == [7]


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_network_generalises_as_soon_as_it_is_updated(optimizer):
    agent = PPO("CookieJarVector-v0", seed=0, optimizer=optimizer, n_envs=2, n_steps=4, net_arch=(4,))
    observations = agent.states()[:3]
    assert not known(agent, observations).any()
    agent.learn(2)
    assert known(agent, observations).tolist() == [optimizer == "sgd"] * 3  # which does not count updates
    agent.learn(8)
    assert known(agent, observations).tolist() == [True] * 3


def test_other_agents_know_what_they_do():
    class Looker:
        def action_values(self, observations):
            return observations["jar"]

    class Chooser:
        def predict(self, observations, deterministic=True):
            return np.zeros(len(observations)), None

    batch = {"jar": np.array([[0.0, 1.0], [0.0, 0.0]])}
    assert known(Looker(), batch).tolist() == [True, False]
    assert tried(Looker(), batch, 2).tolist() == [[False, True], [False, False]]
    assert known(Chooser(), STATES).all()
    assert tried(Chooser(), STATES, 4).shape == (40, 4)
    assert (count(batch), count(STATES)) == (2, 40)
