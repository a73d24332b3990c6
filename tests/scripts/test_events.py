import pytest

from cookie_jar.agents import QLearning
from cookie_jar.scripts import events, train
from cookie_jar.scripts.common.console import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    parent = tmp_path_factory.mktemp("runs")
    options = ["--env", "CookieJarCorner-v0", "--timesteps", "4000", "--name", "a", "--run-dir", str(parent)]
    assert run(train.main, options) == 0
    return parent / "a"


def test_tensorboard_reads_the_record(folder, tmp_path):
    pytest.importorskip("tensorboard", reason="tensorboard is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    for _ in range(2):  # the second writing takes the place of the first
        assert run(events.main, [str(folder), "--out", str(tmp_path)]) == 0
    assert len(list((tmp_path / "a").iterdir())) == 1
    read = EventAccumulator(str(tmp_path / "a"))
    read.Reload()
    tags = {"rollout/ep_rew_mean", "rollout/ep_len_mean", "time/fps", "eval/mean_reward"}
    assert tags <= set(read.Tags()["scalars"])
    best = read.Scalars("eval/mean_reward")[-1]
    assert (best.step, round(best.value, 4)) == (4000, 1.45)
    agent = QLearning.load(folder / "agent.safetensors")
    assert len(read.Scalars("rollout/ep_len_mean")) == agent.num_episodes
    assert read.Scalars("rollout/ep_len_mean")[-1].step <= 4000


def test_events_need_a_run(tmp_path, capsys):
    assert run(events.main, [str(tmp_path)]) == 2
    assert "expected the folder of a run with monitor.csv" in capsys.readouterr().err
    (tmp_path / "monitor.csv").write_text('#{"t_start": 1.0}\nr,l,t\n1.0,7\n')
    assert run(events.main, [str(tmp_path)]) == 2
    assert "monitor.csv: expected the record of episodes" in capsys.readouterr().err
    (tmp_path / "monitor.csv").write_text('#{"t_start": 1.0}\nr,l,t\n1.0,7,0.5\n')
    for text in ("steps\n10\n", "steps,happiness,length,success\n10,high,7,1\n", "steps,happiness\n10\n"):
        (tmp_path / "evaluations.csv").write_text(text)
        assert run(events.main, [str(tmp_path)]) == 2
        assert "evaluations.csv: expected the judgements" in capsys.readouterr().err
