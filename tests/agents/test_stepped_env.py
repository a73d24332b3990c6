"""An agent notices that its environment was moved, and that an episode cannot be repeated."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Discrete
from needs import CLIFF, TAXI
from toys import Corridor

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    PPO,
    AgentError,
    AgentWarning,
    DynaQ,
    Evaluator,
    ExpectedSarsa,
    NStepSarsa,
    QLambda,
    QLearning,
    Sarsa,
    SarsaLambda,
    tabular_model,
)
from cookie_jar.agents.stepped_env import SteppedEnv

ONE_STEP = [QLearning, Sarsa, ExpectedSarsa]
KINDS = [*ONE_STEP, NStepSarsa, SarsaLambda, QLambda, DynaQ]
IDS = ["CookieJar-v0", "CookieJarClumsy-v0", "FrozenLake-v1", TAXI, CLIFF]


class Recorder(gym.Wrapper):
    """Records the state before and after each step."""

    def __init__(self, env):
        super().__init__(env)
        self.steps = []

    def reset(self, **options):
        self.obs, info = self.env.reset(**options)
        return self.obs, info

    def step(self, action):
        before = self.obs
        self.obs, *rest = self.env.step(action)
        self.steps.append((before, action, self.obs))
        return self.obs, *rest


def other_agent(env):
    QLearning(env, seed=9, use_model=False).learn(7)


def three_steps(env):
    for _ in range(3):
        env.step(1)


MOVES = [lambda env: env.reset(), lambda env: env.reset(seed=5), other_agent, three_steps]


def learned_from(agent, step):
    """Return the state and the action whose value the next step changes."""
    before = agent.q_table.copy()
    agent.learn(1)
    changed = np.argwhere(agent.q_table != before)
    assert len(changed) == 1, step
    return tuple(changed[0].tolist())


@pytest.mark.parametrize("kind", ONE_STEP)
@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("env_id", IDS)
def test_a_step_is_learned_in_the_state_where_it_was_taken(kind, move, env_id):
    env = Recorder(gym.make(env_id))
    agent = kind(env, seed=0, use_model=False)
    agent.q_table = np.random.default_rng(0).random(agent.q_table.shape)  # each update changes a number
    agent.learn(20)
    for step in range(5):
        move(env)
        assert learned_from(agent, step) == env.steps[-1][:2]
        assert learned_from(agent, step) == env.steps[-1][:2]


def test_a_callback_may_move_the_environment():
    env = Recorder(gym.make("FrozenLake-v1"))
    agent = QLearning(env, seed=0, use_model=False)
    agent.learn(500, lambda agent: env.reset() and None, callback_interval=7)
    assert all(length < 7 for length in agent.episode_lengths)
    assert agent.num_timesteps == 500 == len(env.steps)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [Corridor, *(lambda i=i: gym.make(i) for i in IDS)])
def test_evaluating_saving_and_looking_are_no_moves(kind, make, tmp_path):
    parts, whole = (kind(make(), seed=3, use_model=False) for _ in range(2))
    for _ in range(3):
        parts.learn(50)
        Evaluator(parts.env).greedy(parts)
        tabular_model(parts.env)
        parts.env.action_space.sample()
        parts.save(tmp_path / "agent")
    np.testing.assert_array_equal(parts.q_table, whole.learn(150).q_table)
    assert parts.resume_state() == whole.resume_state()


@pytest.mark.parametrize("env_id", ["CookieJar-v0", "CookieJarHints-v0", "FrozenLake-v1", CLIFF])
def test_drawing_is_no_move(env_id):
    parts = QLearning(gym.make(env_id, render_mode="rgb_array"), seed=3, use_model=False)
    for _ in range(3):
        parts.learn(100).env.render()
    whole = QLearning(gym.make(env_id), seed=3, use_model=False).learn(300)
    np.testing.assert_array_equal(parts.q_table, whole.q_table)


def test_other_agents_in_other_environments_of_the_same_world_are_no_move():
    parts, whole, other = (QLearning("CookieJarClumsy-v0", seed=s, use_model=False) for s in (3, 3, 4))
    for _ in range(10):
        parts.learn(300)
        other.learn(200)
        assert other.env.unwrapped.world.action_mask.any()
    np.testing.assert_array_equal(parts.q_table, whole.learn(3_000).q_table)


class Moody(gym.Env):
    """The observations of an episode are the number of resets so far, in all environments."""

    observation_space, action_space, resets = Discrete(1_000), Discrete(2), 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        Moody.resets += 1
        return Moody.resets, {}

    def step(self, action):
        return Moody.resets, 0.0, False, False, {}


def test_an_episode_that_cannot_be_repeated_is_given_up_with_a_warning(tmp_path):
    agent = QLearning(Moody(), seed=0).learn(10)
    file = agent.save(tmp_path / "agent")
    with pytest.warns(AgentWarning, match="cannot be repeated: a new episode starts"):
        again = QLearning.load(file, env=Moody())
    assert again.num_timesteps == 10
    assert again.resume_state() == {}
    assert again.learn(10).resume_state()["episode"][3] == 10


def test_an_interrupted_step_starts_a_new_episode():
    env = Corridor()
    agent = QLearning(env, seed=0, use_model=False).learn(5)
    step = env.step

    def interrupted(action):
        step(action)
        raise KeyboardInterrupt

    env.step = interrupted
    with pytest.raises(KeyboardInterrupt):
        agent.learn(5)
    env.step = step
    agent.learn(1)
    assert agent.resume_state()["episode"][3] == 1


@pytest.mark.parametrize("obs", [0.0, 4, -1, "0", None, True, [0], np.array([1.0]), np.array([0, 1])])
def test_observations_are_whole_numbers_of_states(obs):
    with pytest.raises(AgentError, match=r"expected whole numbers of Discrete\(4\)"):
        SteppedEnv(Corridor(), 4).state(obs)


@pytest.mark.parametrize("obs", [2, np.int64(2), np.uint8(2), np.array(2), np.array([2])])
def test_whole_numbers_of_any_type_are_states(obs):
    assert SteppedEnv(Corridor(), 4).state(obs) == 2


class Shortening(Corridor):
    """Ends each episode one step earlier than the episode before, in all environments."""

    length = 40

    def reset(self, *, seed=None, options=None):
        Shortening.length -= 1
        return super().reset(seed=seed)

    def step(self, action):
        obs, reward, _, truncated, info = super().step(0)
        return obs, reward, self.clock >= Shortening.length, truncated, info


@pytest.mark.parametrize(
    ("make", "steps"),
    [(lambda env: QLearning(env, seed=0), 37), (lambda env: PPO(env, n_envs=1), 33)],
)
def test_an_episode_that_ends_when_repeated_is_given_up_with_a_warning(make, steps, monkeypatch):
    monkeypatch.setattr(Shortening, "length", 40)
    env = Shortening()
    del env.initial_state_distrib  # no table
    state, other = make(env).learn(steps).resume_state(), make(env)
    other.num_timesteps = steps
    with pytest.warns(AgentWarning, match="cannot be repeated"):
        other.set_resume_state(state)
    assert other.resume_state() == {}
