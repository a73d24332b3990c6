import json
from pathlib import Path

import gymnasium as gym
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError, MemoryFileError
from cookie_jar.agents.env_loading import make_from_json
from cookie_jar.agents.env_spec import spec_json

FILE = Path("agent.safetensors")


def test_an_environment_is_made_anew_with_its_options():
    env = gym.make("CookieJarCorner-v0", likes="raisin", max_episode_steps=33)
    again = make_from_json(FILE, spec_json(env), {})
    assert spec_json(again) == spec_json(env)
    assert again.spec.max_episode_steps == 33
    assert again.spec.kwargs["likes"] == "raisin"


def test_an_environment_without_a_spec_has_none():
    class Bare(gym.Env):
        pass

    with pytest.raises(AgentError, match=r"not created by gymnasium\.make"):
        spec_json(Bare())
    with pytest.raises(AgentError, match=r"contains no environment.*pass the environment"):
        make_from_json(FILE, None, {})


def changed_spec(**fields):
    return json.dumps(json.loads(spec_json(gym.make("CookieJarCorner-v0"))) | fields)


def test_only_registered_ids_are_made():
    with pytest.raises(AgentError, match="'Nowhere-v7', which is not registered"):
        make_from_json(FILE, changed_spec(id="Nowhere-v7"), {})
    env = make_from_json(FILE, changed_spec(entry_point="os:system"), {})  # the registered entry point counts
    assert type(env.unwrapped).__name__ == "CookieJarEnv"


@pytest.mark.parametrize("limit", [0, -1, 10**9, "x", 2.5])
def test_impossible_time_limits_are_refused(limit):
    with pytest.raises(MemoryFileError, match="expected a time limit of at most"):
        make_from_json(FILE, changed_spec(max_episode_steps=limit), {})
