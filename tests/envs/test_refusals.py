"""Odd arguments: each call gives the right answer, or is refused in one short line and changes nothing."""

import copy
import warnings
from functools import partial

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from cookie_jar.envs import Action, CookieJarEnv, CookieJarError, CookieJarVectorEnv, KitchenError, State
from cookie_jar.envs.vector.env import OTHER_OPTIONS

NAN = float("nan")
ODD = [
    *(None, True, False, 0, 1, -1, 7, 10, 2**31, 2**63, 2**70, -(2**70), 10**5000, 0.5, 1.0, NAN, 1e308, 1j),
    *("", "x", "False", "0.2", "home", "\x1b]0;x\a", "\ud800", "%s%d", "x" * 10**5, "#\n", b"a", "NEXT_STEP"),
    *([], [1], [0, 1], [0, 1, 2], [[1], [2, 3]], (), (0, 9), (5, 2), (True, 3), {1, 2}, range(3), object()),
    *({}, {"act": 1}, {"act": NAN}, {"act": "1"}, {1: 2}, {"state": 10**6}, {"state": True}, {"x%": 1}),
    *({"reset_mask": [True] * 3}, {"reset_mask": np.zeros(3, bool)}, {"reset_mask": np.ones(2, bool)}),
    *(np.int64(1), np.int8(-1), np.uint64(2**63), np.float32(0.1), np.bool_(True), np.str_("corner")),
    *(np.array(1), np.array([1]), np.arange(3), np.array([0, 1, 10]), np.array([0, 1, -1])),
    *(np.arange(3.0), np.full(3, NAN), np.array([[0, 1, 2]]), np.full(3, 2**63, np.uint64), np.array("a")),
    *(
        np.array([None] * 3),
        np.zeros((3, 0)),
        State(0, 0, 1, 8, 0),
        State(*[10**9] * 5),
        State("a", 0, 0, 0, 0),
    ),
    *(Action.UP, AutoresetMode.DISABLED, Exception, lambda: 0),
]
NAMES = ("kitchen", "likes", "clumsiness", "random_start", "happiness", "max_states")
MORE_NAMES = {CookieJarEnv: ("observation", "levels", "render_mode"), CookieJarVectorEnv: OTHER_OPTIONS}
CONFIGS = [
    {},
    {"clumsiness": 0.3},
    {"levels": (3, 4), "observation": "grid"},
    {"kitchen": "corner", "random_start": True, "observation": "vector", "hints": True},
    {"kitchen": "corner", "shuffle_cookies": True, "observation": "factors"},
]


