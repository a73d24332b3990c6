import gymnasium as gym
import pytest
from needs import needs_devices

from cookie_jar.agents import PPO, AgentError, QLearning
from cookie_jar.agents.registry import AGENTS
from cookie_jar.envs import Happiness
from cookie_jar.scripts.common.argument_types import Parser
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.options import (
    add_agent_options,
    add_environment_options,
    hyperparameters,
    make_agent,
    make_environment,
)


def make_from(*words):
    parser = Parser(prog="test")
    add_environment_options(parser)
    return make_environment(parser.parse_args(list(words)))


def config(*words):
    return make_from(*words).unwrapped.world.config


def test_without_options_it_is_the_default_environment():
    env = make_from()
    assert env.spec.id == "CookieJar-v0"
    assert env.spec.kwargs == {}


def test_options_reach_the_environment():
    words = ["--kitchen", "corner", "--likes", "raisin", "--clumsiness", "0.1", "--random-start", "--hints"]
    made = config(*words)
    assert str(made.kitchen) == str(config("--env", "CookieJarCorner-v0").kitchen)
    assert (made.likes.label, made.clumsiness) == ("raisin", 0.1)
    assert (made.random_start, made.hints, made.shuffle_cookies) == (True, True, False)


def test_rewards_are_set_one_by_one():
    happiness = config("--happiness", "act=-0.03", "--happiness", "cookie_liked=2").happiness
    assert happiness == Happiness()._replace(act=-0.03, cookie_liked=2.0)


def test_a_map_comes_from_a_file(tmp_path):
    (tmp_path / "my.txt").write_text("\ufeff#J###\n#S.C#\n#####\n", encoding="utf-8")
    assert str(config("--kitchen", str(tmp_path / "my.txt")).kitchen) == "#J###\n#S.C#\n#####"


def test_any_other_environment_takes_no_such_options():
    assert make_from("--env", "CartPole-v1").spec.id == "CartPole-v1"
    assert make_from("--env", "CartPole").spec.id == "CartPole-v1"
    with pytest.raises(UsageError, match="does not take --likes, --hints"):
        make_from("--env", "CartPole-v1", "--likes", "raisin", "--hints")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--kitchen", "nowhere.txt"], "--kitchen: expected one of home, .* nowhere.txt: cannot be read"),
        (["--kitchen", "{}"], "expected text in UTF-8"),
        pytest.param(["--kitchen", "/dev/zero"], "expected a file, got a device", marks=needs_devices),
        (["--kitchen", "."], "expected a file, got a folder"),
        (["--happiness", "act"], "--happiness: expected NAME=NUMBER, got 'act'"),
        (["--env", "CookeJar-v0"], "--env: expected one of CookieJar-v0, .*; did you mean 'CookieJar-v0'?"),
        (["--env", "CookieJarCorners"], "did you mean 'CookieJarCorner-v0'"),
        (["--kitchen", "crner"], "--kitchen: expected one of home, .* got 'crner'; did you mean 'corner'?"),
        (["--env", "a:b:c"], "--env a:b:c: cannot import 'a:b'"),
    ],
)
def test_a_mistake_gives_one_clear_message(words, message, tmp_path):
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=message):
        make_from(*(word.format(tmp_path / "latin") for word in words))


def parser():
    parser = Parser(prog="test")
    add_agent_options(parser)
    return parser


def make(*words):
    return make_agent(parser().parse_args(list(words)), gym.make("CookieJarCorner-v0"))


@pytest.mark.parametrize("name", AGENTS)
def test_without_options_an_agent_has_its_defaults(name):
    agent = make("--agent", name)
    assert type(agent) is AGENTS[name]
    assert agent.settings() == AGENTS[name]("CookieJarCorner-v0", seed=0).settings()


def test_options_reach_the_agent():
    agent = make("--learning-rate", "0.3", "--gamma", "0.9", "--exploration-steps", "700", "--seed", "4")
    assert isinstance(agent, QLearning)
    wanted = {"learning_rate": 0.3, "gamma": 0.9, "exploration_steps": 700, "seed": 4}
    assert wanted.items() <= agent.settings().items()


def test_options_of_each_kind_reach_a_policy_gradient():
    words = ["--policy", "network", "--net-arch", "8", "4", "--normalize-advantage", "--n-envs", "2"]
    agent = make("--agent", "ppo", *words, "--clip-range", "0.1")
    assert isinstance(agent, PPO)
    wanted = {"policy": "network", "normalize_advantage": True, "n_envs": 2, "clip_range": 0.1}
    assert wanted.items() <= agent.settings().items()
    assert list(agent.net_arch) == [8, 4]


def test_every_hyperparameter_has_an_option_with_its_defaults():
    text = " ".join(parser().format_help().split())
    for name in hyperparameters():
        assert f"--{name.replace('_', '-')}" in text
    assert "Q-table agents: q-learning, sarsa, expected-sarsa, n-step-sarsa, sarsa-lambda, q-lambda," in text
    assert "(default for Q-table agents, policy gradients: 0.99)" in text
    assert "(defaults: dyna-q 0.3; other Q-table agents 1.0)" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--clip-range", "0.1", "--n-envs", "3"], "--agent q-learning does not take --n-envs, --clip-range"),
        (["--agent", "reinforce", "--gae-lambda", "0.1"], "--agent reinforce does not take --gae-lambda"),
        (["--seed", "-1"], "--seed: expected at least 0, got -1"),
        (["--agent", "dqn"], "got 'dqn'; for sb3-dqn, .* Stable-Baselines3: .*compare --agents sb3-dqn"),
        (["--agent", "SB3-Maskable-PPO"], "compare --agents sb3-maskable-ppo"),
        (["--agent", "conv"], "got 'conv'; for conv, a classifier of cookies: .*cookies train --model conv"),
        (["--agent", "ppo-network"], "got 'ppo-network'; .* --agent ppo --policy network"),
        (
            ["--agent", "qlearning"],
            "expected one of q-.* got 'qlearning'; did you mean 'q-learning'",
        ),
    ],
)
def test_an_option_that_does_not_fit_is_refused(words, message):
    with pytest.raises(UsageError, match=message):
        make(*words)


def test_the_agent_parses_and_checks_the_values():
    with pytest.raises(AgentError, match="learning_rate: expected a number from 0 to 1, got 7"):
        make("--learning-rate", "7")
    assert make("--agent", "ppo", "--learning-rate", "7").learning_rate == 7
    assert make("--agent", "ppo", "--net-arch", "8,4", "--policy", "network").net_arch == (8, 4)
    assert make("--exploration-steps", "1e5", "--learning-rate", ".1").exploration_steps == 100_000
    for words in (["--gamma", "lin_1e-3"], ["--exploration-steps", "1_00"], ["--gamma", "nan"]):
        with pytest.raises(AgentError, match=r"expected a .*number .*, got "):
            make(*words)
