import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from needs import needs_links

from cookie_jar.agents import ActorCritic, QLearning
from cookie_jar.scripts import events, train
from cookie_jar.scripts.common.console import run

MONITOR = '#{"t_start": 1.0}\nr,l,t,steps\n1.0,7,0.5,7\n'


def test_tensorboard_reads_the_record(trained, tmp_path):
    pytest.importorskip("tensorboard")
    for _ in range(2):  # the second file replaces the first
        assert run(events.main, [trained("corner"), "--out", str(tmp_path)]) == 0
    assert len(list((tmp_path / "corner").iterdir())) == 1
    shown = read(tmp_path / "corner")
    tags = {"rollout/ep_rew_mean", "rollout/ep_len_mean", "time/fps", "eval/mean_reward"}
    assert tags <= set(shown.Tags()["scalars"])
    best = shown.Scalars("eval/mean_reward")[-1]
    assert (best.step, round(best.value, 4)) == (5000, 1.45)
    agent = QLearning.load(f"{trained('corner')}/agent.safetensors")
    assert len(shown.Scalars("rollout/ep_len_mean")) == agent.num_episodes
    assert shown.Scalars("rollout/ep_len_mean")[-1].step <= 5000


@pytest.mark.parametrize("monitor", ["", "#{}\nr,l,t\n", '#{"t_start": 1.0}\nr,l,t\n1.0,7\n'])
def test_a_record_that_cannot_be_read_is_refused(tmp_path, refuse, monitor):
    (tmp_path / "monitor.csv").write_text(monitor)
    assert "monitor.csv, line " in refuse(events.main, [str(tmp_path)])


@pytest.mark.parametrize(
    "text", ["steps\n10\n", "steps,happiness,length,success\n10,high,7,1\n", "steps,happiness\n10\n"]
)
def test_evaluations_that_cannot_be_read_are_refused(tmp_path, refuse, text):
    (tmp_path / "monitor.csv").write_text(MONITOR)
    (tmp_path / "evaluations.csv").write_text(text)
    assert "evaluations.csv, line " in refuse(events.main, [str(tmp_path)])


def test_a_run_is_needed(tmp_path, refuse):
    assert "expected the folder of a run with monitor.csv" in refuse(events.main, [str(tmp_path)])
    assert "RUN: expected the folder of a run" in refuse(events.main, [str(tmp_path / "nowhere")])


def record(folder, rows, columns="r,l,t,steps"):
    """Write a record of episodes."""
    lines = ["#" + json.dumps({"t_start": 100.0}), columns, *(",".join(map(str, row)) for row in rows)]
    (folder / "monitor.csv").write_text("\n".join(lines) + "\n")


def scalars_of(folder, tag):
    return [s for s in events.episode_scalars(*events.read_episodes(folder)) if s.tag == tag]


def test_means_are_over_the_last_episodes(tmp_path, monkeypatch):
    monkeypatch.setattr(events, "WINDOW", 2)
    record(tmp_path, [(1.0, 10, 1.5, 10), (2.0, 20, 2.5, 30), (3.0, 30, 3.5, 60)])
    returns = scalars_of(tmp_path, "rollout/ep_rew_mean")
    assert [s[1:] for s in returns] == [(10, 1, 101.5), (30, 1.5, 102.5), (60, 2.5, 103.5)]
    speeds = [s.value for s in scalars_of(tmp_path, "time/fps")]
    assert speeds == pytest.approx([10 / 1.5, 30 / 2.5, 60 / 3.5])


def test_episodes_that_end_together_are_one_point(tmp_path):
    """The speed counts all steps recorded at a time, also those after the episode."""
    record(tmp_path, [(1.0, 7, 0.5, 3584), (2.0, 7, 0.5, 3584), (3.0, 8, 0.5, 4096), (6.0, 9, 1.0, 4608)])
    returns = scalars_of(tmp_path, "rollout/ep_rew_mean")
    assert [(s.step, s.value) for s in returns] == [(3584, 1.5), (4096, 2.0), (4608, 3.0)]
    assert [s.value for s in scalars_of(tmp_path, "time/fps")] == [8192, 8192, 4608]


