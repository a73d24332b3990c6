"""Memories of policy gradient agents, tables and networks: the same commands, on real runs."""

import csv
import json
import re

import numpy as np
import pytest
from PIL import Image

from cookie_jar.agents import PPO, ActorCritic, evaluation
from cookie_jar.scripts import hill, memory, train
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.inspection.loss_landscape import principal_path
from cookie_jar.scripts.inspection.view import MemoryView

TABLE, NETWORK, CART = "runs/table", "runs/network", "runs/cart"


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    where = ["--run-dir", str(folder / "runs")]
    corner = ["--env", "CookieJarCorner-v0", *where]
    table = ["--agent", "actor-critic", "--timesteps", "60000", "--name", "table"]
    network = ["--agent", "ppo", "--policy", "network", "--net-arch", "16", "--timesteps", "30000"]
    assert run(train.main, [*corner, *table]) == 0
    assert run(train.main, [*corner, *network, "--name", "network"]) == 0
    cart = ["--env", "CartPole-v1", "--agent", "reinforce", "--timesteps", "300", "--name", "cart"]
    assert run(train.main, [*cart, *where]) == 0
    return folder


@pytest.fixture(autouse=True)
def inside(learned, monkeypatch):
    monkeypatch.chdir(learned)
    monkeypatch.setenv("COLUMNS", "120")
    return learned


def test_show_names_every_layer(show):
    shown = show("show", NETWORK)
    agent = PPO.load(f"{NETWORK}/agent")
    for name, array in agent.arrays().items():
        assert re.search(rf"{name} +{' x '.join(map(str, array.shape))} +from {array.min():.2f}", shown)
    assert "PPO in CookieJarCorner-v0" in shown
    assert "policy network" in shown
    assert "seed 0" in shown


def test_show_gives_the_probability_of_each_action(show):
    agent = ActorCritic.load(f"{TABLE}/agent")
    shown = show("show", TABLE, "--state", "0")
    for name, share in zip(
        MemoryView(TABLE).action_names, agent.probabilities(np.array([0]))[0], strict=True
    ):
        assert re.search(rf"{name} +{share:.2f}\b", shown)
    assert len(show("show", TABLE, "--all").splitlines()) == 41


def test_an_environment_without_states_shows_its_weights(show, capsys):
    assert "policy.0.weight" in show("show", CART)
    assert run(memory.main, ["show", CART, "--state", "0"]) == 2
    assert "no states that one could count" in capsys.readouterr().err


