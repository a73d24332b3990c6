import shutil

import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import ActorCritic, AgentError, MemoryFileError, QLearning, load, runs
from cookie_jar.agents.memory import read_memory, write_memory


@pytest.fixture
def folder(tmp_path):
    """A run with snapshots after 100 and 5,000 steps, and the agent after 6,000."""
    folder = tmp_path / "x"
    agent = QLearning("CookieJarCorner-v0", seed=0)
    for steps in (100, 5_000):
        agent.learn(steps - agent.num_timesteps).save(runs.snapshot_file(folder, steps))
    agent.learn(1_000).save(folder / runs.AGENT_FILE)
    return folder


def test_load_takes_the_agent_of_a_run_with_its_environment(folder):
    for run in (folder, str(folder), folder / runs.AGENT_FILE):
        agent = load(run)
        assert isinstance(agent, QLearning)
        assert agent.num_timesteps == 6_000
        assert agent.env.spec.id == "CookieJarCorner-v0"


@pytest.mark.parametrize(("steps", "found"), [(100, 100), (4_999, 100), (5_000, 5_000), (10**9, 5_000)])
def test_load_takes_the_last_snapshot_up_to_a_step(folder, steps, found):
    assert load(f"{folder}@{steps}").num_timesteps == found


def test_a_name_with_an_at_sign_is_a_folder(tmp_path):
    ActorCritic("CookieJarCorner-v0", seed=0).save(tmp_path / "a@b" / runs.AGENT_FILE)
    assert isinstance(load(tmp_path / "a@b"), ActorCritic)


def test_load_makes_the_environment_with_a_render_mode(folder):
    agent = load(folder, render_mode="rgb_array")
    assert agent.env.render_mode == "rgb_array"
    np.testing.assert_array_equal(agent.q_table, load(folder).q_table)


def test_load_says_what_is_missing(folder, tmp_path):
    with pytest.raises(AgentError, match="expected a snapshot at or before step"):
        load(f"{folder}@99")
    with pytest.raises(AgentError, match=r"expected the folder of a run with agent\.safetensors"):
        load(tmp_path / "nothing")


@pytest.mark.parametrize("algorithm", ["Wizard", "Agent", None, 7])
def test_load_refuses_an_unknown_algorithm(folder, algorithm):
    arrays, description = read_memory(folder / runs.AGENT_FILE)
    write_memory(folder / runs.AGENT_FILE, arrays, description | {"algorithm": algorithm})
    with pytest.raises(MemoryFileError, match="expected one of the agents QLearning, "):
        load(folder)


def test_snapshots_are_listed_by_steps(folder):
    (folder / runs.SNAPSHOTS / "notes.safetensors").touch()
    assert [steps for steps, _ in runs.snapshots(folder)] == [100, 5_000]
    assert runs.snapshots(folder.parent) == []


def test_the_monitor_keeps_the_first_episodes(tmp_path):
    monitor = runs.Monitor(tmp_path / runs.MONITOR_FILE)
    monitor.begin("CookieJar-v0", 0.0)
    monitor.write([1.25, -2.0], [7, 200], [7, 207], 0.5)
    monitor.write([1.0], [9], [216], 1.5)
    lines = (tmp_path / runs.MONITOR_FILE).read_text().splitlines()
    assert lines[1:] == ["r,l,t,steps", "1.25,7,0.5,7", "-2.0,200,0.5,207", "1.0,9,1.5,216"]
    assert monitor.truncate(2) == [(1.25, 7, 0.5, 7), (-2.0, 200, 0.5, 207)]
    assert (tmp_path / runs.MONITOR_FILE).read_text().splitlines() == lines[:4]


def test_a_record_without_ends_is_read_and_continued(tmp_path):
    monitor = runs.Monitor(tmp_path / runs.MONITOR_FILE)
    (tmp_path / runs.MONITOR_FILE).write_text('#{"t_start": 1.0}\nr,l,t\n1.25,7,0.5\n-2.0,200,0.5\n1.0,9,1\n')
    assert {episode.end for episode in monitor.truncate(2)} == {runs.UNKNOWN_END}
    monitor.write([1.0], [9], [216], 1.5)
    episodes = monitor.read()[1]
    assert [episode.end for episode in runs.known_ends(episodes, n_envs=1)] == [7, 207, 216]
    assert runs.known_ends(episodes, n_envs=2) == [(1.0, 9, 1.5, 216)]


def test_an_existing_path_is_not_read_as_a_snapshot(folder):
    twin = folder.with_name(f"{folder.name}@100")
    assert runs.memory_file(twin) == runs.snapshot_file(folder, 100)
    shutil.copytree(folder, twin)
    assert runs.memory_file(twin) == twin / runs.AGENT_FILE


@pytest.mark.parametrize(
    ("env_id", "name"),
    [
        ("CookieJar-v0", "cookie-jar-ppo-3"),
        ("ALE/Pong-v5", "pong-ppo-3"),
        ("a.b:CartPole-v1", "cart-pole-ppo-3"),
    ],
)
def test_default_names(env_id, name):
    assert runs.default_name(env_id, "ppo", 3) == name
