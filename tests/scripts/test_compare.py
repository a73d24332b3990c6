import csv
import json
import os
import shutil
import signal
import sys
from contextlib import contextmanager, redirect_stdout
from functools import partial
from pathlib import Path

import pytest
from needs import needs_signals
from trials import CORNER, outcomes, record
from waiting import end_of, running, wait_until, wait_while_it_runs

from cookie_jar.scripts import compare
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.common.cores import available_cores
from cookie_jar.scripts.comparison import plan
from cookie_jar.scripts.comparison.algorithms import settings_of
from cookie_jar.scripts.comparison.store import Store
from cookie_jar.scripts.comparison.trials import failed

SHORT = ["--env", CORNER, "--agents", "q-learning", "sarsa", "--seeds", "2", "--timesteps", "3000"]
SHORT += ["--checks", "10"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("comparison") / "out"
    with (folder.parent / "stdout").open("w") as file, redirect_stdout(file):
        assert run(compare.main, [*SHORT, "--out", str(folder)]) == 0
    return folder


def test_everything_is_in_one_folder(folder):
    assert {path.name for path in folder.iterdir()} == {
        *("records.jsonl", "plan.json", "evaluations.csv", "results.csv", "improvement.csv"),
        *("index.html", "figures", "runs"),
    }
    rows = list(csv.DictReader((folder / "evaluations.csv").read_text().splitlines()))
    assert len(rows) == 2 * 2 * 11
    assert {row["seed"] for row in rows} == {"0", "1"}
    results = csv.DictReader((folder / "results.csv").read_text().splitlines())
    assert float({row["contender"]: row for row in results}["q-learning"]["final_percent"]) == 100
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png", ".svg"}
    assert json.loads((folder / "plan.json").read_text())["agents"] == ["q-learning", "sarsa"]
    for one in Store(folder).read().values():
        assert one.peak_memory is None or one.peak_memory > 50_000_000
        assert one.startup > 0
        assert f"; {available_cores()} at a time" in one.made_with


def test_the_same_command_continues_where_it_stopped(folder, tmp_path, capsys):
    shutil.copytree(folder, tmp_path / "copy")
    lines = (folder / "records.jsonl").read_text().splitlines()
    (tmp_path / "copy" / "records.jsonl").write_text("\n".join(lines[:3]) + "\n" + lines[3][:100])
    assert run(compare.main, [*SHORT, "--out", str(tmp_path / "copy"), "--no-page"]) == 0
    assert "4 runs, 3 of them finished before" in capsys.readouterr().out
    assert outcomes(tmp_path / "copy") == outcomes(folder)


def test_output_that_is_piped_says_what_is_done_and_ends_with_the_winner(folder):
    first, *_, last = lines = (folder.parent / "stdout").read_text().splitlines()
    assert first.startswith("4 runs")
    assert any(line.startswith("4 of 4 runs finished after ") for line in lines)
    assert f"drawing the figures of {CORNER}" in lines
    assert "drawing the replays" in lines
    assert last.startswith(f"In {CORNER}, Q-learning ")


def test_runs_that_were_never_made_are_named(folder, tmp_path, capsys):
    shutil.copytree(folder, tmp_path / "copy")
    lines = (folder / "records.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "copy" / "records.jsonl").write_text("".join(lines[:3]))
    out = str(tmp_path / "out")
    assert run(compare.main, ["--from", str(tmp_path / "copy"), "--out", out, "--no-page"]) == 2
    shown = capsys.readouterr()
    assert "1 of 4 planned runs has not been made" in shown.out
    assert "error: 1 of 4 planned runs has not been made: " in shown.err
    assert "NOT RUN: " in " ".join(shown.out.split())


def test_results_are_reported_again(folder, tmp_path, capsys):
    assert run(compare.main, ["--from", str(folder), "--agents", "sarsa", "--out", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "SARSA" in shown
    assert "Q-learning" not in shown
    assert f"--agents sarsa --from {folder}" in (tmp_path / "index.html").read_text()


def test_failed_runs_are_reported_and_the_rest_goes_on(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(
        plan, "settings_of", lambda name, env_id: {"learning_rate": 9} if name == "sarsa" else {}
    )
    options = [*SHORT, "--seeds", "1", "--jobs", "1", "--out", str(tmp_path), "--no-page"]
    assert run(compare.main, options) == 2
    shown = capsys.readouterr()
    assert "learning_rate: expected a number from 0 to 1, got 9" in shown.out
    assert "1 run failed" in shown.err
    [record] = Store(tmp_path).read().values()
    assert (record.trial.algorithm, record.error) == ("q-learning", None)


def lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_failed_runs_are_named_when_results_are_reported_again(tmp_path, capsys):
    records = [record([0, 100], seed) for seed in range(3)]
    Store(tmp_path / "a").add([*records[:2], failed(records[2].trial, "its process was ended by SIGKILL")])
    assert run(compare.main, ["--from", str(tmp_path / "a"), "--out", str(tmp_path / "b")]) == 2
    shown = capsys.readouterr()
    assert "1 run failed of 3: ppo in CookieJarCorner-v0, seed 2" in shown.err
    assert "3 seeds; FAILED: PPO seed 2;" in " ".join(shown.out.split())
    page = (tmp_path / "b" / "index.html").read_text()
    assert "FAILED: PPO seed 2" in page
    assert "PPO, seed 2: its process was ended by SIGKILL" in page
    [row] = csv.DictReader((tmp_path / "b" / "results.csv").read_text().splitlines())
    assert (row["seeds"], row["failed_seeds"]) == ("2", "1")
    assert float(row["share_at_95"]) == pytest.approx(2 / 3)


@pytest.mark.parametrize("options", [["--timesteps", "200"], ["--agents", "sarsa"], ["--checks", "7"]])
def test_another_comparison_is_not_mixed_with_that_of_the_folder(tmp_path, capsys, options):
    Store(tmp_path).add([record([0, 100], settings=settings_of("ppo", CORNER))])
    before = (tmp_path / "records.jsonl").read_bytes()
    plan = ["--env", CORNER, "--agents", "ppo", "--seeds", "1", "--timesteps", "100", "--out", str(tmp_path)]
    assert run(compare.main, [*plan, *options]) == 2
    shown = capsys.readouterr().err
    assert "holds 1 finished run of another plan" in shown
    assert "choose another folder with --out" in shown
    assert [path.name for path in tmp_path.iterdir()] == ["records.jsonl"]
    assert (tmp_path / "records.jsonl").read_bytes() == before


@contextmanager
def endless_runs(folder):
    """Start a comparison whose runs do not end; yield its process and its workers."""
    command = [sys.executable, "-m", "cookie_jar.scripts.compare", "--env", CORNER, "--agents", "q-learning"]
    command += ["--timesteps", "2000000000", "--seeds", "2", "--out", str(folder), "--checks", "100000"]
    with running(command, start_new_session=True) as process:
        made = partial(folder.glob, "runs/*/cell")
        wait_while_it_runs(process, lambda: len(list(made())) == 2, "the agents of both seeds")
        children = Path(f"/proc/{process.pid}/task").glob("*/children")
        workers = [int(pid) for file in children for pid in file.read_text().split()]
        assert len(workers) >= 2 or not Path("/proc").exists()
        yield process, workers


@needs_signals
@pytest.mark.parametrize("to_the_group", [False, True], ids=["program", "terminal"])
@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_ctrl_c_and_sigterm_end_all_workers(tmp_path, name, status, to_the_group):
    """A terminal sends Ctrl-C to the workers as well, which hear nothing of it."""
    with endless_runs(tmp_path) as (process, workers):
        (os.killpg if to_the_group else os.kill)(process.pid, getattr(signal, name))
        code, _, err = end_of(process)
        assert code == status
        assert err == "stopped: finished runs are kept; run the same command again to run the others\n"
        wait_until(lambda: not any(map(lives, workers)), "the end of the workers")


@needs_signals
@pytest.mark.slow
def test_workers_end_with_a_program_that_is_killed(tmp_path):
    with endless_runs(tmp_path) as (process, workers):
        process.kill()
        wait_until(lambda: not any(map(lives, workers)), "the end of the workers")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--env", "Nothing-v0"], "got 'Nothing-v0'"),
        (["--agents", "nobody"], "got 'nobody'"),
        (["--seeds", "0"], "--seeds: expected at least 1"),
        (["--from", "nowhere"], "nowhere: expected a folder with records.jsonl"),
        (["--from", "nowhere", "--seeds", "3"], "--seeds: cannot be combined with --from"),
    ],
)
def test_mistakes(options, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(compare.main, options) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
