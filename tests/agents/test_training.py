import csv
import errno
import os
import subprocess
import sys

import pytest
from needs import needs_links

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    ActorCritic,
    AgentError,
    Evaluator,
    FileError,
    QLearning,
    evaluation_table,
    load,
    memory,
    monitor,
    runs,
)
from cookie_jar.agents.run_folder import RunFolder
from cookie_jar.agents.training import TrainingRun, learn_with_stops, target_of


def training_run(folder, target=3_000, agent=None):
    agent = QLearning("CookieJarCorner-v0", seed=0) if agent is None else agent
    return TrainingRun(agent, Evaluator(agent.env), folder, target)


def snapshot_steps(folder):
    return [steps for steps, _ in runs.snapshots(folder)]


def test_stops_are_called_at_the_start_and_exactly_at_each_stop():
    agent, seen = QLearning("CookieJarCorner-v0", seed=0), []
    learn_with_stops(agent, [1_700, 20, 300], lambda agent: seen.append(agent.num_timesteps))
    assert seen == [0, 20, 300, 1_700]
    learn_with_stops(agent, [20, 300, 1_700], lambda agent: seen.append(agent.num_timesteps))
    assert seen[4:] == [1_700]  # nothing ahead
    undisturbed = QLearning("CookieJarCorner-v0", seed=0).learn(1_700)
    assert (agent.q_table == undisturbed.q_table).all()


def test_a_stop_that_returns_false_ends_learning():
    agent = QLearning("CookieJarCorner-v0", seed=0)
    learn_with_stops(agent, [20, 300, 1_700], lambda agent: agent.num_timesteps < 300)
    assert agent.num_timesteps == 300
    learn_with_stops(agent, [1_700], lambda agent: False)
    assert agent.num_timesteps == 300


def test_an_agent_of_many_environments_stops_at_the_first_possible_step():
    agent, seen = ActorCritic("CookieJarCorner-v0", seed=0, n_envs=8), []
    learn_with_stops(agent, [20, 23, 100], lambda agent: seen.append(agent.num_timesteps))
    assert seen == [0, 24, 104]


def test_the_record_does_not_depend_on_the_parts(tmp_path):
    records = {}
    for name, limit in (("slow", lambda now: 37), ("fast", lambda now: 10_000)):
        training = training_run(tmp_path / name)
        training.begin()
        training.learn(limit=limit)
        training.finish(lambda *_: b"curve")
        files = [tmp_path / name / runs.AGENT_FILE, *(file for _, file in runs.snapshots(tmp_path / name))]
        episodes = (tmp_path / name / runs.MONITOR_FILE).read_text().splitlines()[2:]
        evaluations = (tmp_path / name / runs.EVALUATIONS_FILE).read_bytes()
        records[name] = (
            [file.read_bytes() for file in files],
            [line.split(",")[:2] for line in episodes],
            evaluations,
        )
    assert records["slow"] == records["fast"]
    assert len(records["slow"][1]) == training.agent.num_episodes > 0
    assert snapshot_steps(tmp_path / "slow")[:4] == [0, 100, 126, 158]


def test_learning_stops_when_asked_and_goes_on_to_the_same_numbers(tmp_path):
    whole = training_run(tmp_path / "whole")
    whole.begin()
    whole.learn()
    whole.finish(lambda *_: b"curve")
    parts = training_run(tmp_path / "parts")
    parts.begin()
    parts.learn(lambda: parts.agent.num_timesteps >= 1_000, lambda now: 300)
    assert 1_000 <= parts.agent.num_timesteps < 3_000
    parts.finish(lambda *_: b"curve")
    again = training_run(tmp_path / "parts", agent=load(tmp_path / "parts"))
    again.resume()
    again.learn()
    again.finish(lambda *_: b"curve")
    agents = [(tmp_path / name / runs.AGENT_FILE).read_bytes() for name in ("whole", "parts")]
    assert agents[0] == agents[1]
    assert snapshot_steps(tmp_path / "whole") == snapshot_steps(tmp_path / "parts")
    with (tmp_path / "parts" / runs.EVALUATIONS_FILE).open() as file:
        steps = [int(row["steps"]) for row in csv.DictReader(file)]
    assert steps == sorted(set(steps))
    assert steps == again.steps


def test_without_a_drawing_a_finished_run_has_no_curve(tmp_path):
    training = training_run(tmp_path / "run")
    training.begin()
    training.finish()
    assert (tmp_path / "run" / runs.AGENT_FILE).exists()
    assert not (tmp_path / "run" / runs.CURVE_FILE).exists()


