import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import PPO, AgentError, ImportedPolicy, Optimal, QLearning, Random

KINDS = [QLearning, PPO]


def weights(agent):
    return {name: array.tobytes() for name, array in agent.get_parameters().items()}


def test_the_environment_is_asked_for_and_replaced():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(500)
    assert agent.get_env() is agent.env
    other = gym.make("CookieJarCorner-v0", likes="raisin")
    agent.set_env(other)
    assert agent.get_env() is other
    assert agent.resume_state() == {}
    agent.set_env("CookieJarCorner-v0")
    assert agent.env.spec.id == "CookieJarCorner-v0"


@pytest.mark.parametrize("env", [None, 5, "CookieJar-v0", gym.Env, object()])
def test_another_environment_is_refused_and_the_old_one_kept(env):
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(500)
    before = agent.env, agent.resume_state()
    for change in (agent.set_env, lambda env: setattr(agent, "env", env)):
        with pytest.raises(AgentError, match="expected "):
            change(env)
    assert (agent.env, agent.resume_state()) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_makes_what_follows_repeatable(kind):
    agent, other = kind("CookieJarCorner-v0", seed=0), kind("CookieJarCorner-v0", seed=1)
    other.learn(64 * 16)
    for each in (agent, other):
        each.set_random_seed(7)
    assert agent.seed == other.settings()["seed"] == 7
    assert agent.rng.bit_generator.state == other.rng.bit_generator.state
    assert other.resume_state() == {}
    fresh = kind("CookieJarCorner-v0", seed=7)
    if kind is QLearning:  # has no random initial weights
        assert weights(fresh.learn(1_000)) == weights(agent.learn(1_000))


@pytest.mark.parametrize("seed", [-1, 1.0, True, "3", 1 << 128])
def test_other_seeds_are_refused(seed):
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(100)
    before = agent.seed, agent.rng.bit_generator.state, agent.resume_state()
    with pytest.raises(AgentError, match="seed: expected a whole number"):
        agent.set_random_seed(seed)
    assert (agent.seed, agent.rng.bit_generator.state, agent.resume_state()) == before


@pytest.mark.parametrize("kind", KINDS)
def test_parameters_are_copied_from_one_agent_to_another(kind):
    agent, other = kind("CookieJarCorner-v0", seed=0).learn(5_000), kind("CookieJarCorner-v0", seed=1)
    parameters = agent.get_parameters()
    other.set_parameters(parameters)
    assert weights(other) == weights(agent)
    assert (other.policy == agent.policy).all()
    for array in parameters.values():  # copies
        array[...] = 0
    assert weights(other) == weights(agent)


def test_some_of_the_parameters_are_set():
    agent = PPO("CookieJarCorner-v0", seed=0)
    table = np.ones((40, 10))
    agent.set_parameters({"policy.0.table": table}, exact_match=False)
    assert (agent.arrays()["policy.0.table"] == 1).all()
    with pytest.raises(AgentError, match=r"expected the names that get_parameters returns; missing \['adam"):
        agent.set_parameters({"policy.0.table": table})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda given: None, "parameters: expected arrays by name, got None"),
        (lambda given: "agent.zip", "parameters: expected arrays by name, got 'agent.zip'"),
        (lambda given: {}, "missing .*, unknown"),
        (lambda given: given | {"more": np.zeros(3)}, r"unknown \['more'\]"),
        (
            lambda given: given | {"value.0.table": np.zeros((40, 2))},
            r"value.0.table: expected finite .*\[40, 1\]",
        ),
        (
            lambda given: given | {"value.0.table": np.full((40, 1), np.nan)},
            "value.0.table: expected finite .*nan",
        ),
        (
            lambda given: given | {"value.0.table": np.full((40, 1), 1e300)},
            "value.0.table: expected finite .*inf",
        ),
        (lambda given: given | {"value.0.table": [[1], [2, 3]]}, "value.0.table: expected finite numbers"),
        (lambda given: given | {"value.0.table": None}, "value.0.table: expected finite numbers"),
        (lambda given: given | {"adam.value.0.table.steps": np.ones((40, 1))}, "steps: expected .* of int64"),
    ],
)
def test_parameters_that_do_not_match_change_nothing(change, message):
    agent = PPO("CookieJarCorner-v0", seed=0).learn(2_100)
    before, given = weights(agent), {name: array + 1 for name, array in agent.get_parameters().items()}
    with pytest.raises(AgentError, match=message) as caught:
        agent.set_parameters(change(given))
    assert weights(agent) == before
    assert "\n" not in str(caught.value)


def test_an_agent_is_represented_in_one_line():
    agent = QLearning("CookieJarCorner-v0", learning_rate=0.5, seed=3).learn(2_000)
    episodes = f"{agent.num_episodes:,}"
    line = f"<QLearning CookieJarCorner-v0 learning_rate=0.5 seed=3: 2,000 steps, {episodes} episodes>"
    assert repr(agent) == str(agent) == line
    assert repr(QLearning("CookieJarCorner-v0")) == "<QLearning CookieJarCorner-v0: 0 steps, 0 episodes>"
    assert repr(PPO("CartPole-v1", n_envs=2)).startswith("<PPO CartPole-v1 policy='network' n_envs=2:")
    assert "learning_rate=0.5" in repr(PPO("CartPole-v1", learning_rate=0.5))


@pytest.mark.parametrize("kind", [Random, Optimal, lambda env: ImportedPolicy(env, algorithm="PPO")])
def test_every_agent_has_a_representation(kind):
    agent = kind("CookieJarCorner-v0")
    assert type(agent).__name__ in repr(agent)
    assert "\n" not in repr(agent)
    assert "<table>" in agent._repr_html_()


def test_the_table_for_notebooks_is_escaped():
    class Angle(type(gym.make("FrozenLake-v1").unwrapped)):
        pass

    Angle.__name__ = "<b>&"
    html = QLearning(Angle(), learning_rate=0.5)._repr_html_()
    assert "<tr><th>environment</th><td>&lt;b&gt;&amp;</td></tr>" in html
    assert "<tr><th>learning_rate</th><td>0.5</td></tr>" in html
    assert "<tr><th>steps</th><td>0</td></tr>" in html