def test_weights_can_be_written_out(show, inside):
    show("show", NETWORK, "--csv", "w.csv", "--json", "w.json", "--png", "w.png")
    agent = PPO.load(f"{NETWORK}/agent")
    with open("w.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(array.size for array in agent.arrays().values())
    [bias] = [row for row in rows if (row["name"], row["index"]) == ("policy.2.bias", "7")]
    assert float(bias["value"]) == pytest.approx(float(agent.arrays()["policy.2.bias"][7]))
    whole = json.loads((inside / "w.json").read_text())
    np.testing.assert_allclose(whole["value.2.weight"], agent.arrays()["value.2.weight"])
    with Image.open("w.png") as picture:
        assert picture.size[0] > 100


def test_edit_changes_one_weight(show):
    show("edit", NETWORK, "policy.2.bias", "7", "3", "-o", "runs/edited")
    before, after = (PPO.load(f"{name}/agent").arrays() for name in (NETWORK, "runs/edited"))
    for name, array in before.items():
        changed = np.argwhere(array != after[name]).tolist()
        assert changed == ([[7]] if name == "policy.2.bias" else [])
    assert after["policy.2.bias"][7] == 3
    show("edit", TABLE, "0", "right", "-5", "-o", "runs/edited-table")
    table = ActorCritic.load("runs/edited-table/agent").arrays()["policy.0.table"]
    assert table[0, 3] == -5


@pytest.mark.parametrize(
    "place",
    [["policy.9.bias", "0"], ["policy.2.bias", "99"], ["policy.2.bias"], ["0", "right"], ["x", "y", "z"]],
)
def test_a_place_that_is_none_is_refused(place, capsys):
    assert run(memory.main, ["edit", NETWORK, *place, "1", "-o", "runs/never"]) == 2
    assert "expected STATE ACTION, or the place of a number in policy.0.table" in capsys.readouterr().err


def test_diff_and_replay_look_at_all_numbers(show):
    shown = show("diff", f"{TABLE}@1000", TABLE)
    a, b = MemoryView(f"{TABLE}@1000"), MemoryView(TABLE)
    assert f"{(a.parameters() != b.parameters()).sum()} of 440 numbers differ" in shown
    assert re.search(r"state \d+, \w+", shown)
    last = show("replay", TABLE).splitlines()[-1]
    assert "1.45" in last
    assert "440" in last


def test_forgetting_weights(show):
    show("forget", NETWORK, "--fraction", "0.5", "-o", "runs/forgot")
    whole = MemoryView("runs/forgot").parameters()
    assert (whole == 0).sum() >= len(whole) // 2
    shown = show("lesion", NETWORK, "--seeds", "2")
    assert re.search(r"^ +100% +-2\.\d\d", shown, re.M)


def test_explain_tells_a_step_of_gradient_descent(show):
    shown = show("explain", TABLE)
    agent = ActorCritic.load(f"{TABLE}/agent")
    batch = agent.collect()
    assert f"{len(batch.actions):,} acts, {len(batch.inputs)} different observations" in shown
    before, loss = MemoryView(TABLE).parameters(), agent.loss(batch)
    terms = f"{loss.policy:.4f} + 0.01 x {loss.entropy:.4f} + 0.5 x {loss.value:.4f} = {loss.total:.4f}"
    assert terms in shown
    for name, parameter in agent.network.parameters().items():
        assert re.search(rf"{name} .* {np.linalg.norm(parameter.gradient):.6f}", shown)
    agent.gradient_step(batch)
    change = np.concatenate([array.ravel() for array in agent.arrays().values()]) - before
    assert f"moves {np.count_nonzero(change)} of 440 numbers" in shown
    printed = float(re.search(r"-> -?[\d.]+ \(([+-]\d\.\d{4})\)", shown)[1])
    assert printed == pytest.approx(change[np.abs(change).argmax()], abs=6e-5)
    losses = re.findall(r"(0\.005|0\.05|0\.5) +(?:ten times \w+|as it is) +(-?[\d.]+) +(-?[\d.]+)", shown)
    assert [rate for rate, _, _ in losses] == ["0.005", "0.05", "0.5"]
    assert all(float(after) < float(before) for _, before, after in losses[:2])  # down the hill
    assert show("explain", TABLE) == shown  # a look changes nothing


def test_the_way_down_the_hill():
    """Numbers that move in a plane: it is found, and the path in it keeps all distances."""
    rng = np.random.default_rng(0)
    plane = np.linalg.qr(rng.standard_normal((30, 2)))[0].T
    walk = np.cumsum(rng.standard_normal((12, 2)), axis=0)
    path = principal_path(walk @ plane + 5)
    assert path.shares.sum() == pytest.approx(1)
    np.testing.assert_allclose(path.points[-1], 0, atol=1e-9)
    np.testing.assert_allclose(path.origin + path.points @ path.directions, walk @ plane + 5, atol=1e-9)
    assert path.shares[0] >= path.shares[1]


def test_the_hill_is_drawn(inside, capsys):
    options = ["--grid", "5", "--seeds", "2", "--timesteps", "3000"]
    assert run(hill.main, [TABLE, *options]) == 0
    for name in ("hill.png", "learning_rates.png"):
        with Image.open(inside / TABLE / name) as picture:
            assert picture.size[0] > 1000
    assert "written: runs/table/hill.png" in capsys.readouterr().out
    assert MemoryView(TABLE).score.mean_return == pytest.approx(1.45)  # the memory is as before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([CART], "expected an environment with an exact model"),
        ([TABLE, "--grid", "2"], "--grid: expected at least 5"),
        ([TABLE, "--factor", "1"], "--factor: expected more than 1"),
        (["runs/none"], "expected the folder of a run"),
    ],
)
def test_what_has_no_hill_is_refused(words, message, capsys):
    assert run(hill.main, words) == 2
    assert message in capsys.readouterr().err


def test_infinite_numbers_stop_a_run_that_keeps_what_it_had(inside, capsys):
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
    assert run(train.main, [*options, "--max-grad-norm", "1e30", "--timesteps", "9000", "--name", "hot"]) == 2
    error = capsys.readouterr().err
    assert re.search(r"expected finite numbers, got (nan|-?inf) after [\d,]+ steps", error)
    saved = int(
        re.search(r"Saved before: the memory after ([\d,]+) steps, in runs/hot/agent", error)[1].replace(
            ",", ""
        )
    )
    assert ActorCritic.load("runs/hot/agent").num_timesteps == saved


def test_options_that_another_agent_has_are_refused(capsys):
    assert run(train.main, ["--clip-range", "0.1", "--n-envs", "3"]) == 2
    assert "--agent q-learning takes none of --n-envs, --clip-range" in capsys.readouterr().err
    assert run(train.main, ["--agent", "reinforce", "--gae-lambda", "0.1"]) == 2
    assert "--agent reinforce takes none of --gae-lambda" in capsys.readouterr().err


def test_levels_are_judged_seen_and_unseen(inside, capsys, monkeypatch):
    monkeypatch.setattr(evaluation, "LEVELS", 2)
    options = ["--env", "CookieJarRandom-v0", "--agent", "ppo", "--n-envs", "4", "--timesteps", "128"]
    assert run(train.main, [*options, "--name", "levels", "--filters", "2", "--net-arch", "4"]) == 0
    shown = capsys.readouterr().out
    assert "levels never seen (greedy)" in shown
    assert "mean of 2 levels" in shown
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