def test_a_finished_run_learns_no_more(tmp_path):
    training = training_run(tmp_path / "run", target=200)
    training.begin()
    training.learn()
    table = training.agent.q_table.copy()
    training.learn()
    assert training.agent.num_timesteps == 200
    assert (training.agent.q_table == table).all()


def test_the_target_is_read_back(tmp_path):
    training = training_run(tmp_path / "run", target=1_234)
    training.begin()
    assert target_of(tmp_path / "run") == 1_234


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"timesteps": true}', '{"timesteps": 0}'])
def test_an_invalid_target_is_refused(tmp_path, text):
    (tmp_path / runs.TARGET_FILE).write_text(text)
    with pytest.raises(AgentError, match="no valid target; add --timesteps"):
        target_of(tmp_path)


def finished(folder, seed=0):
    training = training_run(folder, target=300, agent=QLearning("CookieJarCorner-v0", seed=seed))
    training.begin()
    training.learn()
    training.finish()
    return folder


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@needs_links
@pytest.mark.parametrize("begins", [True, False])
def test_a_linked_folder_of_snapshots_is_refused_before_anything_changes(tmp_path, begins):
    folder, outside = finished(tmp_path / "run"), tmp_path / "outside"
    (folder / runs.SNAPSHOTS).rename(outside)
    (folder / runs.SNAPSHOTS).symlink_to(outside)
    (outside / "000000900000.safetensors").touch()
    before = contents(tmp_path)
    training = training_run(folder, agent=None if begins else load(folder))
    with pytest.raises(AgentError, match="snapshots: expected a folder, got a link"):
        training.begin() if begins else training.resume()
    assert contents(tmp_path) == before


@needs_links
@pytest.mark.parametrize("begins", [True, False])
def test_what_files_link_to_stays_as_it_is(tmp_path, begins):
    folder, outside = finished(tmp_path / "run"), tmp_path / "outside"
    outside.mkdir()
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        file.rename(outside / file.name)
        file.symlink_to(outside / file.name)
    before = contents(outside)
    training = training_run(folder, target=600, agent=None if begins else load(folder))
    training.begin() if begins else training.resume()
    training.learn()
    training.finish(lambda *_: b"curve")
    assert contents(outside) == before
    assert load(folder).num_timesteps == 600


def dead_process():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@needs_links
@pytest.mark.parametrize("begins", [True, False])
def test_only_own_leftovers_are_deleted(tmp_path, begins):
    folder, dead, alive = finished(tmp_path / "run"), dead_process(), os.getppid()
    deep = folder / "mine"
    deep.mkdir()
    own = [folder / f".agent.safetensors.{dead}.part", folder / f".monitor.csv.{dead}.part"]
    own.append(folder / runs.SNAPSHOTS / f".000000000100.safetensors.{dead}.part")
    others = [
        folder / name for name in (f".mine.{dead}.part", ".agent.safetensors.part", ".a.part", "agent.part")
    ]
    others += [folder / f".agent.safetensors.{alive}.part", deep / f".agent.safetensors.{dead}.part"]
    others += [
        folder / f".agent.safetensors.{chr(0x0663)}{dead}.part",
        folder / runs.SNAPSHOTS / f".100.safetensors.{dead}.part",
    ]
    others += [deep / "000000900000.safetensors", folder / runs.SNAPSHOTS / "notes.txt"]
    for path in (*own, *others):
        path.write_text("text")
    link = folder / f".target.json.{dead}.part"
    link.symlink_to(others[0])
    training = training_run(folder, agent=None if begins else load(folder))
    training.begin() if begins else training.resume()
    assert not any(path.exists() for path in own)
    assert all(path.exists() for path in (*others, link))


def test_a_second_process_is_refused_while_the_first_lives(tmp_path):
    first = training_run(tmp_path / "run")
    first.begin()
    first.learn(lambda: first.agent.num_timesteps >= 500, lambda now: 100)
    before = contents(tmp_path)
    for agent in (None, load(tmp_path / "run")):
        second = training_run(tmp_path / "run", agent=agent)
        with pytest.raises(AgentError, match="is being trained by another process"):
            second.begin() if agent is None else second.resume()
    assert contents(tmp_path) == before
    first.learn()
    first.finish()
    with pytest.raises(AgentError, match="the saved agent has changed since it was loaded"):
        second.resume()  # the agent was loaded before the first process ended
    again = training_run(tmp_path / "run", target=4_000, agent=load(tmp_path / "run"))
    again.resume()
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        *(runs.AGENT_FILE, runs.MONITOR_FILE, runs.EVALUATIONS_FILE, runs.TARGET_FILE),
        *(runs.RECORD_FILE, runs.SNAPSHOTS),
    }