def test_evaluations_are_placed_in_time_between_the_episodes(tmp_path):
    (tmp_path / "monitor.csv").write_text(MONITOR)
    (tmp_path / "evaluations.csv").write_text(
        "steps,happiness,percent_of_possible,success,length\n0,-2,nan,0,200\n7,1.5,nan,1,7\n"
    )
    scalars = list(events.evaluation_scalars(tmp_path, *events.read_episodes(tmp_path)))
    assert len(scalars) == 6
    assert scalars[0] == ("eval/mean_reward", 0, -2.0, 1.0)
    assert scalars[3] == ("eval/mean_reward", 7, 1.5, 1.5)


def test_a_long_record_gives_a_limited_number_of_points(tmp_path, monkeypatch):
    monkeypatch.setattr(events, "MAX_POINTS", 10)
    record(tmp_path, [(1.0, 5, number + 0.5, 5 * (1 + number)) for number in range(35)])
    scalars = scalars_of(tmp_path, "rollout/ep_len_mean")
    assert [s.step for s in scalars] == [5 * (1 + number) for number in range(0, 35, 4)]


@pytest.mark.parametrize(("n_envs", "ends"), [(1, [7, 15]), (2, [])])
def test_an_old_record_knows_the_ends_in_one_environment(tmp_path, capsys, n_envs, ends):
    ActorCritic("CookieJarCorner-v0", n_envs=n_envs).save(tmp_path / "agent")
    record(tmp_path, [(1.0, 7, 0.5), (1.0, 8, 0.75)], "r,l,t")
    assert [episode.end for episode in events.read_episodes(tmp_path)[1]] == ends
    assert ("left out 2 episodes" in capsys.readouterr().out) == (not ends)


def test_values_that_are_not_known_are_left_out(trained, tmp_path):
    """CartPole defines no success."""
    pytest.importorskip("tensorboard")
    assert run(events.main, [trained("cart"), "--out", str(tmp_path)]) == 0
    tags = read(tmp_path / "cart").Tags()["scalars"]
    assert "eval/success_rate" not in tags
    assert "eval/mean_reward" in tags


def read(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder))
    events.Reload()
    return events


def test_the_steps_are_those_of_all_environments(inside):
    pytest.importorskip("tensorboard")
    words = ["--env", "CookieJarCorner-v0", "--agent", "ppo", "--n-envs", "512", "--timesteps", "150000"]
    assert run(train.main, [*words, "--name", "many"]) == 0
    assert run(events.main, []) == 0
    shown = read("tensorboard/many")
    first = shown.Scalars("rollout/ep_len_mean")[0]
    assert first.step == 512 * first.value  # the first episodes began together, and all have this length
    for tag in shown.Tags()["scalars"]:
        points = shown.Scalars(tag)
        steps = [point.step for point in points]
        assert steps == sorted(set(steps))
        assert np.isfinite([point.value for point in points]).all()
        assert steps[-1] > 140_000
    evaluations = list(events.evaluation_scalars(*_folder_and_record("runs/many")))
    assert [s.time for s in evaluations] == sorted(s.time for s in evaluations)


def _folder_and_record(name):
    return Path(name), *events.read_episodes(Path(name))


@needs_links
def test_nothing_of_others_is_deleted(corner_run, inside):
    pytest.importorskip("tensorboard")
    foreign = inside / "out" / "corner" / "events.out.tfevents.1700000000.host.1.0"
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"foreign")
    (inside / "out" / "corner-2").symlink_to(inside)
    for _ in range(2):
        assert run(events.main, [str(corner_run), "--out", "out"]) == 0
    assert foreign.read_bytes() == b"foreign"
    assert list(foreign.parent.iterdir()) == [foreign]
    assert len(list((inside / "out" / "corner-3").iterdir())) == 1
    assert list(inside.iterdir()) == [inside / "out"]


def test_runs_of_one_name_have_their_own_events(corner_run, inside, capsys):
    pytest.importorskip("tensorboard")
    for parent in "ab":
        shutil.copytree(corner_run, inside / parent / "corner")
    for _ in range(2):
        for parent, name in (("a", "corner"), ("b", "corner-2")):
            assert run(events.main, [f"{parent}/corner"]) == 0
            assert f"values to {Path('tensorboard', name)};" in capsys.readouterr().out
    assert {path.parent.name for path in inside.glob("tensorboard/*/*")} == {"corner", "corner-2"}
    assert len(list(inside.glob("tensorboard/*/*"))) == 2
