"""Learning in one go, and in parts with saving and loading in between, gives the same bytes."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError, ExpectedSarsa, QLearning, Sarsa

KINDS = {kind.__name__: kind for kind in (QLearning, Sarsa, ExpectedSarsa)}
TOTAL = 1_500


def in_parts(kind, env_id, folder, cuts, **options):
    """The bytes after `TOTAL` steps, saved and loaded at each cut."""
    agent = kind(env_id, seed=3, exploration_steps=1_000, **options)
    file = folder / "agent.safetensors"
    for cut in [*sorted(cuts), TOTAL]:
        if cut > agent.num_timesteps:
            agent.learn(cut - agent.num_timesteps)
        agent.save(file)
        if cut != TOTAL:
            agent = kind.load(file, **options)
    return file.read_bytes()


IDS = ["CookieJarCorner-v0", "CookieJarClumsy-v0", "CookieJarHints-v0", "FrozenLake-v1"]


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("kind", KINDS.values())
@pytest.mark.parametrize("use_model", [True, False])
def test_parts_give_the_bytes_of_the_whole(kind, env_id, use_model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    whole = in_parts(kind, env_id, folder, [], use_model=use_model)

    @settings(max_examples=12)
    @given(st.lists(st.integers(1, TOTAL - 1), min_size=1, max_size=4))
    def check(cuts):
        assert in_parts(kind, env_id, folder, cuts, use_model=use_model) == whole

    check()


@pytest.mark.parametrize("use_model", [True, False])
def test_a_new_process_goes_on_as_the_old_one_would(tmp_path, use_model):
    whole = in_parts(QLearning, "CookieJarClumsy-v0", tmp_path, [], use_model=use_model)
    agent = QLearning("CookieJarClumsy-v0", seed=3, exploration_steps=1_000, use_model=use_model).learn(777)
    file = agent.save(tmp_path / "part")
    code = (
        "import sys, cookie_jar.envs; from cookie_jar.agents import QLearning;"
        f"QLearning.load(sys.argv[1], use_model={use_model}).learn({TOTAL - 777}).save(sys.argv[1])"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, str(file)], check=True, env=environment)
    assert file.read_bytes() == whole


def test_saving_disturbs_nothing(tmp_path):
    agent, undisturbed = (QLearning("CookieJarCorner-v0", seed=0, use_model=False) for _ in range(2))
    for _ in range(10):
        agent.learn(37).save(tmp_path / "agent")
    np.testing.assert_array_equal(agent.q_table, undisturbed.learn(370).q_table)


def test_what_was_learned_on_tables_can_go_on_by_steps(tmp_path):
    file = QLearning("CookieJarCorner-v0", seed=0).learn(100).save(tmp_path / "agent")
    agent = QLearning.load(file, use_model=False)
    agent.learn(100)  # a new episode begins
    assert agent.num_timesteps == 200


BAD_EPISODES = [[40, -1, 0.0, 0], [-1, -1, 0.0, 0], [0, 10, 0.0, 0], [0, -1, 0.0, -3], [0], "x"]


@pytest.mark.parametrize("episode", BAD_EPISODES)
def test_an_impossible_episode_is_refused(episode, tmp_path):
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(10)
    agent.progress = lambda: {"episode": episode}
    file = agent.save(tmp_path / "agent")
    with pytest.raises(AgentError, match=r"expected an episode|description is damaged"):
        QLearning.load(file)
