import csv
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.runs import load
from cookie_jar.scripts import compare
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.comparison.aggregate import Summary, area, summarize, to_goal
from cookie_jar.scripts.comparison.album import Album, replays
from cookie_jar.scripts.comparison.algorithms import settings_of
from cookie_jar.scripts.comparison.plan import Plan
from cookie_jar.scripts.comparison.run_trial import run_trial
from cookie_jar.scripts.comparison.store import Store, read_folder
from cookie_jar.scripts.comparison.tables import columns_of, overall_rows, table_rows
from cookie_jar.scripts.comparison.trials import EvaluationPoint, Trial, TrialRecord

CORNER = "CookieJarCorner-v0"
SHORT = ["--env", CORNER, "--agents", "q-learning", "sarsa", "--seeds", "2", "--timesteps", "3000"]
SHORT += ["--checks", "10"]


def record(scores, seed=0, algorithm="ppo", optimum=100.0):
    """Scores at 0, 100, 200 ... steps, where random is 0 and the optimum 100."""
    trial = Trial(CORNER, algorithm, seed, 100 * (len(scores) - 1), {})
    evaluations = [
        EvaluationPoint(100 * i, i / 10, i / 10, score, score, 0.5, 9.0) for i, score in enumerate(scores)
    ]
    return TrialRecord(trial, evaluations, 0.0, optimum, peak_memory=1_000_000)


def test_measures_by_hand():
    one = record([0, 50, 96, 90, 100])
    assert to_goal(one, 95) == (200, 0.2)
    assert to_goal(one, 99) == (400, 0.4)
    assert area(one) == (0 + 50 + 96 + 90) / 4
    never = record([0, 10, 20], seed=1)
    assert to_goal(never, 95) == (math.inf, math.inf)
    summary = Summary([never, one])
    assert summary.never(95) == 1
    assert summary.reached[0].estimate == 0.5
    assert summary.missed() == "1, 1 of 2"
    assert summary.regret.estimate == 40  # 80 and 0 are missed
    assert summary.peak_memory == 1_000_000
    unknown = Summary([record([0, 100], optimum=None)])
    assert np.isnan(unknown.steps[0].estimate)
    assert np.isnan(unknown.reached[0].estimate)
    assert unknown.missed() == ""


def test_only_the_same_is_put_together():
    """The same seed twice counts once; other numbers of steps are another line, and say so."""
    short, long = record([0, 50]), record([0, 50, 100])
    [one] = summarize([short, short])
    assert len(one.records) == 1
    lines = summarize([short, long, record([0, 50, 90], seed=1)])
    assert [(line.label, line.variant, len(line.records)) for line in lines] == [
        ("PPO 1", "200 steps", 2),
        ("PPO 2", "100 steps", 1),
    ]
    order = summarize([record([0, 1], algorithm="sb3-ppo"), record([0, 1], algorithm="sarsa")])
    assert [line.algorithm for line in order] == ["sarsa", "sb3-ppo"]


def test_the_settings_of_a_sweep_are_numbered_and_told():
    bad, good = record([0, 10]), record([0, 90])
    bad = bad._replace(trial=bad.trial._replace(settings={"gamma": 0.5}, variant="gamma=0.5"))
    lines = summarize([bad, good])
    assert [(line.label, line.variant) for line in lines] == [("PPO 1", ""), ("PPO 2", "gamma=0.5")]
    rows = table_rows(lines, columns_of(lines))
    assert [row[-1] for row in rows] == ["", "as it is", "gamma=0.5", ""]
    assert len(columns_of(lines)) == len(columns_of(lines[:0])) + 1


def test_the_order_in_which_runs_were_finished_does_not_matter():
    runs = [record([0, 50, 50 + seed], seed) for seed in range(5)]
    runs += [r._replace(trial=r.trial._replace(settings={"gamma": 0.5}, variant="gamma=0.5")) for r in runs]
    records = [*runs, *(r._replace(trial=r.trial._replace(env_id="There-v0")) for r in runs)]
    forwards, backwards = summarize(records), summarize(records[::-1])
    assert [(s.env_id, s.variant) for s in forwards] == [(s.env_id, s.variant) for s in backwards]
    assert overall_rows(forwards) == overall_rows(backwards)


def test_together_every_run_counts():
    here = [record([0, score], seed) for seed, score in enumerate((10, 20, 30, 40))]
    there = [r._replace(trial=r.trial._replace(env_id="There-v0")) for r in here]
    alone = record([0, 100], algorithm="sarsa")
    rows = overall_rows(summarize([*here, *there, alone]))
    assert [row[:2] for row in rows] == [["PPO", "25.0"]]  # the middle half of eight runs
    assert overall_rows(summarize(here)) == []


