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
