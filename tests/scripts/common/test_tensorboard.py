import json

import pytest

from cookie_jar.scripts.common import tensorboard

MONITOR = '#{"t_start": 1.0}\nr,l,t\n1.0,7,0.5\n'


def test_means_are_over_the_last_episodes(tmp_path, monkeypatch):
    monkeypatch.setattr(tensorboard, "WINDOW", 2)
    rows = "".join(f"{value}.0,{10 * value},{value}.5\n" for value in (1, 2, 3))
    (tmp_path / "monitor.csv").write_text("#" + json.dumps({"t_start": 100.0}) + f"\nr,l,t\n{rows}")
    scalars = list(tensorboard.episode_scalars(tmp_path))
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
    scalars = list(tensorboard.evaluation_scalars(tmp_path))
    assert len(scalars) == 6
    assert scalars[0] == ("eval/mean_reward", 0, -2.0, 1.0)
    assert scalars[3] == ("eval/mean_reward", 7, 1.5, 1.5)


def test_a_long_record_gives_a_limited_number_of_points(tmp_path, monkeypatch):
    monkeypatch.setattr(tensorboard, "MAX_POINTS", 10)
    rows = "".join(f"1.0,5,{number}.5\n" for number in range(35))
    (tmp_path / "monitor.csv").write_text(f'#{{"t_start": 1.0}}\nr,l,t\n{rows}')
    scalars = [s for s in tensorboard.episode_scalars(tmp_path) if s.tag == "rollout/ep_len_mean"]
    assert [s.step for s in scalars] == [5 * (1 + number) for number in range(0, 35, 4)]
