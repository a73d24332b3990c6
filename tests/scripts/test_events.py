import json

import pytest

from cookie_jar.agents import QLearning
from cookie_jar.scripts import events
from cookie_jar.scripts.common.console import run

MONITOR = '#{"t_start": 1.0}\nr,l,t\n1.0,7,0.5\n'


def test_tensorboard_reads_the_record(trained, tmp_path):
    pytest.importorskip("tensorboard", reason="tensorboard is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    for _ in range(2):  # the second file replaces the first
        assert run(events.main, [trained("corner"), "--out", str(tmp_path)]) == 0
    assert len(list((tmp_path / "corner").iterdir())) == 1
    read = EventAccumulator(str(tmp_path / "corner"))
    read.Reload()
    tags = {"rollout/ep_rew_mean", "rollout/ep_len_mean", "time/fps", "eval/mean_reward"}
    assert tags <= set(read.Tags()["scalars"])
    best = read.Scalars("eval/mean_reward")[-1]
    assert (best.step, round(best.value, 4)) == (5000, 1.45)
    agent = QLearning.load(f"{trained('corner')}/agent.safetensors")
    assert len(read.Scalars("rollout/ep_len_mean")) == agent.num_episodes
    assert read.Scalars("rollout/ep_len_mean")[-1].step <= 5000


@pytest.mark.parametrize("monitor", ["", "#{}\nr,l,t\n", '#{"t_start": 1.0}\nr,l,t\n1.0,7\n'])
def test_a_record_that_cannot_be_read_is_refused(tmp_path, refuse, monitor):
    (tmp_path / "monitor.csv").write_text(monitor)
    assert "monitor.csv: expected the record of episodes" in refuse(events.main, [str(tmp_path)])


@pytest.mark.parametrize(
    "text", ["steps\n10\n", "steps,happiness,length,success\n10,high,7,1\n", "steps,happiness\n10\n"]
)
def test_evaluations_that_cannot_be_read_are_refused(tmp_path, refuse, text):
    (tmp_path / "monitor.csv").write_text(MONITOR)
    (tmp_path / "evaluations.csv").write_text(text)
    assert "evaluations.csv: expected the evaluations" in refuse(events.main, [str(tmp_path)])


def test_a_run_is_needed(tmp_path, refuse):
    assert "expected the folder of a run with monitor.csv" in refuse(events.main, [str(tmp_path)])
    assert "RUN: expected the folder of a run" in refuse(events.main, [str(tmp_path / "nowhere")])


def test_means_are_over_the_last_episodes(tmp_path, monkeypatch):
    monkeypatch.setattr(events, "WINDOW", 2)
    rows = "".join(f"{value}.0,{10 * value},{value}.5\n" for value in (1, 2, 3))
    (tmp_path / "monitor.csv").write_text("#" + json.dumps({"t_start": 100.0}) + f"\nr,l,t\n{rows}")
    scalars = list(events.episode_scalars(tmp_path))
    returns = [s for s in scalars if s.tag == "rollout/ep_rew_mean"]
    assert [(s.step, s.value, s.time) for s in returns] == [
        (10, 1, 101.5),
        (30, 1.5, 102.5),
        (60, 2.5, 103.5),
    ]
    speeds = [s.value for s in scalars if s.tag == "time/fps"]
    assert speeds == pytest.approx([10 / 1.5, 30 / 2.5, 60 / 3.5])


def test_evaluations_are_placed_in_time_between_the_episodes(tmp_path):
    (tmp_path / "monitor.csv").write_text(MONITOR)
    (tmp_path / "evaluations.csv").write_text("steps,happiness,length,success\n0,-2,200,0\n7,1.5,7,1\n")
    scalars = list(events.evaluation_scalars(tmp_path))
    assert len(scalars) == 6
    assert scalars[0] == ("eval/mean_reward", 0, -2.0, 1.0)
    assert scalars[3] == ("eval/mean_reward", 7, 1.5, 1.5)


def test_a_long_record_gives_a_limited_number_of_points(tmp_path, monkeypatch):
    monkeypatch.setattr(events, "MAX_POINTS", 10)
    rows = "".join(f"1.0,5,{number}.5\n" for number in range(35))
    (tmp_path / "monitor.csv").write_text(f'#{{"t_start": 1.0}}\nr,l,t\n{rows}')
    scalars = [s for s in events.episode_scalars(tmp_path) if s.tag == "rollout/ep_len_mean"]
    assert [s.step for s in scalars] == [5 * (1 + number) for number in range(0, 35, 4)]
