"""Specs survive the way through JSON, and the errors of constructors are those that clients expect."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.vector import AutoresetMode

from cookie_jar.envs import (
    IDS,
    TRAIN_LEVELS,
    CookieJarEnv,
    CookieJarVectorEnv,
    OptionError,
    UnknownOptionError,
)

OPTIONS = [
    {"levels": (3, 9), "observation": "grid"},
    {"clumsiness": np.float32(0.25), "hints": np.bool_(True), "likes": np.str_("raisin")},
    {"happiness": {"act": np.float64(-0.5)}, "max_states": 5_000},
    {"kitchen": "#J##\n#SC#\n####", "max_episode_steps": 30},
]


def assert_survives(spec):
    assert EnvSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize("env_id", IDS)
def test_specs_of_all_ids(env_id):
    for spec in (gym.spec(env_id), gym.make(env_id).spec, gym.make_vec(env_id, 3).spec):
        assert_survives(spec)


@pytest.mark.parametrize("options", OPTIONS)
def test_specs_with_options(options):
    env = gym.make("CookieJar-v0", **options)
    assert_survives(env.spec)
    again = gym.make(EnvSpec.from_json(env.spec.to_json())).unwrapped
    assert again.world.config == env.unwrapped.world.config
    assert again.levels == env.unwrapped.levels
    for mode in AutoresetMode:
        assert_survives(gym.make_vec("CookieJar-v0", 2, autoreset_mode=mode, **options).spec)


def test_the_random_levels_are_those_to_train_on():
    assert gym.make("CookieJarRandom-v0").unwrapped.levels == TRAIN_LEVELS


@pytest.mark.parametrize("make", [CookieJarEnv, CookieJarVectorEnv])
def test_an_unknown_option_is_a_type_error_in_python_s_words(make):
    with pytest.raises(TypeError, match="got an unexpected keyword argument 'frameskip'") as caught:
        make(frameskip=4)
    assert isinstance(caught.value, UnknownOptionError)
    assert isinstance(caught.value, OptionError)
    with pytest.raises(UnknownOptionError, match=r"'hint'; .*did you mean 'hints'"):
        make(hint=True)


def test_a_client_may_retry_without_the_unknown_option():
    options = {"frameskip": 4, "observation": "vector"}
    try:
        env = gym.make("CookieJar-v0", **options)
    except TypeError as error:
        assert "got an unexpected keyword argument 'frameskip'" in str(error)  # noqa: PT017 - as clients do
        del options["frameskip"]
        env = gym.make("CookieJar-v0", **options)
    assert env.spec.kwargs == {"observation": "vector"}
