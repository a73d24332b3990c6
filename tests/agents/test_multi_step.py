from itertools import pairwise

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Discrete

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    AgentError,
    NStepSarsa,
    QLambda,
    QLearning,
    Sarsa,
    SarsaLambda,
    evaluate,
    optimum,
    tabular_model,
)
from cookie_jar.agents.memory import read_memory, write_memory

KINDS = [SarsaLambda, QLambda, NStepSarsa]
GREEDY = {"exploration_initial_eps": 0.0, "exploration_final_eps": 0.0}


class Maze(gym.Env):
    """Six states and three actions with one outcome each; no two rewards are equal."""

    observation_space, action_space = Discrete(6), Discrete(3)

    def __init__(self, time_limit=1_000):
        random = np.random.default_rng(3)
        self._next, self._reward = random.integers(6, size=(6, 3)), random.normal(size=(6, 3)) - 0.5
        self._ends, self._time_limit, self._state, self._time = random.random((6, 3)) < 0.2, time_limit, 0, 0
        self.steps = []

    def reset(self, *, seed=None, options=None):
        self._state, self._time = 0, 0
        return 0, {}

    def step(self, action):
        at = self._state, int(action)
        self._state, self._time = int(self._next[at]), self._time + 1
        result = self._state, float(self._reward[at]), bool(self._ends[at]), self._time == self._time_limit
        self.steps.append((*at, *result))
        return *result, {}


def followed(steps):
    """Yield each step, whether it ends the episode, and the action after it, or None."""
    for step, (_, following, *_) in pairwise(steps):
        over = step[4] or step[5]
        yield *step[:5], over, None if over else following


def lambda_reference(agent, steps, method):
    """Return the table of Sarsa(lambda) or Q(lambda) after steps, with all traces in one array."""
    table, traces = np.zeros((6, 3)), np.zeros((6, 3))
    for obs, action, after, reward, terminated, over, following in followed(steps):
        if method == "q" and table[obs, action] < table[obs].max():
            traces[:] = 0
        following = table[after].argmax() if following is None or method == "q" else following
        target = reward + (0 if terminated else agent.gamma * table[after, following])
        traces[obs, action] = 1 if agent.replacing_traces else traces[obs, action] + 1
        table += agent.learning_rate * (target - table[obs, action]) * traces
        traces *= 0 if over else agent.gamma * agent.trace_decay
    return table


def n_step_reference(agent, steps):
    """Return the table of n-step SARSA after steps, as in the box of Sutton and Barto (2018), section 7.2."""
    table, episode, n = np.zeros((6, 3)), [], agent.return_steps
    for obs, action, after, reward, terminated, over, following in followed(steps):
        episode.append((obs, action, reward))
        following = table[after].argmax() if following is None else following
        value = 0 if terminated else table[after, following]
        end = len(episode)
        for begin in range(end - n, end) if over else [end - n]:
            if begin >= 0:
                rewards = [reward for _, _, reward in episode[begin:]]
                target = sum(agent.gamma**k * reward for k, reward in enumerate(rewards))
                target += agent.gamma ** len(rewards) * value
                at = episode[begin][:2]
                table[at] += agent.learning_rate * (target - table[at])
        episode = [] if over else episode
    return table


@pytest.mark.parametrize(("options", "time_limit"), [({"exploration_final_eps": 0.3}, 1_000), (GREEDY, 7)])
@pytest.mark.parametrize("replacing", [True, False])
@pytest.mark.parametrize("decay", [0.0, 0.7, 1.0])
@pytest.mark.parametrize(("kind", "method"), [(SarsaLambda, "sarsa"), (QLambda, "q")])
def test_traces_are_those_of_a_plain_implementation(kind, method, decay, replacing, options, time_limit):
    env = Maze(time_limit)
    agent = kind(env, seed=0, trace_decay=decay, replacing_traces=replacing, **options).learn(150)
    learned = agent.q_table.copy()
    agent.learn(1)  # the reference needs the action that follows the last step
    np.testing.assert_allclose(lambda_reference(agent, env.steps, method), learned, atol=1e-8)
    assert np.count_nonzero(learned) > 2


@pytest.mark.parametrize(("options", "time_limit"), [({"exploration_final_eps": 0.3}, 1_000), (GREEDY, 7)])
@pytest.mark.parametrize("steps", [1, 2, 5, 50])
def test_n_step_returns_are_those_of_a_plain_implementation(steps, options, time_limit):
    env = Maze(time_limit)
    agent = NStepSarsa(env, seed=0, return_steps=steps, **options).learn(150)
    learned = agent.q_table.copy()
    agent.learn(1)
    np.testing.assert_allclose(n_step_reference(agent, env.steps), learned, atol=1e-12)
    assert np.count_nonzero(learned) > 2


