"""Odd arguments of the public methods: right or refused in one line, and a refused call changes nothing."""

import random
import warnings

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Text, Tuple
from toys import Sampled

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AGENTS, AgentError, Optimal, Random, load


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no")


KINDS = [*AGENTS.values(), Random, Optimal]
JUNK = [
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2,
        5,
        1.5,
        1.0,
        1e-3,
        10**9,
        10**30,
        -(10**5_000),
        float("nan"),
        float("inf"),
    ),
    *(
        "",
        "a",
        "10",
        "False",
        "no",
        "0",
        "lin_1e-3",
        "None",
        "a\0b",
        "\x1b]0;x\x07",
        "x" * 5_000,
        b"x",
        "\ud800",
    ),
    *([], [0], [1], [64, 64], [10**9], (3,), [[1, 2], [3]], [1.5], ["a"], {}, {"pi": [1]}, set(), range(3)),
    *(
        np.float32(0.1),
        np.int64(3),
        np.True_,
        np.array(3),
        np.ones((3, 3)),
        np.array(["a"]),
        np.array([None]),
    ),
    *(object(), Unprintable(), print, int, 1j, slice(3), Ellipsis, np.datetime64("2020"), memoryview(b"a")),
    *("CookieJarCorner-v0", "CartPole-v1", "NoSuch-v0", "a:b:c", "no_such_module:X-v0"),
]
SPACES = [
    *(
        Discrete(3),
        Discrete(3, start=1),
        Discrete(10**12),
        MultiDiscrete([2, 3]),
        MultiDiscrete([[2, 3], [1, 2]]),
    ),
    *(
        MultiDiscrete([2] * 80),
        MultiBinary(4),
        MultiBinary((2, 3, 4)),
        Box(0, 1, (2,)),
        Box(0, 1, ()),
        Text(5),
    ),
    *(Box(0, 255, (9, 9, 3), np.uint8), Box(0, 1, (0,)), Dict({"a": Discrete(2)}), Tuple([Discrete(2)])),
    Box(-9, 9, (2,), np.int64),
]


def state(agent):
    parameters = {name: array.tobytes() for name, array in agent.get_parameters().items()}
    counts = agent.num_timesteps, agent.num_episodes, id(agent.env)
    return parameters, counts, agent.settings(), agent.rng.bit_generator.state, agent.resume_state()


def small(kind):
    """Return options that make an agent fast."""
    options = {"n_envs": 2, "n_steps": 4, "net_arch": [3], "filters": 2}
    return {name: value for name, value in options.items() if name in kind.hyperparameters}


def construction(rng, folder):
    kind, value = rng.choice(KINDS), rng.choice(JUNK)
    name = rng.choice(list(kind.hyperparameters))
    spaces = Sampled(rng.choice(SPACES), rng.choice([Discrete(2), rng.choice(SPACES)]))
    call = rng.choice(
        [
            lambda: kind(value),
            lambda: kind(spaces, **small(kind)).learn(20),
            lambda: kind("CookieJarCorner-v0", **(small(kind) | {name: value})),
            lambda: kind.load(value),
            lambda: load(value),
        ]
    )
    return None, call


def use(rng, folder):
    kind, value = rng.choice(KINDS), rng.choice(JUNK)
    sees = (
        {"observation": rng.choice(["state", "grid", "pixels"])} if "filters" in kind.hyperparameters else {}
    )
    agent = kind(gym.make("CookieJarCorner-v0", **sees), **small(kind), seed=0).learn(20)
    parameters = agent.get_parameters()
    name = rng.choice(
        ["callback", "callback_interval", "progress_bar", "log_interval", "reset_num_timesteps"]
    )
    is_path = isinstance(value, str) and value.isalnum()
    calls = [
        lambda: agent.learn(0 if type(value) is int and value > 10**6 else value),
        lambda: agent.learn(20, **{name: None if callable(value) else value}),
        lambda: agent.predict(value, deterministic=True),
        lambda: agent.predict([value, value], deterministic=True),
        lambda: agent.predict(agent.observation_space.sample(), deterministic=value),
        lambda: agent.set_parameters(value),
        lambda: agent.set_parameters(dict.fromkeys(parameters, value)),
        lambda: agent.set_parameters(parameters, exact_match=value),
        lambda: agent.set_random_seed(value),
        lambda: agent.set_env(value),
        lambda: agent.save(folder / value if is_path else value if not isinstance(value, str) else "a\0b"),
        lambda: setattr(agent, "q_table", value) if hasattr(type(agent), "q_table") else None,
        lambda: agent.load(value),
        lambda: (repr(agent), agent._repr_html_()),
    ]
    return agent, rng.choice(calls)


@pytest.mark.parametrize("make", [construction, use])
@pytest.mark.parametrize("seed", range(2))
def test_odd_arguments(make, seed, tmp_path):
    rng, refused = random.Random(seed), []
    for _ in range(100):
        agent, call = make(rng, tmp_path)
        before = state(agent) if agent is not None else None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                call()
        except (AgentError, gym.error.Error, OSError) as error:
            refused.append(error)
            changed = agent is not None and state(agent) != before
            if changed:
                pytest.fail(f"changed by a call that was refused: {error}")
    assert 20 < len(refused) < 100
    assert all("\n" not in str(error) for error in refused)
    assert all(len(str(error)) < 300 for error in refused if isinstance(error, AgentError))
