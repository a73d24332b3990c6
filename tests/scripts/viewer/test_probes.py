import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents import PPO, QLearning
from cookie_jar.scripts.viewer.probes import AgentProbe, best_from, make_batch, optimal_action_values

OBSERVATIONS = np.array([0, 3, 5])


@pytest.fixture
def world():
    return gym.make("CookieJarCorner-v0").unwrapped.world


def test_a_table_has_action_values():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(2_000)
    probe = AgentProbe(agent)
    assert (probe.readable, probe.has_probabilities) == (True, False)
    np.testing.assert_array_equal(probe.action_values(OBSERVATIONS), agent.q_table[OBSERVATIONS])
    np.testing.assert_array_equal(probe.state_values(OBSERVATIONS), agent.q_table[OBSERVATIONS].max(axis=1))
    np.testing.assert_array_equal(probe.greedy_actions(OBSERVATIONS), agent.policy[OBSERVATIONS])


def test_a_policy_gradient_has_probabilities_and_values():
    agent = PPO("CookieJarCorner-v0", seed=0).learn(500)
    probe = AgentProbe(agent)
    assert (probe.readable, probe.has_probabilities) == (True, True)
    assert probe.action_values(OBSERVATIONS).sum(axis=1) == pytest.approx(1.0)
    np.testing.assert_array_equal(probe.state_values(OBSERVATIONS), agent.values(OBSERVATIONS))
    greedy = probe.action_values(OBSERVATIONS).argmax(axis=1)
    np.testing.assert_array_equal(probe.greedy_actions(OBSERVATIONS), greedy)


def test_an_agent_can_have_a_method_for_its_action_values():
    class Looker:
        def action_values(self, observations):
            return observations["jar"][:, :, 0]

        def predict(self, observations, deterministic=True):
            return self.action_values(observations).argmax(axis=1), None

    probe = AgentProbe(Looker())
    assert (probe.readable, probe.has_probabilities) == (True, False)
    batch = {"factors": np.zeros((2, 1)), "jar": np.array([[[1.0], [3.0]], [[4.0], [2.0]]])}
    np.testing.assert_array_equal(probe.state_values(batch), [3, 4])
    np.testing.assert_array_equal(probe.greedy_actions(batch), [1, 0])


def test_observations_make_a_batch():
    np.testing.assert_array_equal(make_batch(3, 5), [3, 5])
    assert make_batch(np.zeros((2, 3))).shape == (1, 2, 3)
    batch = make_batch({"a": np.array([1, 2]), "b": np.array(3)}, {"a": np.array([4, 5]), "b": np.array(6)})
    np.testing.assert_array_equal(batch["a"], [[1, 2], [4, 5]])
    np.testing.assert_array_equal(batch["b"], [3, 6])


def test_an_agent_with_predict_alone_has_actions_alone():
    class Predictor:
        def predict(self, observations, deterministic=True):
            return np.full(np.shape(observations), 4), None

    probe = AgentProbe(Predictor())
    assert (probe.readable, probe.has_probabilities) == (False, False)
    assert probe.greedy_actions(OBSERVATIONS).tolist() == [4, 4, 4]


def test_the_optimum_from_one_start(world):
    start = int(np.flatnonzero(world.unshaped_model.start)[0])
    best = best_from(world, start, 200)
    assert (best.mean_return, best.length, best.success) == pytest.approx((1.45, 7, 1))
    assert best_from(world, start, 6).success == 0


def test_the_optimal_action_values_are_those_of_the_optimal_policy(world):
    values, start = optimal_action_values(world), int(np.flatnonzero(world.unshaped_model.start)[0])
    assert values.shape == (world.num_states, 10)
    assert values.argmax(axis=1)[start] == 3  # right, to the chair
