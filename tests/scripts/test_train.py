import csv
import json
import os
import re
import signal
import subprocess
import sys

import gymnasium as gym
import pytest
from needs import CLIFF, needs_signals
from PIL import Image
from waiting import end_of, running, wait_while_it_runs

from cookie_jar.agents import ActorCritic, QLearning, evaluation, training
from cookie_jar.envs import CookieJarEnv
from cookie_jar.scripts import train
from cookie_jar.scripts.common.console import run


class Opaque(gym.Env):
    """The corner kitchen without its model."""

    def __init__(self):
        self.inner = CookieJarEnv(kitchen="corner")
        self.observation_space, self.action_space = self.inner.observation_space, self.inner.action_space
        self.reset, self.step = self.inner.reset, self.inner.step


FAST = ["--env", "CookieJarCorner-v0", "--timesteps", "4000", "--exploration-steps", "2000"]
FAST_NAME = "cookie-jar-corner-q-learning-exploration-steps-2000-0"
undrawn = pytest.mark.usefixtures("undrawn")


@pytest.fixture(autouse=True)
def _inside(inside):
    """Runs are written to an empty folder."""


def test_a_run_is_a_folder_with_everything(inside, capsys):
    assert run(train.main, FAST) == 0
    folder = inside / "runs" / FAST_NAME
    assert {path.name for path in folder.iterdir()} == {
        "agent.safetensors",
        "monitor.csv",
        "evaluations.csv",
        "learning_curve.png",
        "record.json",
        "snapshots",
        "target.json",
    }
    shown = capsys.readouterr().out
    for text in (
        "random",
        "learned (greedy)",
        "optimum",
        "1.45",
        "-1.48",
        "100.0 %",
        "35.25 %",
        str(folder.name),
    ):
        assert text in shown
    assert f"cookie-jar watch runs/{FAST_NAME}" in " ".join(shown.split())
    assert QLearning.load(folder / "agent.safetensors").num_timesteps == 4000
    with Image.open(folder / "learning_curve.png") as curve:
        assert curve.size == (1200, 675)


def test_the_same_seed_gives_the_same_bytes(inside):
    for name, seed in (("a", "3"), ("b", "3"), ("c", "4")):
        assert run(train.main, [*FAST, "--name", name, "--seed", seed]) == 0
    memories = {name: (inside / "runs" / name / "agent.safetensors").read_bytes() for name in "abc"}
    assert memories["a"] == memories["b"] != memories["c"]
    curves = {name: (inside / "runs" / name / "learning_curve.png").read_bytes() for name in "ab"}
    assert curves["a"] == curves["b"]


def test_the_same_seed_gives_the_same_bytes_in_another_process(inside):
    assert run(train.main, [*FAST, "--name", "a"]) == 0
    command = [sys.executable, "-m", "cookie_jar.scripts.train", *FAST, "--name", "b"]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": "98"})
    first, second = ((inside / "runs" / name / "agent.safetensors").read_bytes() for name in "ab")
    assert first == second


@undrawn
def test_sb3_reads_the_progress(inside):
    monitor = pytest.importorskip("stable_baselines3.common.monitor")
    pytest.importorskip("pandas")
    run(train.main, FAST)
    folder = inside / "runs" / FAST_NAME
    frame = monitor.load_results(str(folder))
    agent = QLearning.load(folder / "agent.safetensors")
    assert len(frame) == agent.num_episodes > 20
    assert 4000 - 200 <= frame["l"].sum() <= 4000
    assert frame["r"].max() == pytest.approx(1.45)
    header = (folder / "monitor.csv").read_text().splitlines()[0]
    assert json.loads(header[1:])["env_id"] == "CookieJarCorner-v0"


@undrawn
def test_evaluations_rise_to_the_optimum(inside):
    run(train.main, FAST)
    with (inside / "runs" / FAST_NAME / "evaluations.csv").open() as file:
        rows = list(csv.DictReader(file))
    steps = [int(row["steps"]) for row in rows]
    assert set(steps) >= set(range(0, 4001, 100))
    assert steps == sorted(set(steps))
    assert float(rows[0]["happiness"]) < 0 < float(rows[-1]["happiness"])
    assert float(rows[-1]["percent_of_possible"]) == pytest.approx(100)


