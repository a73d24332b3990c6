import shutil

import numpy as np
import pytest

from cookie_jar.agents import PPO, QLearning, runs
from cookie_jar.scripts.common import run_scale as module
from cookie_jar.scripts.common.run_scale import run_scale


def world_of(agent):
    return agent.env.unwrapped.world


def scale_of_run(agent, files):
    return run_scale(agent, agent.env, world_of(agent), files)


def test_it_contains_the_values_of_all_snapshots(corner_run):
    agent = runs.load(corner_run)
    files = [file for _, file in runs.snapshots(corner_run)]
    tables = [runs.read_agent(file)[0]["q_table"] for file in files]
    known = [table[table.any(axis=1)].max(axis=1) for table in tables if table.any()]
    scale = scale_of_run(agent, files)
    assert scale.low == min(0, *(values.min() for values in known))
    assert scale.high >= max(values.max() for values in known)


def test_the_agent_is_the_same_afterwards(corner_run):
    agent = runs.load(corner_run)
    agent.q_table[3, 2] = 0.125  # in no file
    before, steps = agent.q_table.copy(), agent.num_timesteps
    scale_of_run(agent, [file for _, file in runs.snapshots(corner_run)])
    np.testing.assert_array_equal(agent.q_table, before)
    assert agent.num_timesteps == steps


def test_a_damaged_snapshot_is_left_out(corner_run, tmp_path):
    run = shutil.copytree(corner_run, tmp_path / "run")
    files = [file for _, file in runs.snapshots(run)]
    expected = scale_of_run(runs.load(run), files)
    files[1].write_bytes(b"damaged")
    assert scale_of_run(runs.load(run), files) == expected


def test_of_large_snapshots_only_some_are_read(corner_run, monkeypatch):
    agent, read = runs.load(corner_run), []
    files = [file for _, file in runs.snapshots(corner_run)]
    original = runs.read_agent
    monkeypatch.setattr(module.runs, "read_agent", lambda file: read.append(file) or original(file))
    monkeypatch.setattr(module, "MAX_BYTES", 3 * files[0].stat().st_size)
    scale_of_run(agent, files)
    assert len(read) <= 3
    assert {files[0], files[-1]} <= set(read)


def test_an_agent_that_knows_nothing_has_the_scale_of_the_kitchen():
    agent = QLearning("CookieJarCorner-v0", seed=0)
    assert scale_of_run(agent, []) == (0, pytest.approx(1.49, abs=0.01))


def test_networks_evaluate_some_states(monkeypatch):
    agent = PPO("CookieJarVector-v0", seed=0, net_arch=(4,))
    monkeypatch.setattr(module, "STATES", (1, 5))
    counts = []
    original = agent.values
    monkeypatch.setattr(agent, "values", lambda batch: counts.append(len(batch)) or original(batch))
    scale_of_run(agent, [])
    assert counts == [5]


def test_agents_without_values_have_no_scale(corner_run):
    agent = runs.load(corner_run)

    class Chooser:
        def predict(self, observation, deterministic=True):
            return np.zeros(np.shape(observation), np.int64), None

    assert run_scale(Chooser(), agent.env, world_of(agent), []) == (0, 0)
