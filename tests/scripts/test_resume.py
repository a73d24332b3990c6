"""A run that was interrupted ends as one that was not."""

import csv
import random
import re
import signal
import subprocess
import sys
import time

import pytest
from needs import needs_limits, needs_signals
from waiting import end_of, running, wait_until, wait_while_it_runs

from cookie_jar.agents import QLearning, runs
from cookie_jar.scripts import train
from cookie_jar.scripts.common.console import run

CORNER = ["--env", "CookieJarCorner-v0"]


@pytest.fixture(autouse=True)
def _inside(inside, undrawn):
    """Runs are written to an empty folder, without pictures."""


def memories(folder):
    """The bytes of the agent and of every snapshot."""
    files = [folder / "agent.safetensors", *(folder / "snapshots").iterdir()]
    return {file.name: file.read_bytes() for file in files}


def episodes(folder):
    """Returns and lengths, without the clock."""
    lines = (folder / "monitor.csv").read_text().splitlines()[2:]
    return [tuple(line.split(",")[:2]) for line in lines]


def last_change(folder):
    """When the record of episodes was written last; None before there is one."""
    monitor = folder / "monitor.csv"
    return monitor.stat().st_mtime_ns if monitor.exists() else None


def evaluated(folder):
    with (folder / "evaluations.csv").open() as file:
        return {int(row["steps"]): row["happiness"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("agent", ["q-learning", "sarsa", "expected-sarsa"])
def test_more_steps_later_are_the_same_as_at_once(inside, agent):
    options = [*CORNER, "--agent", agent, "--exploration-steps", "2000"]
    assert run(train.main, [*options, "--name", "whole", "--timesteps", "4000"]) == 0
    assert run(train.main, [*options, "--name", "parts", "--timesteps", "1234"]) == 0
    assert run(train.main, ["--resume", "runs/parts", "--timesteps", "766"]) == 0
    assert run(train.main, ["--resume", "runs/parts", "--timesteps", "2000"]) == 0
    whole, parts = inside / "runs" / "whole", inside / "runs" / "parts"
    assert memories(whole) == memories(parts)
    assert episodes(whole) == episodes(parts)
    steps = list(evaluated(parts))
    assert steps == sorted(set(steps))
    assert (
        evaluated(whole).items()
        >= {
            step: happiness for step, happiness in evaluated(parts).items() if step in evaluated(whole)
        }.items()
    )


def test_snapshots_are_dense_early_and_reach_to_the_end(inside):
    assert run(train.main, ["--name", "x", "--timesteps", "100000"]) == 0
    steps = [count for count, _ in runs.snapshots(inside / "runs" / "x")]
    assert steps[:4] == [0, 100, 126, 158]
    assert steps[-1] == 100_000
    assert 30 <= len(steps) <= 50
    for count, file in runs.snapshots(inside / "runs" / "x")[::6]:
        assert QLearning.load(file).num_timesteps == count


def test_a_snapshot_is_the_memory_of_that_moment(inside):
    run(train.main, [*CORNER, "--name", "x", "--timesteps", "3000"])
    file = runs.memory_file("runs/x@1000")
    assert QLearning.load(file).num_timesteps == 1000
    direct = QLearning("CookieJarCorner-v0", seed=0).learn(1000)
    assert (QLearning.load(file).q_table == direct.q_table).all()
    assert runs.memory_file("runs/x@1258") == file
    assert runs.memory_file("runs/x@0").name.startswith("0000")


@needs_signals
@pytest.mark.slow
@pytest.mark.parametrize("stop_signal", ["SIGKILL", "SIGINT"])
def test_killed_at_random_moments_it_ends_as_if_nothing_had_been(inside, stop_signal):
    steps = 20_000_000 if stop_signal == "SIGKILL" else 10_000_000
    options = ["--timesteps", str(steps), "--clumsiness", "0.1"]
    assert run(train.main, [*options, "--name", "whole"]) == 0
    rng = random.Random(5)
    command = [sys.executable, "-m", "cookie_jar.scripts.train"]
    first = [*options, "--name", "killed"]
    folder = inside / "runs" / "killed"
    for attempt in range(10):
        words = first if not (folder / "agent.safetensors").exists() else ["--resume", "runs/killed"]
        if words is first and folder.exists():
            words = [*first, "--overwrite"]
        before = last_change(folder)
        with running([*command, *words]) as process:
            if attempt < 8:  # at a random moment after the run has written something
                wait_until(
                    lambda before=before, process=process: (
                        last_change(folder) != before or process.poll() is not None
                    ),
                    "a record of episodes",
                )
                time.sleep(0.5 * rng.random())
                process.send_signal(getattr(signal, stop_signal))
            code, _, _ = end_of(process)
        if code == 0 and QLearning.load(folder / "agent").num_timesteps == steps:
            break
    whole = inside / "runs" / "whole"
    assert memories(folder) == memories(whole)
    assert episodes(folder) == episodes(whole)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--resume", "runs/nothing"], "expected the folder of a run"),
        (["--resume", "runs/x"], "has already reached its target of 500 steps: add --timesteps MORE"),
        (["--resume", "runs/x", "--seed", "3", "--likes", "raisin"], "leave out --likes, --seed"),
        (["--resume", "runs/x", "--no-hints"], "leave out --hints"),
        (["--resume", "runs/x", "--timesteps", "0"], "--timesteps: expected at least 1, got 0"),
    ],
)
def test_a_mistake_gives_one_clear_message(options, message, refuse):
    run(train.main, [*CORNER, "--name", "x", "--timesteps", "500"])
    assert message in refuse(train.main, options)