@pytest.mark.parametrize(
    "name", ["q-learning", "reinforce", "actor-critic", "ppo", "ppo-network", "sb3-ppo", "sb3-qrdqn"]
)
def test_a_cell_is_judged_exactly(name, tmp_path):
    if name.startswith("sb3"):
        library = "sb3_contrib" if name == "sb3-qrdqn" else "stable_baselines3"
        pytest.importorskip(library, reason=f"{library} is not installed")
    settings = (
        {"policy": "network", "env_kwargs": {"observation": "factors"}} if name == "ppo-network" else {}
    )
    settings |= {"n_envs": 4, "n_steps": 32, "batch_size": 64} if name == "sb3-ppo" else {}
    settings |= {"n_envs": 4, "policy_kwargs": {"n_quantiles": 5}} if name == "sb3-qrdqn" else {}
    trial = Trial(CORNER, name, 0, 2_000, settings, 5)
    got = TrialRecord.from_json(run_trial(trial, tmp_path).to_json())
    agent = load(tmp_path)
    evaluator = Evaluator(agent.env)
    assert got.evaluations[-1].greedy == pytest.approx(evaluator.greedy(agent).mean_return)
    assert got.evaluations[-1].exploring == pytest.approx(evaluator.stochastic(agent).mean_return, rel=1e-5)
    assert got.evaluations[0].steps == 0
    assert 2_000 <= got.evaluations[-1].steps <= 2_100
    assert got.random == pytest.approx(-1.4759, abs=1e-3)
    assert got.optimum == pytest.approx(1.45)
    assert sorted(got.evaluations, key=lambda point: point.seconds) == got.evaluations
    assert len(list((tmp_path / "snapshots").iterdir())) >= 3


def test_judging_costs_no_time_of_learning(tmp_path, monkeypatch):
    plain = Evaluator.greedy

    def slow(evaluator, agent):
        time.sleep(0.1)
        return plain(evaluator, agent)

    monkeypatch.setattr(Evaluator, "greedy", slow)
    assert run_trial(Trial(CORNER, "q-learning", 0, 1_000, {}, 10)).evaluations[-1].seconds < 0.5


@pytest.mark.parametrize("env_id", [CORNER, "CartPole-v1"])
def test_judging_changes_nobody(env_id):
    few, many = (run_trial(Trial(env_id, "actor-critic", 0, 800, {"n_envs": 8}, n)) for n in (1, 4))
    assert few.evaluations[-1].greedy == many.evaluations[-1].greedy
    assert few.evaluations[-1].exploring == many.evaluations[-1].exploring


