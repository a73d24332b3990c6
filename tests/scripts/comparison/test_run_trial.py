import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
from needs import needs_proc
from trials import CORNER

from cookie_jar.agents import evaluation
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.exact import Evaluation
from cookie_jar.agents.runs import load
from cookie_jar.scripts.comparison import run_trial as run_trial_module
from cookie_jar.scripts.comparison.algorithms import settings_of
from cookie_jar.scripts.comparison.run_trial import (
    process_age,
    run_chunk,
    run_in_fresh_process,
    run_trial,
)
from cookie_jar.scripts.comparison.store import Store, trial_folder
from cookie_jar.scripts.comparison.trials import Trial

SETTINGS = {
    "q-learning": {},
    "reinforce": {},
    "actor-critic": {},
    "ppo": {},
    "ppo-network": {"policy": "network", "env_kwargs": {"observation": "factors"}},
    "sb3-ppo": {"n_envs": 4, "n_steps": 32, "batch_size": 64},
    "sb3-qrdqn": {"n_envs": 4, "policy_kwargs": {"n_quantiles": 5}},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_trial_is_evaluated_exactly(name, tmp_path):
    if name.startswith("sb3"):
        library = "sb3_contrib" if name == "sb3-qrdqn" else "stable_baselines3"
        pytest.importorskip(library)
    seen = []
    got = run_trial(Trial(CORNER, name, 0, 2_000, SETTINGS[name], 5), tmp_path, seen.append)
    agent = load(tmp_path)
    evaluator = Evaluator(agent.env)
    assert got.evaluations[-1].greedy == pytest.approx(evaluator.greedy(agent).mean_return)
    assert got.evaluations[-1].exploring == pytest.approx(evaluator.stochastic(agent).mean_return, rel=1e-5)
    steps = [point.steps for point in got.evaluations]
    assert steps == seen
    assert [at // 400 for at in steps] == [0, 1, 2, 3, 4, 5]
    assert 2_000 <= steps[-1] <= 2_100
    assert got.random == pytest.approx(-1.4759, abs=1e-3)
    assert got.optimum == pytest.approx(1.45)
    assert sorted(got.evaluations, key=lambda point: point.seconds) == got.evaluations
    assert len(list((tmp_path / "snapshots").iterdir())) >= 3


@pytest.mark.parametrize("name", ["labels", "taster", pytest.param("sb3-ppo", marks=pytest.mark.slow)])
def test_a_trial_with_pictures(name, tmp_path, monkeypatch):
    monkeypatch.setattr(evaluation, "EPISODES", 10)
    settings = {"gradient_steps": 1, "batch_size": 4}
    if name == "sb3-ppo":
        pytest.importorskip("stable_baselines3")
        settings = {"n_envs": 2, "n_steps": 16, "batch_size": 32, "n_epochs": 1}
    got = run_trial(Trial("CookieJarPicturesJar-v0", name, 0, 32, settings, 2), tmp_path)
    assert (got.random, got.optimum) == pytest.approx((0.4897, 1.0), abs=1e-4)
    assert [point.steps for point in got.evaluations] == [0, 16, 32] if name != "sb3-ppo" else [0, 32]
    agent = load(tmp_path)
    assert agent.num_timesteps == 32
    assert Evaluator(agent.env).greedy(agent).mean_return == got.evaluations[-1].greedy


def test_evaluations_do_not_count_as_training_time(monkeypatch):
    plain, now = Evaluator.greedy, 0.0

    def slow(evaluator, agent):
        nonlocal now
        now += 100
        return plain(evaluator, agent)

    def clock():
        nonlocal now
        now += 1
        return now

    monkeypatch.setattr(Evaluator, "greedy", slow)
    monkeypatch.setattr(run_trial_module, "time", SimpleNamespace(perf_counter=clock, process_time=clock))
    got = run_trial(Trial(CORNER, "q-learning", 0, 1_000, {}, 10))
    assert 11 <= got.evaluations[-1].seconds < 100


@pytest.mark.parametrize("env_id", [CORNER, "CartPole-v1"])
def test_evaluations_change_nothing(env_id):
    few, many = (run_trial(Trial(env_id, "actor-critic", 0, 800, {"n_envs": 8}, n)) for n in (1, 4))
    assert few.evaluations[-1].greedy == many.evaluations[-1].greedy
    assert few.evaluations[-1].exploring == many.evaluations[-1].exploring


LEVEL_SETTINGS = {"n_envs": 2, "n_steps": 8, "filters": 2, "net_arch": [4]}


def test_a_comparison_scores_test_levels_and_a_sweep_validation_levels(monkeypatch):
    monkeypatch.setattr(run_trial_module, "ALL_LEVELS", 2)
    trial = Trial("CookieJarRandom-v0", "ppo", 0, 16, LEVEL_SETTINGS, 1)
    [chosen] = run_chunk([trial])
    assert "2 of 100 levels (1,000 to 1,099)" in chosen.method
    assert "2 of 100 levels (2,000 to 2,099)" in run_trial(trial).method


def test_aids_are_for_training_only(monkeypatch):
    """Agents that train with hints and from random starts have the same scale as those that do not."""
    monkeypatch.setattr(run_trial_module, "ALL_LEVELS", 2)
    settings = settings_of("ppo", "CookieJarRandom-v0")
    assert settings["env_kwargs"] == {"hints": True, "random_start": True}
    plain = run_trial(Trial("CookieJarRandom-v0", "ppo", 0, 16, LEVEL_SETTINGS, 1))
    aided = LEVEL_SETTINGS | {"env_kwargs": settings["env_kwargs"]}
    got = run_trial(Trial("CookieJarRandom-v0", "ppo", 0, 16, aided, 1))
    assert (got.random, got.optimum) == (plain.random, plain.optimum)
    assert got.evaluations[0].greedy == plain.evaluations[0].greedy  # the same agent before training


def test_an_environment_without_a_model_is_evaluated_by_episodes():
    got = run_trial(Trial("CartPole-v1", "actor-critic", 0, 500, {"n_envs": 4}, 2))
    assert got.optimum is None
    assert "100 episodes" in got.method
    assert np.isfinite([point.greedy for point in got.evaluations]).all()


def test_a_trial_that_fails_does_not_end_the_rest_of_its_chunk():
    good, bad = Trial(CORNER, "q-learning", 0, 500, {}, 1), Trial("Nothing-v0", "q-learning", 0, 500, {}, 1)
    records = run_chunk([good, bad, good._replace(seed=1)])
    assert [record.trial.seed for record in records] == [0, 0, 1]
    assert [record.error is None for record in records] == [True, False, True]
    assert records[1].error.startswith("NameNotFound: ")
    assert np.isnan([point.exploring for point in records[0].evaluations]).tolist() == [True, False]
    assert {record.peak_memory for record in records} == {None}


def test_an_impossible_result_is_a_failure(monkeypatch):
    """A record that could not be read again is never written."""
    monkeypatch.setattr(Evaluator, "stochastic", lambda evaluator, agent: Evaluation(9.0, 0.5, 3.0))
    [record] = run_chunk([Trial(CORNER, "q-learning", 0, 500, {}, 1)])
    assert record.error == "ValueError: expected returns up to the optimum 1.45, got 9"


def test_a_fresh_process_measures_its_memory_and_start(tmp_path):
    trial = Trial(CORNER, "q-learning", 3, 100, {}, 1)
    [record] = run_in_fresh_process([trial], tmp_path, 7)
    assert load(tmp_path / "runs" / "cookie-jar-corner-q-learning-3").num_timesteps == 100
    assert record.made_with.endswith("; 7 at a time")
    assert record.startup > 0
    assert record.peak_memory is None or record.peak_memory > 50_000_000


@needs_proc
def test_the_age_of_a_process():
    code = "import time; time.sleep(0.3)\nfrom cookie_jar.scripts.comparison.run_trial import process_age\n"
    code += "print(process_age())"
    begin = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0.3 <= float(done.stdout) <= time.perf_counter() - begin + 0.02  # clock ticks are 0.01 s
    assert process_age() > 0


@pytest.mark.parametrize("name", ["q-learning", "ppo", pytest.param("sb3-ppo", marks=pytest.mark.slow)])
def test_trials_that_share_a_process_give_the_same_records(name, tmp_path):
    if name.startswith("sb3"):
        pytest.importorskip("stable_baselines3")
    trials = [Trial(CORNER, name, seed, 4_000, SETTINGS[name], 3) for seed in (4, 5)]
    together = run_in_fresh_process(trials, tmp_path / "together", 1)
    alone = [run_in_fresh_process([trial], tmp_path / "alone", 1)[0] for trial in reversed(trials)][::-1]
    assert [without_times(record) for record in together] == [without_times(record) for record in alone]
    assert together[0].evaluations[-1].exploring != together[1].evaluations[-1].exploring
    assert together[0].startup == together[1].startup > 0
    kept = [Store(trial_folder(tmp_path / "together", trial)).read() for trial in trials]
    assert kept == [{trials[0].key: together[0]}, {}]


def without_times(record):
    points = [point._replace(seconds=0, cpu_seconds=0) for point in record.evaluations]
    return record._replace(
        evaluations=points, peak_memory=None, startup=0, trial=record.trial._replace(seed=0)
    )