@pytest.mark.parametrize("env_id", ["CookieJarCorner-v0", "CookieJarClumsy-v0"])
@pytest.mark.parametrize(
    ("kind", "options", "plain"),
    [
        (SarsaLambda, {"trace_decay": 0.0}, Sarsa),
        (QLambda, {"trace_decay": 0.0}, QLearning),
        (NStepSarsa, {"return_steps": 1}, Sarsa),
    ],
)
def test_with_one_step_they_are_the_methods_of_one_step(kind, options, plain, env_id):
    one = plain(env_id, seed=1, exploration_bonus=0.1).learn(2_000)
    agent = kind(env_id, seed=1, exploration_bonus=0.1, **options).learn(2_000, callback_interval=777)
    np.testing.assert_array_equal(agent.q_table, one.q_table)
    assert agent.rng.bit_generator.state == one.rng.bit_generator.state
    assert agent.num_episodes == one.num_episodes > 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("env_id", ["CookieJarCorner-v0", "CookieJar-v0"])
def test_tables_and_steps_give_the_same_numbers(kind, env_id):
    on_tables = kind(env_id, seed=2).learn(3_000)
    by_steps = kind(env_id, seed=2, use_model=False).learn(3_000, callback_interval=333)
    np.testing.assert_equal(by_steps.get_parameters(), on_tables.get_parameters())
    assert by_steps.num_episodes == on_tables.num_episodes > 0


@pytest.mark.parametrize("kind", KINDS)
def test_they_learn_the_optimum(kind):
    agent = kind("CookieJarCorner-v0", seed=0, exploration_steps=5_000).learn(20_000)
    model = tabular_model(agent.env)
    assert evaluate(model, agent.policy, 200).mean_return == pytest.approx(optimum(model, 200).mean_return)


def test_a_whole_episode_is_remembered_by_long_returns():
    """With more steps than an episode has, the target is the return of the episode."""
    env = Maze()
    agent = NStepSarsa(env, seed=0, return_steps=1_000, learning_rate=1.0, gamma=1.0)
    while not agent.num_episodes:
        assert not agent.q_table.any()
        agent.learn(1)
    returns = np.cumsum([step[3] for step in env.steps][::-1])[::-1]
    of_last_visit = {step[:2]: total for step, total in zip(env.steps, returns, strict=True)}
    for pair, total in of_last_visit.items():
        assert agent.q_table[pair] == pytest.approx(total)


def test_an_action_that_is_not_greedy_cuts_the_traces_of_q_lambda():
    options = GREEDY | {"exploration_initial_eps": 1.0, "exploration_final_eps": 1.0, "learning_rate": 0.0}
    agents = [kind(Maze(), seed=0, **options) for kind in (QLambda, SarsaLambda)]
    for agent in agents:
        agent.q_table[:] = np.arange(18).reshape(6, 3)
        agent.learn(200)
        while agent.resume_state()["episode"][3] < 4:
            agent.learn(1)
    watkins, sarsa = (np.count_nonzero(agent.traces) for agent in agents)
    assert 1 <= watkins < sarsa


def test_a_new_number_of_steps_starts_a_new_episode():
    agent = NStepSarsa("CookieJarCorner-v0", seed=0).learn(50)
    agent.return_steps = 2
    assert agent.resume_state() == {}
    assert agent.learn(10).settings()["return_steps"] == 2
    with pytest.raises(AgentError, match="return_steps: expected"):
        agent.return_steps = 0


@pytest.mark.parametrize("row", [(40, 0), (0, 10), (-1, 0)])
def test_steps_outside_of_the_table_are_refused(tmp_path, row):
    agent = NStepSarsa("CookieJarCorner-v0", seed=0).learn(50)
    arrays, description = read_memory(agent.save(tmp_path / "agent"))
    arrays = arrays | {"last_steps": np.array([row] * 4)}
    write_memory(tmp_path / "bad.safetensors", arrays, description)
    with pytest.raises(AgentError, match="last_steps: expected states and actions of"):
        NStepSarsa.load(tmp_path / "bad")
    agent.set_parameters(arrays)
    with pytest.raises(AgentError, match="last_steps: expected states and actions of"):
        agent.learn(1)


def test_traces_keep_their_shape():
    agent = SarsaLambda(Maze(), seed=0)
    with pytest.raises(AttributeError):
        agent.traces = np.zeros((1, 1))


def test_too_many_steps_to_remember_are_refused():
    with pytest.raises(AgentError, match="last_steps: expected up to"):
        NStepSarsa(Maze(), return_steps=1 << 50)
