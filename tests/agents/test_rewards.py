import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Discrete
from toys import corridor

from cookie_jar.agents import AgentError, Evaluator, NotFiniteError, QLearning, Reinforce
from cookie_jar.agents.rewards import checked_flag, finite_reward, success, unshaped_reward, unshaped_rewards


@pytest.mark.parametrize(
    "value", [1, 1.0, np.float32(1), np.int8(1), True, np.True_, np.array(1.0), np.array([1])]
)
def test_numbers_of_any_type_are_rewards(value):
    assert (
        finite_reward(value)
        == unshaped_reward({"happiness": value}, 5.0)
        == success({"is_success": value})
        == 1
    )


@pytest.mark.parametrize("value", ["1", None, [1.0], np.ones(2), 1j, {}])
def test_other_values_are_refused(value):
    with pytest.raises(AgentError, match="reward: expected a number"):
        finite_reward(value)
    with pytest.raises(AgentError, match=r'info\["happiness"\]: expected a number'):
        unshaped_reward({"happiness": value}, 1.0)
    with pytest.raises(AgentError, match=r'info\["is_success"\]: expected a number'):
        success({"is_success": value})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float32("nan"), 10**400])
def test_numbers_are_finite(value):
    with pytest.raises(NotFiniteError, match="reward: expected a finite number"):
        finite_reward(value)
    with pytest.raises(NotFiniteError, match="happiness"):
        unshaped_reward({"happiness": value}, 1.0)


def test_defaults():
    assert unshaped_reward({}, 2.5) == 2.5
    assert np.isnan(success({}))
    with pytest.raises(AgentError, match="expected a bool, got 2"):
        success({"is_success": 2})


@pytest.mark.parametrize("value", ["False", None, 2, 0.5, [], np.zeros(2)])
def test_flags_are_true_or_false(value):
    with pytest.raises(AgentError, match="terminated: expected True or False"):
        checked_flag("terminated", value)
    assert not checked_flag("terminated", np.False_)
    assert checked_flag("terminated", 1)


def test_unshaped_rewards_of_many_environments():
    rewards, ended = np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True])
    infos = {
        "happiness": np.array([10.0, 0, 0, 0]),
        "_happiness": np.array([True, False, False, False]),
        "final_info": {
            "happiness": np.array([0.0, 20, 0, 0]),
            "_happiness": ended & [False, True, False, False],
        },
    }
    assert unshaped_rewards(infos, rewards, ended).tolist() == [10, 20, 3, 4]
    assert unshaped_rewards({}, rewards, ended).tolist() == rewards.tolist()
    for word in (np.array(["a"] * 4, object), np.array(["a"] * 4), np.array([np.nan] * 4)):
        with pytest.raises(AgentError, match="happiness"):
            unshaped_rewards({"happiness": word}, rewards, ended)


@pytest.mark.parametrize("value", [{}, {"a": 1}, float("nan"), float("inf"), np.inf])
def test_an_unshaped_reward_of_copies_that_is_no_number_is_an_error_in_one_line(value):
    env = corridor(info=lambda env, info: {"happiness": value})
    with pytest.raises(AgentError, match=r'info\["happiness"\]: expected') as error:
        Reinforce(env, seed=0, n_envs=64, use_model=False).learn(2_000)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 200


class Bandit(gym.Env):
    """Every episode has two steps of reward 1 and an unshaped reward of 5."""

    observation_space, action_space, time = Discrete(2), Discrete(2), 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return 0, {}

    def step(self, action):
        self.time += 1
        return 1, 1.0, self.time == 2, False, {"happiness": 5.0}


@pytest.mark.parametrize("n_envs", [1, 3])
def test_unshaped_rewards_count_once_if_all_episodes_end_together(n_envs):
    agent, returns = Reinforce(Bandit(), seed=0, n_envs=n_envs, n_steps=8), []
    agent.learn(100, lambda agent: returns.extend(agent.episode_returns))
    assert set(returns) == {10.0}


@pytest.mark.parametrize("value", ["high", None, np.ones(3), float("nan")])
@pytest.mark.parametrize("learn", [lambda env: QLearning(env, seed=0, use_model=False).learn(9), Evaluator])
def test_an_unshaped_reward_that_is_no_number_is_an_error_in_one_line(learn, value):
    with pytest.raises(AgentError, match=r'info\["happiness"\]: expected a (finite )?number') as error:
        learn(
            corridor(info=lambda env, info: {"happiness": value}) if learn is not Evaluator else Told(value)
        )
    assert "\n" not in str(error.value)


class Told(Bandit):
    def __init__(self, value):
        self.value = value

    def step(self, action):
        return *super().step(action)[:4], {"happiness": self.value}


def test_numbers_that_are_not_finite_are_named_in_one_line():
    infos, ended = {"happiness": np.full(64, np.nan)}, np.zeros(64, np.bool_)
    with pytest.raises(NotFiniteError, match="expected finite numbers") as error:
        unshaped_rewards(infos, np.zeros(64), ended)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 200
