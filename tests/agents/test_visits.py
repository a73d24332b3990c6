"""The bonus for rare observations, and the learning-rate schedule."""

import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import PPO, ActorCritic, AgentError, MemoryFileError
from cookie_jar.agents.encoding import Inputs
from cookie_jar.agents.rollout import Rollout
from cookie_jar.agents.visits import VisitCounts


def rollout(observations, counts=None):
    """A rollout of one environment with rewards 1."""
    steps = len(observations) - 1
    no = np.zeros((steps, 1), bool)
    kept = np.ones((steps, 1), bool) if counts is None else np.array(counts)[:, None]
    return Rollout(
        np.array(observations)[:, None], np.zeros((steps, 1), int), np.ones((steps, 1)), no, no, kept,
        np.zeros((2, 0), int), np.zeros(0, int),
    )  # fmt: skip


def test_the_bonus_by_hand():
    visits = VisitCounts(Inputs(gym.spaces.Discrete(5)))
    first = rollout([3, 3, 1, 4])  # the action after the last observation belongs to the next rollout
    np.testing.assert_allclose(
        visits.with_bonus(first, 2.0).rewards.ravel(), 1 + 2 / np.sqrt([2, 2, 1]), rtol=1e-12
    )
    visits.add(first)
    assert (visits.observations.tolist(), visits.counts.tolist()) == ([1, 3], [1, 2])
    second = rollout([1, 0, 3, 3], [True, True, False])
    rewards = visits.with_bonus(second, 2.0).rewards.ravel()
    np.testing.assert_allclose(rewards, [1 + 2 / np.sqrt(2), 3, 1], rtol=1e-12)
    assert (first.rewards == 1).all()
    visits.add(second)
    assert (visits.observations.tolist(), visits.counts.tolist()) == ([0, 1, 3], [1, 2, 2])


@pytest.mark.parametrize("observation", ["state", "factors", "grid"])
def test_every_step_is_counted_once(observation):
    agent = PPO(
        gym.make("CookieJar-v0", observation=observation), seed=0, n_envs=4, n_steps=8, net_arch=[8],
        filters=2, exploration_bonus=0.1,
    )  # fmt: skip
    agent.learn(32 * 5 + 4)
    assert agent.visits.counts.sum() == 32 * 5
    assert (np.diff(agent.visits.observations) > 0).all()
    before = agent.visits.counts.copy()
    agent.collect()
    np.testing.assert_array_equal(agent.visits.counts, before)


def test_reported_returns_are_without_bonus():
    agent = ActorCritic("CookieJarCorner-v0", seed=0, n_envs=4, exploration_bonus=1e3)
    returns = []
    agent.learn(2_000, lambda agent: returns.extend(agent.episode_returns))
    assert len(returns) > 10
    assert max(returns) <= 1.5


def test_without_bonus_nothing_is_counted():
    agent = PPO("CookieJarCorner-v0", seed=0).learn(5_000)
    assert len(agent.visits.counts) == 0
    assert not any(name.startswith("visits") for name in agent.optimizer_state())


def test_a_bonus_attracts():
    # No rewards: without a bonus (or with a negligible one, to count), the agent acts at random.
    nothing = dict.fromkeys(("act", "reach_in_vain", "jar_reached", "cookie_liked", "cookie_disliked"), 0.0)
    env, seen = gym.make("CookieJar-v0", happiness=nothing), {}
    for bonus in (1e-9, 0.01):
        agent = PPO(env, seed=0, n_envs=16, exploration_bonus=bonus).learn(20_000)
        seen[bonus] = len(agent.visits.counts)
    assert seen[0.01] > 1.2 * seen[1e-9]


@pytest.mark.parametrize(
    "damage",
    [
        {"visits.observations": np.array([3, 1]), "visits.counts": np.array([1, 1])},
        {"visits.observations": np.array([1, 3]), "visits.counts": np.array([1, 0])},
        {"visits.observations": np.array([1, 3]), "visits.counts": np.array([1])},
        {"visits.observations": np.array([1.0]), "visits.counts": np.array([1])},
    ],
)
def test_impossible_counts_are_refused(damage, tmp_path):
    agent = PPO("CookieJarCorner-v0", seed=0, exploration_bonus=0.1)
    state = agent.optimizer_state() | damage
    agent.optimizer_state = lambda: state
    with pytest.raises(MemoryFileError, match=r"expected (two arrays|ascending observations)"):
        PPO.load(agent.save(tmp_path / "agent"))


def test_the_learning_rate_falls_linearly():
    agent = PPO(
        "CookieJarCorner-v0", learning_rate=0.01, final_learning_rate=0.002, learning_rate_steps=1_000
    )
    rates = []
    for steps in (0, 500, 1_000, 5_000):
        agent.num_timesteps = steps
        rates.append(agent.current_learning_rate)
    np.testing.assert_allclose(rates, [0.01, 0.006, 0.002, 0.002])


def test_an_update_takes_the_current_learning_rate():
    options = {"seed": 0, "n_envs": 4, "n_steps": 8, "optimizer": "sgd", "max_grad_norm": 1e30}
    plain = ActorCritic("CookieJarCorner-v0", learning_rate=0.5, use_model=False, **options).learn(32)
    falling = ActorCritic(
        "CookieJarCorner-v0", learning_rate=1.0, final_learning_rate=0, learning_rate_steps=64, **options
    ).learn(32)  # half of the steps: half of the learning rate
    assert plain.arrays()["policy.0.table"].any()
    for name, array in plain.arrays().items():
        np.testing.assert_array_equal(array, falling.arrays()[name])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"exploration_bonus": -0.1}, "exploration_bonus: expected a number from 0"),
        ({"final_learning_rate": -1}, "final_learning_rate: expected a number from 0"),
        ({"learning_rate_steps": -1}, "learning_rate_steps: expected a whole number of at least 0"),
    ],
)
def test_values_out_of_range_are_refused(options, message):
    with pytest.raises(AgentError, match=message):
        PPO("CookieJarCorner-v0", **options)
