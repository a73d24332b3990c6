import os
import shutil

import numpy as np
import pytest
from needs import needs_links, needs_pipes

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    ActorCritic,
    AgentError,
    Evaluator,
    MemoryFileError,
    QLearning,
    Sarsa,
    load,
    runs,
)
from cookie_jar.agents.memory import read_memory, write_memory
from cookie_jar.agents.training import TrainingRun


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
    "name",
    [
        *(
            "100.safetensors",
            "0000000000100.safetensors",
            f"{12 * chr(0x0660)}.safetensors",
            "00000_000100.safetensors",
        ),
        *("+00000000100.safetensors", "000000000100.SAFETENSORS", "000000000100.safetensors.part", "9" * 30),
    ],
)
def test_only_exact_names_are_snapshots(folder, name):
    runs.snapshot_file(folder, 100).rename(folder / runs.SNAPSHOTS / name)
    assert [steps for steps, _ in runs.snapshots(folder)] == [5_000]
    runs.delete_snapshots(folder)
    assert (folder / runs.SNAPSHOTS / name).exists()
    assert runs.snapshots(folder) == []


@pytest.mark.parametrize("steps", ["٣٠٠", "1_000", "+300", "3e2", "9" * 5_000, "", " 300"])
def test_only_plain_numbers_are_steps(folder, steps):
    with pytest.raises(AgentError, match=r"expected the (folder of a run|path of a file or a folder)"):
        runs.memory_file(f"{folder}@{steps}")


@needs_pipes
def test_many_other_files_among_the_snapshots_do_no_harm(folder):
    for number in range(5_000):
        (folder / runs.SNAPSHOTS / f"{number}.txt").touch()
    (folder / runs.SNAPSHOTS / "000000000300.safetensors").mkdir()
    os.mkfifo(folder / runs.SNAPSHOTS / "000000000400.safetensors")
    assert [steps for steps, _ in runs.snapshots(folder)] == [100, 5_000]


def test_a_snapshot_must_be_of_its_step(folder):
    shutil.copy(runs.snapshot_file(folder, 5_000), runs.snapshot_file(folder, 3_000))
    with pytest.raises(MemoryFileError, match="expected an agent after 3,000 steps, got 5000"):
        load(f"{folder}@4000")
    with pytest.raises(MemoryFileError, match="expected an agent after 3,000 steps"):
        load(runs.snapshot_file(folder, 3_000))


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: Sarsa("CookieJarCorner-v0", seed=0), "algorithm 'QLearning', got 'Sarsa'"),
        (lambda: QLearning("CookieJarCorner-v0", seed=1), "seed 0, got 1"),
        (lambda: QLearning("CookieJar-v0", seed=0), "env_id 'CookieJarCorner-v0', got 'CookieJar-v0'"),
    ],
)
def test_a_snapshot_must_be_of_its_run(folder, make, part):
    make().learn(100).save(runs.snapshot_file(folder, 100))
    with pytest.raises(
        MemoryFileError, match=f"expected a snapshot of the run in its folder, with the {part}"
    ):
        load(f"{folder}@100")


def test_a_snapshot_of_a_run_with_other_hyperparameters_is_refused(tmp_path):
    for name, rate in (("a", 0.1), ("b", 0.2)):
        agent = QLearning("CookieJarCorner-v0", seed=0, learning_rate=rate)
        training = TrainingRun(agent, Evaluator(agent.env), tmp_path / name, 200)
        training.begin()
        training.learn()
        training.finish()
    shutil.copy(runs.snapshot_file(tmp_path / "a", 100), runs.snapshot_file(tmp_path / "b", 100))
    with pytest.raises(MemoryFileError, match="expected a snapshot of the run in its folder, with the run"):
        load(tmp_path / "b@100")
    assert load(tmp_path / "b@199").learning_rate == 0.2


def test_a_snapshot_is_of_use_when_the_agent_is_damaged(folder):
    (folder / runs.AGENT_FILE).write_bytes(b"")
    assert load(f"{folder}@100").num_timesteps == 100
    (folder / runs.AGENT_FILE).unlink()
    assert load(f"{folder}@100").num_timesteps == 100


@needs_links
def test_links_are_never_followed_to_delete(folder, tmp_path):
    outside = tmp_path / "outside"
    (folder / runs.SNAPSHOTS).rename(outside)
    (folder / runs.SNAPSHOTS).symlink_to(outside)
    assert len(runs.snapshots(folder)) == 2
    with pytest.raises(AgentError, match="snapshots: expected a folder, got a link"):
        runs.delete_snapshots(folder)
    assert len(list(outside.iterdir())) == 2
    (folder / runs.SNAPSHOTS).unlink()
    (folder / runs.SNAPSHOTS).mkdir()
    kept = outside / "000000000100.safetensors"
    runs.snapshot_file(folder, 100).symlink_to(kept)
    runs.delete_snapshots(folder)
    assert kept.exists()
    assert runs.snapshot_file(folder, 100).is_symlink()


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
