import os
import signal
import threading

import pytest
from needs import needs_signals
from trials import CORNER, outcomes, trials
from waiting import wait_until

from cookie_jar.scripts import sweep
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.comparison.aggregate import ranked_variants
from cookie_jar.scripts.comparison.executors import RayExecutor
from cookie_jar.scripts.comparison.runner import run_isolated
from cookie_jar.scripts.comparison.store import RECORDS_FILE, Store, read_folder
from cookie_jar.scripts.comparison.summary import Summary
from cookie_jar.scripts.comparison.trials import failed

FAST = ["--env", CORNER, "--timesteps", "2000", "--seeds", "2", "--vary", "learning_rate=0.1,0.4"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    assert run(sweep.main, [*FAST, "--jobs", "1", "--out", str(folder)]) == 0
    return folder


@pytest.mark.slow
def test_one_process_and_two_give_the_same(folder, tmp_path, capsys):
    assert run(sweep.main, [*FAST, "--jobs", "2", "--out", str(tmp_path)]) == 0
    assert outcomes(tmp_path) == outcomes(folder)
    assert len(outcomes(folder)) == 4
    shown = capsys.readouterr().out
    assert "learning_rate=0.4" in shown
    assert "2 settings; the best" in shown


@pytest.mark.slow
def test_sb3_and_environments_without_a_model_give_the_same_too(tmp_path):
    pytest.importorskip("stable_baselines3")
    options = ["--agent", "sb3-ppo", "--agent", "actor-critic", "--env", "CartPole-v1", "--seeds", "2"]
    options += ["--env", CORNER, "--timesteps", "3000", "--checks", "3"]
    for jobs in (1, 2):
        assert run(sweep.main, [*options, "--jobs", str(jobs), "--out", str(tmp_path / str(jobs))]) == 0
    assert outcomes(tmp_path / "1") == outcomes(tmp_path / "2")
    assert len(outcomes(tmp_path / "1")) == 8


def test_the_same_command_continues_where_it_stopped(folder, tmp_path, capsys):
    lines = (folder / RECORDS_FILE).read_text().splitlines()
    (tmp_path / RECORDS_FILE).write_text("\n".join(lines[:2]) + "\n" + lines[2][:50])  # as a crash leaves it
    assert run(sweep.main, [*FAST, "--jobs", "1", "--out", str(tmp_path)]) == 0
    assert "4 runs, 2 of them finished before" in capsys.readouterr().out
    assert outcomes(tmp_path) == outcomes(folder)


def test_the_best_settings_run_again_in_a_second_round(tmp_path, capsys):
    options = ["--env", CORNER, "--timesteps", "2000", "--jobs", "1", "--out", str(tmp_path)]
    options += ["--seeds", "2", "--random", "3", "--vary", "learning_rate=0.001..0.9"]
    assert run(sweep.main, [*options, "--finalists", "2", "--final-seeds", "3"]) == 0
    assert "4 settings; the best" in capsys.readouterr().out  # three draws, and the present setting
    [(_, _, ranked)] = ranked_variants(read_folder(tmp_path))
    assert [len(summary.records) for summary in ranked] == [5, 5, 2, 2]
    first = [Summary(summary.records[:2]).rank for summary in ranked]
    assert min(first[:2]) >= max(first[2:])
    assert {record.trial.seed for record in ranked[0].records} == {0, 1, 2, 3, 4}


def test_a_run_that_fails_does_not_end_the_rest(tmp_path, capsys):
    options = ["--env", CORNER, "--timesteps", "500", "--seeds", "1", "--jobs", "1"]
    status = run(sweep.main, [*options, "--vary", "learning_rate=0.1,7", "--out", str(tmp_path)])
    assert status == 2
    assert "learning_rate: expected a number from 0 to 1, got 7" in capsys.readouterr().out
    assert len(outcomes(tmp_path)) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--vary", "rate"], "--vary: expected NAME=A,B,C"),
        (["--vary", "rate=0..1", "--random", "2"], "--vary: rate: expected LOW..HIGH with 0 < LOW < HIGH"),
        (["--vary", "a=1", "--vary", "a=2"], "expected each name once"),
        (["--vary", "n_timesteps=5"], "cannot be varied; use --timesteps N"),
        (["--vary", "rate=0.1..1"], "needs --random"),
        (["--seeds", "0"], "--seeds: expected at least 1"),
        (["--search-seed", "-1"], "--search-seed: expected at least 0"),
        (["--jobs", "-3"], "--jobs: expected at least -1"),
        (["--address", "here"], "only with --engine ray"),
        (["--vary", "learning_rate=lin_1e-3"], "schedules are not supported"),
        (["--vary", "learning_rate=NaN"], "expected a number from 0 to 1, got 'NaN'"),
        (
            ["--vary", "learnig_rate=0.1"],
            "--vary 'learnig_rate': expected a hyperparameter such as learning_rate",
        ),
        (["--vary", "seed=1,2"], "--vary 'seed': expected a hyperparameter"),
        (["--vary", "env_kwargs=3"], "settings: expected settings by name, got"),
        (["--env", "Nothing-v0"], "got 'Nothing-v0'"),
        (["--seeds", "100001"], "runs: expected at most 100,000"),
        (["--vary", "gamma=0.9", "--random", "1000000000"], "runs: expected at most 100,000"),
        (["--first-seed", "4294967295"], "seeds: expected at most 4,294,967,295"),
        (["--timesteps", "1" * 20], "--timesteps: expected at most 1,000,000,000,000"),
        (["--checks", "100001"], "--checks: expected at most 100,000"),
    ],
)
def test_mistakes(options, message, capsys, tmp_path):
    assert run(sweep.main, [*options, "--out", str(tmp_path / "x")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_maskable_ppo_needs_one_kitchen(capsys, tmp_path):
    pytest.importorskip("sb3_contrib")
    options = ["--agent", "sb3-maskable-ppo", "--env", "CookieJarRandom-v0", "--out", str(tmp_path / "x")]
    assert run(sweep.main, options) == 2
    assert "not suitable for CookieJarRandom-v0, which has no action masks" in capsys.readouterr().err


def deadly_work():
    """Return work that kills its process at the seed 3; made here, so that it travels to Ray by value."""

    def work(chunk):
        if 3 in [trial.seed for trial in chunk]:
            os.kill(os.getpid(), signal.SIGKILL)
        return [failed(trial, "survived") for trial in chunk]

    return work


@needs_signals
@pytest.mark.slow
def test_ray_gives_the_same_and_loses_nothing_when_a_worker_is_killed(tmp_path):
    """A real cluster of two nodes on this machine; one node is torn away in the middle."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    options = ["--env", CORNER, "--timesteps", "20000", "--seeds", "100"]
    options += ["--vary", "learning_rate=0.1,0.4"]
    assert run(sweep.main, [*options, "--jobs", "1", "--out", str(tmp_path / "here")]) == 0
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        node = cluster.add_node(num_cpus=1)
        cluster.wait_for_nodes()
        done_before = []

        def tear_away():
            wait_until(lambda: len(Store(tmp_path / "ray").read()) >= 20, "20 records")
            done_before.append(len(Store(tmp_path / "ray").read()))
            cluster.remove_node(node, allow_graceful=False)

        thread = threading.Thread(target=tear_away)
        thread.start()
        address = ["--engine", "ray", "--address", cluster.address]
        assert run(sweep.main, [*options, *address, "--out", str(tmp_path / "ray")]) == 0
        thread.join()
        assert 20 <= done_before[0] < 200
        every = trials(6)
        results = run_isolated(RayExecutor(cluster.address), deadly_work(), [every[:3], every[3:]])
        errors = {record.trial.seed: record.error for result in results for record in result.records}
        assert {seed for seed, error in errors.items() if error != "survived"} == {3}
        assert len(errors) == 6
    finally:
        ray.shutdown()
        cluster.shutdown()
    assert len(outcomes(tmp_path / "ray")) == 200
    assert outcomes(tmp_path / "ray") == outcomes(tmp_path / "here")
