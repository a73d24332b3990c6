import os
import signal
import threading
import time

import numpy as np
import pytest

from cookie_jar.scripts import sweep
from cookie_jar.scripts.common.console import UsageError, run
from cookie_jar.scripts.comparison.aggregate import Summary, variants
from cookie_jar.scripts.comparison.executors import WorkerDiedError, joblib_executor, outlast
from cookie_jar.scripts.comparison.search import Range, combinations, draws, parse_range
from cookie_jar.scripts.comparison.store import RECORDS_FILE, Store, read_folder
from cookie_jar.scripts.comparison.trials import EvaluationPoint, Trial, TrialRecord, failed

FAST = [
    "--env",
    "CookieJarCorner-v0",
    "--timesteps",
    "2000",
    "--seeds",
    "2",
    "--vary",
    "learning_rate=0.1,0.4",
]


def results(folder):
    """All that does not depend on the clock."""
    return {
        key: [(c.steps, c.greedy, None if np.isnan(c.exploring) else c.exploring) for c in record.evaluations]
        for key, record in Store(folder).read().items()
    }


def test_one_process_and_two_give_the_same(tmp_path, capsys):
    for jobs in (1, 2):
        assert run(sweep.main, [*FAST, "--jobs", str(jobs), "--out", str(tmp_path / str(jobs))]) == 0
    assert results(tmp_path / "1") == results(tmp_path / "2")
    assert len(results(tmp_path / "1")) == 4
    shown = capsys.readouterr().out
    assert "learning_rate=0.4" in shown
    assert "2 settings; the best" in shown


@pytest.mark.slow
def test_guests_and_environments_without_a_model_give_the_same_too(tmp_path):
    pytest.importorskip("stable_baselines3", reason="Stable-Baselines3 is not installed")
    options = ["--agent", "sb3-ppo", "--agent", "actor-critic", "--env", "CartPole-v1", "--seeds", "2"]
    options += ["--env", "CookieJarCorner-v0", "--timesteps", "3000", "--checks", "3"]
    for jobs in (1, 2):
        assert run(sweep.main, [*options, "--jobs", str(jobs), "--out", str(tmp_path / str(jobs))]) == 0
    assert results(tmp_path / "1") == results(tmp_path / "2")
    assert len(results(tmp_path / "1")) == 8


def test_a_sweep_goes_on_where_it_was(tmp_path, capsys):
    assert run(sweep.main, [*FAST, "--jobs", "1", "--out", str(tmp_path)]) == 0
    whole = results(tmp_path)
    lines = (tmp_path / RECORDS_FILE).read_text().splitlines()
    (tmp_path / RECORDS_FILE).write_text(
        "\n".join(lines[:2]) + "\n" + lines[2][:50]
    )  # a crash tore the third
    capsys.readouterr()
    assert run(sweep.main, [*FAST, "--jobs", "1", "--out", str(tmp_path)]) == 0
    assert "4 runs, 2 of them done before" in capsys.readouterr().out
    assert results(tmp_path) == whole


def test_the_best_go_on_to_a_second_round(tmp_path, capsys):
    options = ["--env", "CookieJarCorner-v0", "--timesteps", "2000", "--jobs", "1", "--out", str(tmp_path)]
    options += ["--seeds", "2", "--random", "3", "--vary", "learning_rate=0.001..0.9"]
    assert run(sweep.main, [*options, "--finalists", "2", "--final-seeds", "3"]) == 0
    assert "4 settings; the best" in capsys.readouterr().out  # three draws, and the present setting
    [(_, _, ranked)] = variants(read_folder(tmp_path))
    assert [len(summary.records) for summary in ranked] == [5, 5, 2, 2]
    first = [Summary(summary.records[:2]).rank for summary in ranked]
    assert min(first[:2]) >= max(first[2:])
    assert {record.trial.seed for record in ranked[0].records} == {0, 1, 2, 3, 4}


def test_a_run_that_fails_does_not_end_the_rest(tmp_path, capsys):
    options = ["--env", "CookieJarCorner-v0", "--timesteps", "500", "--seeds", "1", "--jobs", "1"]
    status = run(sweep.main, [*options, "--vary", "learning_rate=0.1,7", "--out", str(tmp_path)])
    assert status == 2
    assert "learning_rate: expected a number from 0 to 1, got 7" in capsys.readouterr().err
    assert len(results(tmp_path)) == 1


def dying_once():
    """Work that kills its process at the first try; made here, so that it travels by value."""

    def work(task):
        number, marker = task
        if number == 2 and not os.path.exists(marker):
            open(marker, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
        return number, number * number

    return work


def test_a_worker_that_dies_takes_nothing_along(tmp_path):
    tasks = [(number, str(tmp_path / "died")) for number in range(6)]
    squares = sorted(outlast(joblib_executor(2), dying_once(), tasks, lambda task: task[0], lambda task: -1))
    assert squares == [0, 1, 4, 9, 16, 25]
    assert (tmp_path / "died").exists()


def test_work_that_always_ends_its_worker_is_lost_alone():
    """Work that comes after the deadly piece is not even begun; it is all done in the end."""

    def executor(work, chunks):
        for chunk in chunks:
            if chunk == 3:
                raise WorkerDiedError("gone")
            yield chunk, chunk

    assert sorted(outlast(executor, None, range(9), int, lambda chunk: -1)) == [-1, 0, 1, 2, 4, 5, 6, 7, 8]


def test_values_on_the_command_line():
    assert parse_range("a=1,2.5,true") == ("a", [1, 2.5, True])
    assert parse_range("net_arch=[64,64],[8]") == ("net_arch", [[64, 64], [8]])
    assert parse_range("optimizer=adam,sgd") == ("optimizer", ["adam", "sgd"])
    assert parse_range("rate=0.01..1") == ("rate", Range(0.01, 1))
    assert combinations({"a": [1, 2], "b": ["x"]}) == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}]
    assert combinations({}) == [{}]


