"""Policy gradient agents in general: observations, options, interruptions and numbers that are not finite."""

from collections import Counter
from dataclasses import replace

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import PPO, ActorCritic, AgentError, NotFiniteError, Reinforce

KINDS = [Reinforce, ActorCritic, PPO]


class Broken(gym.Env):
    """Sooner or later, something is infinite."""

    observation_space, action_space = Box(-np.inf, np.inf, (2,)), Discrete(2)

    def __init__(self, what):
        self.what, self.steps = what, 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return np.zeros(2, np.float32), {}

    def step(self, action):
        self.steps += 1
        late = self.steps > 40
        obs = np.full(2, np.nan if late and self.what == "observations" else 1.0, np.float32)
        return obs, np.inf if late and self.what == "rewards" else 1.0, self.steps % 10 == 0, False, {}


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_episode_brought_is_counted(kind):
    returns, lengths = [], []
    agent = kind("CookieJarHints-v0", seed=0, n_envs=8)

    def note(agent):
        returns.extend(agent.episode_returns)
        lengths.extend(agent.episode_lengths)

    agent.learn(20_000, note)
    assert agent.num_episodes == len(returns) == len(lengths)
    assert 20_000 <= agent.num_timesteps < 20_008
    assert sum(lengths) <= agent.num_timesteps
    assert agent.num_timesteps - sum(lengths) <= 8 * 200
    assert max(lengths) <= 200
    assert min(returns) >= -0.02 * 200 - 1  # without the hints


def recorded(agent, total):
    """Return the lengths and the ends of the episodes of a training."""
    lengths, ends = [], []

    def note(agent):
        lengths.extend(agent.episode_lengths)
        ends.extend(agent.episode_ends)

    agent.learn(total, note, callback_interval=700)
    return np.array(lengths), np.array(ends)


@pytest.mark.parametrize("n_envs", [1, 8, 512])
@pytest.mark.parametrize("kind", [ActorCritic, PPO])
def test_episodes_end_at_steps_of_all_environments(kind, n_envs):
    agent = kind("CookieJarCorner-v0", seed=0, n_envs=n_envs)
    lengths, ends = recorded(agent, 400 * n_envs)
    assert len(ends) == agent.num_episodes > 0
    assert (np.diff(ends) >= 0).all()
    assert ends[-1] <= agent.num_timesteps
    starts, possible = Counter(ends - n_envs * lengths), Counter(ends) + Counter({0: n_envs})
    assert starts <= possible  # an episode starts where another ended


def test_whole_episodes_end_at_steps_that_count():
    lengths, ends = recorded(Reinforce("CookieJarCorner-v0", seed=0, n_envs=8), 5_000)
    rounds = np.arange(7, len(ends), 8)  # the last of eight episodes ends a rollout
    assert (ends[rounds] == np.cumsum(lengths)[rounds]).all()
    assert (np.diff(ends) >= 0).all()
    assert ends[0] == 8 * lengths[0]


def test_predict_takes_one_observation_or_many():
    agent = PPO("CookieJarHints-v0", policy="network", net_arch=[8], seed=0)
    action, state = agent.predict(5, deterministic=True)
    assert (action.shape, action.dtype, state) == ((), np.int64, None)
    actions, _ = agent.predict(np.arange(4), deterministic=True)
    assert actions.tolist() == agent.policy[:4].tolist()
    probabilities = agent.probabilities(np.zeros(1, int))[0]
    drawn = np.bincount(agent.predict(np.zeros(20_000, int))[0], minlength=10) / 20_000
    # Hoeffding: one of ten shares is off by more than 0.02 with probability below 1e-5.
    np.testing.assert_allclose(drawn, probabilities, atol=0.02)


def test_predict_refuses_what_is_no_observation():
    factors = gym.make("CookieJar-v0", observation="factors")
    agent = ActorCritic(factors, seed=0)
    good = factors.reset(seed=0)[0]
    assert agent.predict(good)[0].shape == ()
    assert agent.predict(np.stack([good, good]))[0].shape == (2,)
    for bad in (good[:3], good.astype(float), good + 100, [[good]], "x"):
        with pytest.raises(AgentError, match="expected one observation"):
            agent.predict(bad)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"learning_rate": -1}, "learning_rate: expected a number from 0"),
        ({"gamma": 1.5}, "gamma"),
        ({"n_envs": 0}, "n_envs: expected a whole number of at least 1"),
        ({"n_steps": 2.5}, "n_steps"),
        ({"policy": "tree"}, "policy: expected one of table, network, got 'tree'"),
        ({"optimizer": "newton"}, "optimizer: expected one of sgd, momentum, adam"),
        ({"net_arch": [0]}, "net_arch"),
        ({"net_arch": [10**9]}, "net_arch"),
        ({"n_envs": 10**6, "n_steps": 10**6}, "n_steps, n_envs.: expected up to 4 GiB"),
        ({"ent_coef": float("nan")}, "ent_coef"),
    ],
)
def test_impossible_hyperparameters_are_refused(options, message):
    with pytest.raises(AgentError, match=message):
        ActorCritic("CookieJarCorner-v0", **options)