@undrawn
def test_options_reach_the_environment_and_the_agent(inside):
    (inside / "my.txt").write_text("#J###\n#S.C#\n#####\n")
    options = ["--kitchen", "my.txt", "--likes", "raisin", "--clumsiness", "0.1", "--random-start", "--hints"]
    options += ["--shuffle-cookies", "--happiness", "act=-0.03", "--happiness", "cookie_liked=2"]
    options += ["--learning-rate", "0.3", "--gamma", "0.9", "--exploration-steps", "700", "--name", "x"]
    assert run(train.main, [*options, "--timesteps", "500", "--run-dir", "elsewhere"]) == 0
    agent = QLearning.load(inside / "elsewhere" / "x" / "agent.safetensors")
    config = agent.env.unwrapped.world.config
    assert str(config.kitchen) == "#J###\n#S.C#\n#####"
    assert (config.likes.label, config.clumsiness) == ("raisin", 0.1)
    assert (config.random_start, config.hints, config.shuffle_cookies) == (True, True, True)
    assert (config.happiness.act, config.happiness.cookie_liked) == (-0.03, 2.0)
    assert (agent.learning_rate, agent.gamma, agent.exploration_steps) == (0.3, 0.9, 700)


@undrawn
def test_any_discrete_environment_can_be_learned(inside, capsys):
    assert run(train.main, ["--env", "FrozenLake-v1", "--timesteps", "3000"]) == 0
    assert (inside / "runs" / "frozen-lake-q-learning-0").is_dir()
    assert run(train.main, ["--env", CLIFF, "--timesteps", "3000"]) == 0
    assert "optimum" in capsys.readouterr().out


@undrawn
def test_an_environment_without_a_model_is_evaluated_by_episodes(inside, capsys, monkeypatch):
    monkeypatch.setattr(evaluation, "EPISODES", 20)
    gym.register("Opaque-v0", Opaque, max_episode_steps=50)
    try:
        assert run(train.main, ["--env", "Opaque-v0", "--timesteps", "4000"]) == 0
    finally:
        del gym.registry["Opaque-v0"]
    shown = capsys.readouterr().out
    assert "means of 20 episodes" in shown
    assert "1.45" in shown
    assert "optimum" not in shown


@undrawn
def test_names_that_look_like_markup_or_hold_blanks(inside, capsys):
    assert run(train.main, [*FAST, "--name", "[red] q"]) == 0
    assert 'cookie-jar watch "runs/[red] q"' in capsys.readouterr().out
    assert (inside / "runs" / "[red] q" / "agent.safetensors").exists()