def test_an_interrupted_run_says_how_to_go_on(inside, monkeypatch, capsys):
    asked = iter([False, False, True])
    monkeypatch.setattr(train.Interrupt, "asked", property(lambda _: next(asked, True)))
    assert run(train.main, [*CORNER, "--name", "x", "--timesteps", "5000"]) == 0
    shown = capsys.readouterr().out
    assert "Stopped after" in shown
    assert "Continue with: cookie-jar train --resume runs/x" in shown
    monkeypatch.undo()
    monkeypatch.chdir(inside)
    assert run(train.main, ["--resume", "runs/x"]) == 0
    direct = QLearning("CookieJarCorner-v0", seed=0).learn(5000)
    assert (QLearning.load(inside / "runs" / "x" / "agent").q_table == direct.q_table).all()


def test_a_lost_target_is_asked_for(inside, capsys):
    run(train.main, [*CORNER, "--name", "x", "--timesteps", "500"])
    for text in ("", "{}", '{"timesteps": -4}', "[]"):
        (inside / "runs" / "x" / "target.json").write_text(text)
        assert run(train.main, ["--resume", "runs/x"]) == 2
        assert "add --timesteps" in capsys.readouterr().err


def test_a_record_that_does_not_belong_to_the_agent_is_refused_and_can_be_discarded(inside, refuse, capsys):
    run(train.main, [*CORNER, "--name", "x", "--timesteps", "500"])
    monitor = inside / "runs" / "x" / "monitor.csv"
    damaged = monitor.read_text().replace(",200,", ",201,", 1)
    monitor.write_text(damaged)
    message = refuse(train.main, ["--resume", "runs/x", "--timesteps", "500"])
    assert "monitor.csv" in message
    assert "--discard-record" in message
    assert run(train.main, ["--resume", "runs/x", "--timesteps", "500", "--discard-record"]) == 0
    assert (inside / "runs" / "x" / "monitor.csv.discarded").read_text() == damaged
    assert run(train.main, ["--resume", "runs/x", "--timesteps", "500"]) == 0
    direct = QLearning("CookieJarCorner-v0", seed=0).learn(1500)
    assert (QLearning.load(inside / "runs" / "x" / "agent").q_table == direct.q_table).all()
    assert min(evaluated(inside / "runs" / "x")) == 500
    assert "--discard-record: expected --resume" in refuse(train.main, [*CORNER, "--discard-record"])


LIMITED = """
import resource, sys
from cookie_jar.scripts import train
from cookie_jar.scripts.common.console import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1))
sys.exit(run(train.main, sys.argv[2:]))
"""


@needs_limits
def test_a_full_disk_is_named_and_resuming_works(inside):
    options = [*CORNER, "--timesteps", "20000"]
    words = [sys.executable, "-c", LIMITED, "12000", *options, "--name", "full"]
    ended = subprocess.run(words, capture_output=True, text=True)
    assert ended.returncode == 2
    [line] = ended.stderr.splitlines()
    assert re.fullmatch(
        r"error: runs/full/\S+: cannot be written: File too large\. "
        r"The last saved agent, after [\d,]+ steps, is in runs/full/agent\.safetensors\. "
        r"Free some space; then continue with: cookie-jar train --resume runs/full",
        line,
    )
    assert 0 < QLearning.load(inside / "runs" / "full" / "agent").num_timesteps < 20_000
    assert run(train.main, ["--resume", "runs/full"]) == 0
    assert run(train.main, [*options, "--name", "whole"]) == 0
    assert memories(inside / "runs" / "full") == memories(inside / "runs" / "whole")
    assert episodes(inside / "runs" / "full") == episodes(inside / "runs" / "whole")


def test_a_run_is_trained_by_one_process_and_watched_by_others(inside, refuse, capsys, monkeypatch):
    command = [sys.executable, "-m", "cookie_jar.scripts.train", *CORNER, "--name", "x"]
    folder = inside / "runs" / "x"
    with running([*command, "--timesteps", "20000000000"]) as process:
        wait_while_it_runs(process, lambda: len(runs.snapshots(folder)) > 4, "five snapshots")
        for words in (["--resume", "runs/x"], [*CORNER, "--name", "x", "--overwrite"]):
            assert "runs/x is being trained by another process" in refuse(train.main, words)
        assert runs.load("runs/x").num_timesteps > 0
        assert process.poll() is None
    assert run(train.main, [*CORNER, "--name", "x", "--overwrite", "--timesteps", "300"]) == 0
