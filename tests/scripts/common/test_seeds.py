import argparse

import pytest

from cookie_jar.agents import NotFiniteError, load
from cookie_jar.agents.training import TrainingRun
from cookie_jar.scripts import train
from cookie_jar.scripts.common import seeds
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.common.seeds import seed_range

CORNER = ["--env", "CookieJarCorner-v0", "--timesteps", "3000"]


@pytest.fixture(autouse=True)
def _inside(inside, undrawn):
    """Runs are written to an empty folder, without pictures."""


@pytest.mark.parametrize("agent", ["q-learning", "ppo"])
def test_runs_that_train_together_are_those_that_train_alone(agent, inside, capsys):
    options = [*CORNER, "--agent", agent]
    assert run(train.main, [*options, "--seeds", "3..5", "--name", "together"]) == 0
    shown = capsys.readouterr().out
    for seed in (3, 4, 5):
        assert f"seed {seed}" in shown
        assert run(train.main, [*options, "--seed", str(seed), "--name", f"alone-{seed}"]) == 0
        together, alone = inside / "runs" / f"together-{seed}", inside / "runs" / f"alone-{seed}"
        for file in ("agent.safetensors", "evaluations.csv"):
            assert (together / file).read_bytes() == (alone / file).read_bytes()
    ends = {(inside / "runs" / f"alone-{seed}" / "agent.safetensors").read_bytes() for seed in (3, 4, 5)}
    assert len(ends) == 3


def test_ctrl_c_saves_every_run_and_each_can_be_resumed(inside, capsys, monkeypatch):
    monkeypatch.setattr(seeds.Interrupt, "asked", property(lambda _: True))
    options = [*CORNER, "--agent", "q-learning"]
    assert run(train.main, [*options, "--seeds", "0..1", "--name", "stopped"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    monkeypatch.undo()
    monkeypatch.chdir(inside)
    for seed in (0, 1):
        folder = f"runs/stopped-{seed}"
        assert 0 < load(folder).num_timesteps < 3000
        assert f"train --resume {folder}" in shown
        assert run(train.main, ["--resume", folder]) == 0
        assert run(train.main, [*options, "--seed", str(seed), "--name", f"alone-{seed}"]) == 0
        assert (load(folder).q_table == load(f"runs/alone-{seed}").q_table).all()


def test_a_run_that_fails_leaves_the_others_alone(capsys, monkeypatch):
    learn = TrainingRun.learn

    def fail_one(training, stop):
        if training.agent.seed == 1:
            raise NotFiniteError("a number is not finite")
        learn(training, stop)

    monkeypatch.setattr(TrainingRun, "learn", fail_one)
    assert run(train.main, [*CORNER, "--seeds", "0..2", "--name", "three"]) == 2
    assert [load(f"runs/three-{seed}").num_timesteps for seed in (0, 1, 2)] == [3000, 0, 3000]
    assert "error: 1 of 3 runs failed; runs/three-1: a number is not finite" in capsys.readouterr().err


def test_seeds_are_a_range():
    assert list(seed_range("0..15")) == list(range(16))
    assert list(seed_range("7..7")) == [7]


@pytest.mark.parametrize("text", ["3", "0..", "a..b", "5..3", "0..1000", "0...3", "-1..3", "0..2.5"])
def test_other_texts_are_no_seeds(text):
    with pytest.raises(argparse.ArgumentTypeError, match="expected"):
        seed_range(text)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--seed", "3"], "--seeds: leave out --seed"),
        (["--resume", "."], "leave out --env, --seeds"),
    ],
)
def test_some_options_do_not_go_with_seeds(options, message, capsys):
    assert run(train.main, [*CORNER, "--seeds", "0..1", *options]) == 2
    assert message in capsys.readouterr().err