@pytest.fixture(scope="module")
def contest(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contest") / "out"
    assert run(compare.main, [*SHORT, "--out", str(folder)]) == 0
    return folder


def test_everything_is_in_one_folder(contest):
    assert {path.name for path in contest.iterdir()} == {
        *("records.jsonl", "plan.json", "evaluations.csv", "results.csv", "improvement.csv"),
        *("index.html", "figures", "runs"),
    }
    with (contest / "evaluations.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 2 * 11
    assert {row["seed"] for row in rows} == {"0", "1"}
    with (contest / "results.csv").open() as file:
        results = {row["contender"]: row for row in csv.DictReader(file)}
    assert float(results["q-learning"]["final_percent"]) == 100
    assert {path.suffix for path in (contest / "figures").iterdir()} == {".png", ".svg"}


def test_a_contest_goes_on_where_it_was(contest, tmp_path, capsys):
    before = (contest / "records.jsonl").read_text()
    folder = tmp_path / "copy"
    shutil.copytree(contest, folder)
    lines = before.splitlines()
    (folder / "records.jsonl").write_text("\n".join(lines[:3]) + "\n" + lines[3][:100])
    assert run(compare.main, [*SHORT, "--out", str(folder), "--no-page"]) == 0
    assert "4 runs, 3 of them finished before" in capsys.readouterr().out
    keep = [(r.trial, [(c.steps, c.greedy) for c in r.evaluations]) for r in Store(contest).read().values()]
    again = [(r.trial, [(c.steps, c.greedy) for c in r.evaluations]) for r in Store(folder).read().values()]
    assert sorted(keep, key=str) == sorted(again, key=str)


def test_the_page_needs_nothing_else(contest):
    page = (contest / "index.html").read_text()
    assert len(page) < 5_000_000
    links = set(re.findall(r"https?://[^\s\"'<>]+", page))
    names = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # are not fetched
    assert links <= names
    assert "@import" not in page


def test_the_page_in_a_browser(contest):
    """A replay is clicked; the console stays empty; nothing is asked of the network."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    said, asked = [], []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((contest / "index.html").as_uri())
        page.click(".replay button")
        page.wait_for_function("document.querySelector('.replay input').value > 1")
        assert "happiness" in page.inner_text(".replay p")
        page.select_option(".replay select", "0")
        assert page.inner_text(".replay p") == "start"
        browser.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_a_sweep_is_shown_as_well(contest, tmp_path, capsys):
    assert run(compare.main, ["--from", str(contest), "--out", str(tmp_path)]) == 0
    assert "Q-learning" in capsys.readouterr().out
    assert (tmp_path / "index.html").exists()


def test_a_failed_cell_is_reported_and_the_rest_goes_on(tmp_path, capsys, monkeypatch):
    from cookie_jar.scripts.comparison import plan as contest

    def settings(name, env_id):
        return {"learning_rate": 9} if name == "sarsa" else {}

    monkeypatch.setattr(contest, "settings_of", settings)
    assert run(compare.main, [*SHORT, "--out", str(tmp_path), "--no-page"]) == 2
    shown = capsys.readouterr()
    assert "learning_rate: expected a number from 0 to 1, got 9" in shown.out
    assert "2 runs failed" in shown.err
    assert len(Store(tmp_path).read()) == 2


def test_ctrl_c_is_clean_and_leaves_no_worker(tmp_path):
    command = [sys.executable, "-m", "cookie_jar.scripts.compare", "--env", CORNER, "--agents", "q-learning"]
    command += ["--timesteps", "2000000000", "--seeds", "2", "--out", str(tmp_path), "--checks", "100000"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(6)
    children = Path(f"/proc/{process.pid}/task").glob("*/children")
    workers = [int(pid) for file in children for pid in file.read_text().split()]
    assert len(workers) > 0 or not Path("/proc").exists()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "finished runs are kept" in err
    assert "Traceback" not in err
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--env", "Nothing-v0"], "--env Nothing-v0: expected the id"),
        (["--agents", "nobody"], "got 'nobody'"),
        (["--seeds", "0"], "--seeds: expected at least 1"),
        (["--from", "nowhere"], "nowhere: expected a folder with records.jsonl"),
        (["--from", "nowhere", "--seeds", "3"], "--seeds: expected without --from"),
    ],
)
def test_mistakes(options, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(compare.main, options) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_environment_without_a_model_is_judged_by_episodes():
    got = run_trial(Trial("CartPole-v1", "actor-critic", 0, 500, {"n_envs": 4}, 2))
    assert got.optimum is None
    assert got.scale(17.0) == 17.0
    assert "100 episodes" in got.method
    assert np.isfinite(got.evaluations[-1].greedy)


def test_a_page_shows_the_memories_of_its_own_runs_alone(contest, tmp_path):
    """Another run has taken the folder of a memory since: its replay would show somebody else."""
    [first, *_] = summarize(read_folder(contest))
    assert len(replays([contest], [first], Album())) > 1
    other = first.records[0]._replace(trial=first.records[0].trial._replace(n_evaluations=7))
    assert replays([contest], [Summary([other])], Album()) == []


def test_what_libraries_print_goes_not_between_the_messages(tmp_path):
    """Even what is written by compiled code, straight to the first file descriptor."""
    code = "import os, sys, runpy; from cookie_jar.scripts.comparison import run_trial\n"
    code += "plain = run_trial.run_trial\n"
    code += "def noisy(*a, **k): os.write(1, b'noise\\n'); print('noise'); return plain(*a, **k)\n"
    code += "run_trial.run_trial = noisy; run_trial.main()"
    task = {"cell": list(Trial(CORNER, "q-learning", 0, 100, {}, 1)), "folder": str(tmp_path)}
    task |= {"begin": time.time(), "jobs": 1}
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(task), capture_output=True, text=True, check=True
    )
    *steps, last = done.stdout.splitlines()
    assert [json.loads(line) for line in steps] == [{"steps": 0}, {"steps": 100}]
    assert TrialRecord.from_json(last).made_with.endswith("1 at a time")
    assert "noise" in done.stderr


@pytest.mark.parametrize(
    "change",
    [{"checks": []}, {"random": "x"}, {"cell": {"contender": "nobody"}}, {"cell": {"settings": 3}}],
)
def test_records_of_others_are_not_trusted(change, tmp_path):
    data = json.loads(record([0, 1]).to_json())
    data |= {name: data[name] | part if name == "cell" else part for name, part in change.items()}
    (tmp_path / "records.jsonl").write_text(json.dumps(data) + "\n" + "[" * 100_000 + "\n")
    assert Store(tmp_path).read() == {}


def test_masks_are_asked_of_kitchens_alone():
    plan = Plan(["CookieJar-v0", "CookieJarRandom-v0", "FrozenLake-v1"], ["sb3-maskable-ppo"], 1, 100, 1)
    assert [trial.env_id for trial in plan.trials()] == ["CookieJar-v0"]


def test_guests_observe_factors_where_there_are_some():
    for env_id in ("CookieJar-v0", "CookieJarClumsy-v0"):
        assert settings_of("sb3-ppo", env_id)["env_kwargs"] == {"observation": "factors"}
    for env_id in ("FrozenLake-v1", "CookieJarRandom-v0"):  # factors say nothing of walls
        assert not {"env_kwargs", "env_wrapper"} & set(settings_of("sb3-ppo", env_id))


def test_the_plan_is_written_down(contest):
    plan = json.loads((contest / "plan.json").read_text())
    assert plan["agents"] == ["q-learning", "sarsa"]