@pytest.mark.parametrize("lost", [runs.MONITOR_FILE, runs.EVALUATIONS_FILE, None])
def test_a_record_can_be_discarded(tmp_path, lost):
    folder = finished(tmp_path / "run")
    whole = QLearning("CookieJarCorner-v0", seed=0).learn(900)
    path = folder / runs.MONITOR_FILE
    if lost is None:
        path.write_text(path.read_text().replace("r,l,t", "l,r,t"))
    else:
        (folder / lost).unlink()
    before = contents(folder)
    with pytest.raises(AgentError, match=r"(monitor|evaluations)\.csv.*to continue .* add --discard-record"):
        training_run(folder, agent=load(folder)).resume()
    assert contents(folder) == before
    for target in (600, 900):  # the new record is as good as the first
        training = training_run(folder, target=target, agent=load(folder))
        training.resume(discard=target == 600)
        training.learn()
        training.finish()
    assert training.steps[0] == 300
    episodes = runs.Monitor(path).read()[1]
    assert 0 < len(episodes) < training.agent.num_episodes
    assert 300 < episodes[0].end < episodes[-1].end <= 900
    assert (load(folder).q_table == whole.q_table).all()
    for name in (runs.MONITOR_FILE, runs.EVALUATIONS_FILE):
        if name != lost:
            assert (folder / f"{name}.discarded").read_bytes() == before[folder / name]


def test_records_that_were_discarded_earlier_are_kept(tmp_path):
    folder = finished(tmp_path / "run")
    for _ in range(3):
        training = training_run(folder, agent=load(folder))
        training.resume(discard=True)
        training.finish()
    names = {path.name for path in folder.glob("monitor.csv*")}
    assert names == {
        "monitor.csv",
        "monitor.csv.discarded",
        "monitor.csv.discarded1",
        "monitor.csv.discarded2",
    }


def fail_to_write(patch, name, code):
    """Let every write to files whose path contains a name fail, as on a full disk."""
    for module, function in (
        (monitor, "append"),
        (evaluation_table, "write_atomically"),
        (memory, "write_atomically"),
    ):
        real = getattr(module, function)

        def write(path, data, real=real):
            if name in str(path):
                raise OSError(code, os.strerror(code), str(path))
            real(path, data)

        patch.setattr(module, function, write)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG])
@pytest.mark.parametrize("file", [runs.MONITOR_FILE, runs.EVALUATIONS_FILE, runs.AGENT_FILE, runs.SNAPSHOTS])
def test_a_full_disk_is_named_and_the_run_goes_on_later(tmp_path, monkeypatch, code, file):
    folder = tmp_path / "run"
    training = training_run(folder, target=1_000)
    training.begin()
    training.learn(lambda: training.agent.num_timesteps >= 500, lambda now: 100)
    with monkeypatch.context() as patch:
        fail_to_write(patch, file, code)
        with pytest.raises(FileError, match=rf"{file}.*: cannot be written: {os.strerror(code)}") as caught:
            training.learn()
    message = str(caught.value)
    assert "\n" not in message
    assert f"continue with: train --resume {folder}" in message
    saved = load(folder).num_timesteps
    assert f"The last saved agent, after {saved:,} steps, is in {folder / runs.AGENT_FILE}" in message
    with pytest.raises(AgentError, match="load its agent, and call resume"):
        training.learn()
    with (folder / runs.MONITOR_FILE).open("a") as file_of_rows:
        file_of_rows.write("1.0,2")  # the beginning of a row, as a full disk leaves it
    again = training_run(folder, target=1_000, agent=load(folder))
    again.resume()
    again.learn()
    again.finish()
    assert (load(folder).q_table == QLearning("CookieJarCorner-v0", seed=0).learn(1_000).q_table).all()
    assert len(runs.Monitor(folder / runs.MONITOR_FILE).read()[1]) == again.agent.num_episodes


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_a_run_that_was_interrupted_can_be_resumed_in_the_same_process(tmp_path, error):
    training = training_run(tmp_path)
    training.begin()

    def stop():
        raise error

    with pytest.raises(error):
        training.learn(stop)
    agent = load(tmp_path)
    again = training_run(tmp_path, agent=agent)
    again.resume()
    again.learn()
    again.finish()
    assert load(tmp_path).num_timesteps == 3_000


def test_a_folder_that_vanishes_is_said_to_be_gone(tmp_path):
    run = RunFolder(tmp_path / "gone")
    run.saved_steps = 5
    file = tmp_path / "gone" / runs.AGENT_FILE
    assert run.saved == f"The last saved agent, after 5 steps, was in {file}, which is gone"