def is_refused(call):
    """Whether a call is refused by an error of this package in one short line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # unknown options of `reset`
            call()
    except CookieJarError as error:
        return is_short(error)
    return False


def is_short(error):
    """Check the message of an error, and return True."""
    message = str(error)
    assert isinstance(error, KitchenError) or len(message.splitlines()) == 1
    assert message.replace("\n", "").isprintable()
    assert len(message) < 2_000
    return True


def assert_same(ours, theirs):
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys()
        ours, theirs = list(ours.values()), list(theirs.values())
    if isinstance(theirs, (tuple, list)) or (isinstance(theirs, np.ndarray) and theirs.dtype.kind == "O"):
        for mine, other in zip(ours, theirs, strict=True):
            assert_same(mine, other)
    else:
        np.testing.assert_equal(ours, theirs)


def go_on(env, actions):
    """Return what some steps give, each after a reset where one is needed."""
    told = []
    for action in actions:
        try:
            told.append(env.step(action))
        except gym.error.ResetNeeded:
            told.append(env.reset())
    return told


def start(env, rng, shape):
    """Reset an environment, and take a few steps."""
    env.reset(seed=int(rng.integers(1_000)))
    go_on(env, rng.integers(10, size=(rng.integers(12), *shape)))


@pytest.mark.parametrize("make", [CookieJarEnv, CookieJarVectorEnv])
def test_odd_options(make):
    rng, refused, names = np.random.default_rng(0), 0, (*NAMES, *MORE_NAMES[make], "x y")
    for _ in range(400):
        chosen = rng.choice(names, rng.integers(1, 3))
        options = {str(name): ODD[rng.integers(len(ODD))] for name in chosen}
        refused += is_refused(partial(make, **options))
    assert 200 < refused < 400


def single_calls(env, value, other):
    return [
        lambda: env.step(value),
        lambda: env.reset(seed=value, options=other),
        lambda: env.reset(options=value),
        lambda: env.reset(options={"state": value}),
        lambda: env.set_state(value),
        lambda: env.observe(value),
        lambda: env.world.number(value),
        lambda: env.world.after(value, other),
    ]


def vector_calls(env, value, other):
    return [
        lambda: env.step(value),
        lambda: env.reset(seed=value, options=other),
        lambda: env.reset(options=value),
        lambda: env.reset(options={"state": value}),
        lambda: env.reset(options={"reset_mask": value}),
        lambda: env.set_state(value),
        lambda: env.call(value, other),
        lambda: env.set_attr(value, other),
    ]


def damage(state, rng):
    """Return a state of a vector environment with one part damaged."""
    state, key = copy.deepcopy(state), list(state)[rng.integers(len(state))]
    odd, kind = ODD[rng.integers(len(ODD))], rng.integers(5)
    if kind == 0:
        del state[key]
    elif kind == 1 or not state[key]:
        state[key] = odd
    elif kind == 2:
        state[key] = state[key][:-1]
    elif key == "random":
        generator = state[key][0][0]
        part = generator["state"] if rng.random() < 0.5 else generator
        part[list(part)[rng.integers(len(part))]] = odd
    else:
        state[key][rng.integers(len(state[key]))] = odd
    return state


@pytest.mark.parametrize("config", CONFIGS)
def test_refused_calls_of_single_environments_change_nothing(config):
    rng, checked = np.random.default_rng(1), 0
    for _ in range(80):
        env, twin = CookieJarEnv(**config), CookieJarEnv(**config)
        for each in (env, twin):
            start(each, np.random.default_rng(rng.bit_generator.state["state"]["state"]), ())
        for _ in range(3):
            calls = single_calls(env, ODD[rng.integers(len(ODD))], ODD[rng.integers(len(ODD))])
            if not is_refused(calls[rng.integers(len(calls))]):
                break
        else:
            actions = rng.integers(10, size=20)
            assert_same(go_on(env, actions), go_on(twin, actions))
            checked += 1
    assert checked > 30


@pytest.mark.parametrize("mode", AutoresetMode)
@pytest.mark.parametrize("config", CONFIGS)
def test_refused_calls_of_vector_environments_change_nothing(config, mode):
    rng, checked = np.random.default_rng(2), 0
    config = config | {"max_episode_steps": 9, "autoreset_mode": mode}
    for _ in range(10 if "levels" in config else 30):  # levels are compiled
        env, twin = CookieJarVectorEnv(3, **config), CookieJarVectorEnv(3, **config)
        for each in (env, twin):
            start(each, np.random.default_rng(rng.bit_generator.state["state"]["state"]), (3,))
        for _ in range(3):
            calls = vector_calls(env, ODD[rng.integers(len(ODD))], ODD[rng.integers(len(ODD))])
            calls += [partial(env.set_state, damage(env.get_state(), rng))] * len(calls)
            if not is_refused(calls[rng.integers(len(calls))]):
                break
        else:
            actions = rng.integers(10, size=(20, 3))
            assert_same(go_on(env, actions), go_on(twin, actions))
            checked += 1
    assert checked > 3


def test_a_refused_state_is_shown_in_a_short_line():
    envs = gym.make_vec("CookieJarCorner-v0", 3)
    envs.reset(seed=0)
    state = envs.get_state()
    del state["levels"]
    with pytest.raises(CookieJarError) as error:
        envs.set_state(state)
    assert len(str(error.value)) < 300