@undrawn
def test_a_run_that_ends_at_once_can_go_on(inside, monkeypatch):
    assert run(train.main, [*FAST, "--name", "mine"]) == 0
    whole = (inside / "runs" / "mine" / "agent.safetensors").read_bytes()
    monkeypatch.setattr(QLearning, "learn_steps", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    assert run(train.main, [*FAST, "--name", "mine", "--overwrite"]) == 130
    monkeypatch.undo()
    monkeypatch.chdir(inside)
    assert QLearning.load(inside / "runs" / "mine" / "agent").num_timesteps == 0
    assert run(train.main, ["--resume", "runs/mine"]) == 0
    assert (inside / "runs" / "mine" / "agent.safetensors").read_bytes() == whole


@undrawn
def test_infinite_numbers_stop_a_run_that_keeps_the_last_snapshot(capsys):
    options = [
        "--env",
        "CartPole-v1",
        "--agent",
        "actor-critic",
        "--optimizer",
        "sgd",
        "--learning-rate",
        "1e30",
    ]
    options += ["--max-grad-norm", "1e30", "--timesteps", "9000", "--name", "hot"]
    assert run(train.main, options) == 2
    error = capsys.readouterr().err
    assert re.search(r"expected finite numbers, got (nan|-?inf) after [\d,]+ steps", error)
    saved = re.search(r"after ([\d,]+) steps, is in runs/hot/agent", error)[1]
    assert ActorCritic.load("runs/hot/agent").num_timesteps == int(saved.replace(",", ""))


@undrawn
def test_levels_are_evaluated_seen_and_unseen(inside, capsys, monkeypatch):
    monkeypatch.setattr(evaluation, "LEVELS", 2)
    monkeypatch.setattr(training, "ALL_LEVELS", 3)
    options = ["--env", "CookieJarRandom-v0", "--agent", "ppo", "--n-envs", "16", "--timesteps", "128"]
    assert run(train.main, [*options, "--name", "levels", "--filters", "2", "--net-arch", "4"]) == 0
    shown = capsys.readouterr().out
    assert "unseen levels, greedy" in shown
    assert "mean of 2 of 1,000 levels (0 to 999)" in shown
    assert "unseen: exact, without sampling noise, mean of 2 of 100 levels (1,000 to 1,099)" in shown
    assert "test: exact, without sampling noise, mean of 3 of 100 levels (2,000 to 2,099)" in shown
    with (inside / "runs/levels/evaluations.csv").open() as file:
        rows = list(csv.DictReader(file))
    for name in ("sampled", "unseen", "unseen_sampled"):
        assert -10 < float(rows[-1][name]) < 1.5
    assert run(train.main, ["--resume", "runs/levels", "--timesteps", "64"]) == 0
    with (inside / "runs/levels/evaluations.csv").open() as file:
        longer = list(csv.DictReader(file))
    assert longer[: len(rows)] == rows
    assert list(longer[-1]) == list(rows[-1])
    assert len(longer) > len(rows)


@undrawn
def test_a_taken_name_is_not_lost(inside, capsys):
    assert run(train.main, [*FAST, "--name", "mine"]) == 0
    before = (inside / "runs" / "mine" / "agent.safetensors").read_bytes()
    assert run(train.main, [*FAST, "--name", "mine", "--seed", "9"]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (inside / "runs" / "mine" / "agent.safetensors").read_bytes() == before
    assert run(train.main, [*FAST, "--name", "mine", "--seed", "9", "--overwrite"]) == 0
    assert (inside / "runs" / "mine" / "agent.safetensors").read_bytes() != before
    capsys.readouterr()
    for _ in range(2):
        run(train.main, FAST)
    taken = f"runs/{FAST_NAME} already exists; saving this run as runs/{FAST_NAME}-2"
    assert capsys.readouterr().out.splitlines().count(taken) == 1
    assert {path.name for path in (inside / "runs").iterdir()} == {
        "mine",
        FAST_NAME,
        f"{FAST_NAME}-2",
    }


@needs_signals
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_ctrl_c_and_sigterm_stop_cleanly_and_keep_what_was_learned(inside, number, status):
    command = [sys.executable, "-m", "cookie_jar.scripts.train", "--timesteps", "20000000000", "--name", "x"]
    snapshots = inside / "runs" / "x" / "snapshots"
    with running(command) as process:
        wait_while_it_runs(process, lambda: len(list(snapshots.glob("*"))) > 1, "a snapshot")
        process.send_signal(number)
        code, out, err = end_of(process)
    assert code == status, err
    assert "Stopped after" in out
    assert 0 < QLearning.load(inside / "runs" / "x" / "agent.safetensors").num_timesteps < 20_000_000_000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--env", "CookieJar-v9"], "CookieJar"),
        (["--env", "Nothing-v0"], "Nothing"),
        (["--env", "CartPole-v1"], "Discrete observation space"),
        (
            ["--env", "FrozenLake-v1", "--likes", "raisin", "--random-start"],
            "does not take --likes, --random-start",
        ),
        (["--likes", "apple"], "raisin, chocolate chip, plain"),
        (["--clumsiness", "1.5"], "clumsiness"),
        (["--kitchen", "nowhere.txt"], "or a text file with a map; nowhere.txt: cannot be read"),
        (["--kitchen", "nofile"], "No such file"),
        (["--env", "a:b:c"], "--env a:b:c: cannot import 'a:b'"),
        (["--env", "nowhere.at.all:Bar-v0"], "cannot import 'nowhere.at.all'"),
        (["--name", "x" * 300], "--name: expected a name of at most 100 characters, got 300"),
        (["--name", " "], "plain name"),
        (["--kitchen", "bad.txt"], "line 2, column 4"),
        (["--happiness", "act"], "NAME=NUMBER"),
        (["--happiness", "joy=1"], "'joy'"),
        (["--timesteps", "0"], "--timesteps"),
        (["--seed", "-1"], "--seed"),
        (["--learning-rate", "7"], "learning_rate"),
        (["--name", "a/b"], "plain name"),
        (["--run-dir", "bad.txt/deep"], "--run-dir: expected a folder, but bad.txt is none"),
    ],
)
def test_a_mistake_gives_one_clear_message(inside, options, message, refuse):
    (inside / "bad.txt").write_text("#J##\n#SCx\n####\n")
    assert message in refuse(train.main, options)
    assert not list((inside / "runs").rglob("*"))


def test_a_run_whose_curve_cannot_be_drawn_is_saved(inside, monkeypatch, capsys):
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", lambda *_, **__: 1 / 0)
    with pytest.warns(UserWarning, match="the run was saved without its learning curve"):
        assert run(train.main, [*FAST, "--name", "a"]) == 0
    assert (inside / "runs" / "a" / "agent.safetensors").exists()
    assert "Saved as" in capsys.readouterr().out


@undrawn
@pytest.mark.parametrize(
    ("options", "noted"),
    [
        (["--hints"], False),
        (["--gamma", "0.9"], False),
        (["--hints", "--gamma", "0.9"], True),
        (["--hints", "--gamma", "0.9", "--hint-gamma", "0.9"], False),
    ],
)
def test_hints_for_another_discount_factor_are_noted_in_one_line(inside, capsys, options, noted):
    corner = ["--env", "CookieJarCorner-v0", "--timesteps", "50", *options]
    assert run(train.main, corner) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("note:")]
    assert lines == noted * [
        "note: hints with gamma 0.99 can change the optimum of an agent with gamma 0.9; "
        "hints with --hint-gamma 0.9 leave it unchanged"
    ]