@pytest.mark.parametrize("use_model", [None, False])
def test_another_size_of_rollouts_takes_effect(use_model, tmp_path):
    agent = ActorCritic("CookieJar-v0", seed=0, n_envs=4, n_steps=8, use_model=use_model).learn(10)
    agent.n_envs, agent.n_steps = 3, 5
    again = ActorCritic.load(agent.save(tmp_path / "agent"))
    assert (again.n_envs, again.n_steps) == (3, 5)
    for learner in (agent, again):
        assert learner.learn(15).num_timesteps == 12 + 15
        assert len(learner.collect().actions) == 15


@pytest.mark.parametrize(
    ("name", "value"), [("optimizer", "sgd"), ("net_arch", [8]), ("filters", 4), ("gamma", 2)]
)
def test_what_cannot_be_changed_is_refused(name, value, tmp_path):
    agent = PPO("CookieJarCorner-v0", policy="network", net_arch=[4], seed=0)
    agent.net_arch = [4]
    agent.save(tmp_path / "agent")
    setattr(agent, name, value)
    with pytest.raises(AgentError, match=rf"{name}: expected .*, got"):
        agent.learn(10)
    with pytest.raises(AgentError, match=rf"{name}: expected .*, got"):
        agent.save(tmp_path / "changed")
    assert not (tmp_path / "changed.safetensors").exists()


def test_impossible_environments_are_refused():
    with pytest.raises(AgentError, match="a table needs Discrete observations"):
        PPO("CartPole-v1", policy="table")
    with pytest.raises(AgentError, match="Discrete action space"):
        PPO("Pendulum-v1")
    with pytest.raises(AgentError, match="expected an environment with enumerable states"):
        _ = PPO("CartPole-v1").policy
    with pytest.raises(TypeError, match="gae_lambda"):
        Reinforce("CookieJarCorner-v0", gae_lambda=0.5)


@pytest.mark.parametrize("what", ["observations", "rewards"])
def test_the_first_infinite_number_is_named(what):
    agent = ActorCritic(Broken(what), n_envs=2, n_steps=8, seed=0)
    with pytest.raises(
        NotFiniteError, match=f"{what}: expected finite numbers, got (inf|nan) after 96 steps"
    ):
        agent.learn(1_000)
    assert all(np.isfinite(array).all() for array in agent.arrays().values())


def test_a_gradient_with_an_infinite_norm_is_noticed():
    agent = ActorCritic("CookieJarCorner-v0", policy="network", seed=0)
    batch = agent.collect()
    huge = replace(batch, advantages=np.full(len(batch.advantages), 1e30))  # its squares are infinite
    before = agent.get_parameters()
    expected = "norm of the gradient: expected finite numbers, got inf"
    with np.errstate(over="ignore"), pytest.raises(NotFiniteError, match=expected):
        agent.gradient_step(huge)
    for name, array in agent.get_parameters().items():
        np.testing.assert_array_equal(array, before[name])


def test_a_learning_rate_beyond_all_reason_is_noticed():
    agent = ActorCritic(
        "CartPole-v1", optimizer="sgd", learning_rate=1e30, max_grad_norm=1e30, n_envs=4, seed=0
    )
    with pytest.raises(NotFiniteError, match=r"expected finite numbers.*a lower learning rate may help"):
        agent.learn(10_000)


@pytest.mark.parametrize("kind", KINDS)
def test_an_interrupted_agent_can_continue(kind):
    agent = kind("CookieJarCorner-v0", seed=0)

    def interrupt(rollout):
        raise KeyboardInterrupt

    update, agent.update = agent.update, interrupt
    with pytest.raises(KeyboardInterrupt):
        agent.learn(10_000)
    agent.update = update
    before = agent.num_timesteps
    agent.learn(1_000)
    assert agent.num_timesteps >= before + 1_000


def test_sb3_evaluates_it():
    evaluation = pytest.importorskip("stable_baselines3.common.evaluation")
    vec_env = pytest.importorskip("stable_baselines3.common.vec_env")
    monitor = pytest.importorskip("stable_baselines3.common.monitor")
    agent = ActorCritic("CookieJarCorner-v0", seed=0).learn(100_000)
    envs = vec_env.DummyVecEnv([lambda: monitor.Monitor(gym.make("CookieJarCorner-v0"))] * 2)
    mean, _ = evaluation.evaluate_policy(agent, envs, n_eval_episodes=4, deterministic=True)
    assert mean == pytest.approx(1.45)