def test_draws_are_log_uniform_and_stay_when_more_come():
    """Half of 2,000 draws lie below the geometric mean; 4 standard errors are 4.5 %: 1 failure in 16,000."""
    drawn = [setting["rate"] for setting in draws({"rate": Range(0.01, 1.0)}, 2_000, 0)]
    assert min(drawn) >= 0.01
    assert max(drawn) <= 1
    assert abs(np.mean(np.array(drawn) < 0.1) - 0.5) < 0.045
    ranges = {"rate": Range(1, 100), "kind": ["x", "y"]}
    assert draws(ranges, 3, 1) == draws(ranges, 9, 1)[:3]
    assert all(isinstance(setting["rate"], int) for setting in draws(ranges, 9, 1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--vary", "rate"], "expected NAME=A,B,C"),
        (["--vary", "rate=0..1", "--random", "2"], "0 < LOW < HIGH"),
        (["--vary", "rate=1..Infinity", "--random", "2"], "0 < LOW < HIGH"),
        (["--vary", "a=1", "--vary", "a=2"], "one list of values for each name"),
        (["--vary", "n_timesteps=5"], "--timesteps N instead"),
        (["--vary", "rate=0.1..1"], "needs --random"),
        (["--seeds", "0"], "--seeds: expected at least 1"),
        (["--search-seed", "-1"], "--search-seed: expected at least 0"),
        (["--jobs", "-3"], "--jobs"),
        (["--address", "here"], "--engine ray only"),
    ],
)
def test_mistakes(options, message, capsys, tmp_path):
    assert run(sweep.main, [*options, "--out", str(tmp_path / "x")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_maskable_ppo_is_refused_where_nothing_tells_its_masks(capsys, tmp_path):
    pytest.importorskip("sb3_contrib", reason="sb3-contrib is not installed")
    options = ["--agent", "sb3-maskable-ppo", "--env", "CookieJarRandom-v0", "--out", str(tmp_path / "x")]
    assert run(sweep.main, options) == 2
    assert "one fixed kitchen, got CookieJarRandom-v0" in capsys.readouterr().err


def test_records_survive_the_file(tmp_path):
    trial = Trial("E-v0", "ppo", 3, 100, {"learning_rate": 0.1})
    record = TrialRecord(
        trial, [EvaluationPoint(0, 0.0, 0.0, -1.5, -2.0, 0.1, 9.0)], -2.0, 1.0, "exact", 5_000_000, 0.5
    )
    store = Store(tmp_path)
    store.add([record, failed(trial._replace(seed=4), "why")])
    assert Store(tmp_path).read() == {trial.key: record}
    assert record.scale(-2.0) == 0
    assert record.scale(1.0) == 100
    assert trial.key != trial._replace(seed=5).key


def test_a_folder_without_records_is_refused(tmp_path):
    with pytest.raises(UsageError, match="expected a folder with"):
        read_folder(tmp_path)


@pytest.mark.slow
def test_ray_gives_the_same_and_loses_nothing_when_a_worker_is_killed(tmp_path):
    """A real cluster of two nodes on this machine; one node is torn away in the middle."""
    ray = pytest.importorskip("ray", reason="Ray is not installed: pip install -e '.[cluster]'")
    from ray.cluster_utils import Cluster

    options = ["--env", "CookieJarCorner-v0", "--timesteps", "20000", "--seeds", "100"]
    options += ["--vary", "learning_rate=0.1,0.4"]
    assert run(sweep.main, [*options, "--jobs", "1", "--out", str(tmp_path / "here")]) == 0
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        node = cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        done_before = []

        def tear_away():
            while len(done := Store(tmp_path / "ray").read()) < 20:
                time.sleep(0.05)
            cluster.remove_node(node, allow_graceful=False)
            done_before.append(len(done))

        thread = threading.Thread(target=tear_away)
        thread.start()
        address = ["--engine", "ray", "--address", cluster.address]
        assert run(sweep.main, [*options, *address, "--out", str(tmp_path / "ray")]) == 0
        thread.join()
        assert 20 <= done_before[0] < 200
        from cookie_jar.scripts.comparison.executors import ray_executor

        tasks = [(number, str(tmp_path / "died")) for number in range(6)]
        squares = sorted(
            outlast(ray_executor(cluster.address), dying_once(), tasks, lambda task: task[0], lambda _: -1)
        )
        assert squares == [0, 1, 4, 9, 16, 25]
        assert (tmp_path / "died").exists()
    finally:
        ray.shutdown()
        cluster.shutdown()
    assert len(results(tmp_path / "ray")) == 200
    assert results(tmp_path / "ray") == results(tmp_path / "here")
