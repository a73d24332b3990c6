"""The memory as the thing one looks at: every command on a real run of the corner kitchen."""

import csv
import json
import re

import numpy as np
import pytest
from PIL import Image

from cookie_jar.agents import QLearning, td_loops
from cookie_jar.scripts import memory, train
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.inspection import edit as memory_change
from cookie_jar.scripts.inspection.view import MemoryView

RUN = "runs/corner"


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("memory")
    options = ["--env", "CookieJarCorner-v0", "--timesteps", "5000", "--run-dir", str(folder / "runs")]
    assert run(train.main, [*options, "--name", "corner"]) == 0
    assert run(train.main, [*options, "--name", "sarsa", "--agent", "sarsa"]) == 0
    assert run(train.main, [*options, "--name", "expected", "--agent", "expected-sarsa"]) == 0
    return folder


@pytest.fixture(autouse=True)
def inside(learned, monkeypatch):
    monkeypatch.chdir(learned)
    monkeypatch.setenv("COLUMNS", "120")
    return learned


def test_show_says_what_it_is(show):
    shown = show("show", RUN)
    agent = QLearning.load(f"{RUN}/agent")
    untouched = int((agent.q_table == 0).sum())
    for text in (
        "QLearning in CookieJarCorner-v0",
        "task (T)         a happy episode in CookieJarCorner-v0",
        f"5,000 steps, {agent.num_episodes} episodes",
        "happiness 1.45, 100.0 % of what is possible",
        f"400: 40 states x 10 actions; {untouched} still untouched",
        "learning_rate 0.2",
        "numpy",
    ):
        assert text in shown
    # the seven states of the greedy episode, each with its ten actions and the best one marked
    assert len(re.findall(r"^state \d+$", shown, re.M)) == 7
    assert shown.count("<") == 7
    assert shown.count("pick middle") == 7


def test_show_a_state_by_number_and_by_what_it_is(show):
    agent = QLearning.load(f"{RUN}/agent")
    by_number = show("show", RUN, "--state", "0")
    assert by_number == show("show", RUN, "--at", "0,1") == show("show", RUN, "--at", "0,1,0,closed")
    assert "#SC#" in by_number
    for name, value in zip(MemoryView(RUN).action_names, agent.q_table[0], strict=True):
        assert re.search(rf"{name} +{value:.2f}\b", by_number)
    carried = show("show", RUN, "--at", "1,carried")
    assert "#.&#" in carried


def test_bars_are_as_long_as_the_values_are_large(show):
    values = QLearning.load(f"{RUN}/agent").q_table[0]
    bars = [line.count("█") for line in show("show", RUN, "--state", "0").splitlines()[1:]]
    np.testing.assert_allclose(bars, 24 * values / values.max(), atol=0.51)


def test_the_whole_table_fits_on_the_screen(show):
    lines = show("show", RUN, "--all").splitlines()
    assert len(lines) == 41
    assert max(map(len, lines)) <= 120
    row = QLearning.load(f"{RUN}/agent").q_table[7]
    written = [0.0 if word == "." else float(word) for word in lines[8].split()[-10:]]
    np.testing.assert_allclose(written, row, atol=0.0051)


def test_everything_can_be_written_out(show, inside):
    show("show", RUN, "--csv", "t.csv", "--json", "t.json", "--png", "t.png")
    table = QLearning.load(f"{RUN}/agent").q_table
    with open("t.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:3] == ["state", "meaning", "up"]
    np.testing.assert_array_equal(np.array([row[2:] for row in rows[1:]], float), table)
    whole = json.loads((inside / "t.json").read_text())
    np.testing.assert_array_equal(np.array(whole["q_table"]), table)
    assert whole["description"]["algorithm"] == "QLearning"
    with Image.open("t.png") as picture:
        assert len(picture.convert("RGB").getcolors(1 << 24)) > 50


@pytest.mark.parametrize(("name", "kind"), [("corner", 0), ("sarsa", 1), ("expected", 2)])
@pytest.mark.parametrize("step", [1, 7])
def test_explain_computes_what_the_learner_writes(show, name, kind, step):
    run_name = f"runs/{name}"
    shown = show("explain", run_name, "--step", str(step))
    view = MemoryView(run_name)
    agent, table = view.agent, view.agent.q_table.copy()
    state, action, told = view.episode()[step - 1]
    before = table[state, action]
    best = int(table[told["next_obs"]].argmax())
    td_loops.update(
        table, kind, state, action, told["reward"], told["next_obs"], told["terminated"], best,
        agent.exploration_final_eps, agent.learning_rate, agent.gamma,
    )  # fmt: skip
    assert f"(value before)    {before:.4f}" in shown
    assert re.search(rf"^after  = .* = {table[state, action]:.4f}$", shown, re.M)
    assert ("The episode ended here" in shown) == (step == 7 and bool(told["terminated"]))
    ends = re.findall(r"after = (-?\d+\.\d+)$", shown, re.M)
    assert float(ends[0]) == pytest.approx(before + 0.2 * (told["reward"] - before), abs=6e-5)


def test_diff_names_what_differs(show):
    shown = show("diff", f"{RUN}@300", RUN)
    a, b = MemoryView(f"{RUN}@300"), MemoryView(RUN)
    assert "happiness -2.00" in shown
    assert "happiness 1.45" in shown
    assert f"{(a.parameters() != b.parameters()).sum()} of 400 numbers differ" in shown
    largest = np.abs(b.parameters() - a.parameters()).max()
    assert f"+{largest:.3f}" in shown
    visited = np.union1d(a.reachable(), b.reachable())
    differ = (a.agent.policy[visited] != b.agent.policy[visited]).sum()
    assert f"Of {len(visited)} states that either comes to, they act differently in {differ}:" in shown
    assert "0 of 400 numbers differ" in show("diff", RUN, RUN)


def test_edit_changes_one_number_and_tells_what_it_did(show, inside):
    shown = show("edit", RUN, "0", "right", "-5", "-o", "runs/edited")
    before, after = (QLearning.load(f"runs/{name}/agent") for name in ("corner", "edited"))
    assert np.argwhere(before.q_table != after.q_table).tolist() == [[0, 3]]
    assert after.q_table[0, 3] == -5
    assert "before: happiness 1.45" in shown
    happiness = MemoryView("runs/edited").score.mean_return
    assert f"after:  happiness {happiness:.2f}" in shown
    assert happiness < 1.45
    show("edit", "runs/edited", "0", "3", "1.5", "-o", "runs/mended")
    assert MemoryView("runs/mended").score.mean_return == pytest.approx(1.45)


def test_forget_wipes_as_many_as_it_says(show):
    show("forget", RUN, "--fraction", "0.3", "--seed", "4", "-o", "runs/forgot")
    before, after = (QLearning.load(f"runs/{name}/agent").q_table for name in ("corner", "forgot"))
    changed = before != after
    assert (after[changed] == 0).all()
    assert changed.sum() <= 120
    assert (memory_change.wiped(np.ones(400), 0.3, 4) == 0).sum() == 120
    assert (memory_change.wiped(np.ones(400), 1.0, 4) == 0).all()
    np.testing.assert_array_equal(after, memory_change.wiped(before.ravel(), 0.3, 4).reshape(40, 10))


def test_lesion_goes_from_all_to_nothing(show, inside):
    shown = show("lesion", RUN, "--seeds", "6", "--png", "lesion.png")
    rows = [line.split() for line in shown.splitlines() if re.match(r" +\d+% ", line)]
    assert len(rows) == len(memory_change.FRACTIONS)
    assert rows[0][:2] == ["0%", "1.45"]
    assert rows[-1][:2] == ["100%", "-2.00"]
    assert (inside / "lesion.png").stat().st_size > 10_000
    kept = MemoryView(RUN)
    assert kept.score.mean_return == pytest.approx(1.45)  # the memory itself is as before


def test_the_interval_is_student_s():
    scores = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])
    assert memory_change.interval(scores)[0] == pytest.approx(1.9632, abs=1e-4)  # 2.7764 * 1.5811 / sqrt(5)


def test_replay_shows_when_it_learned(show):
    rows = [line.split() for line in show("replay", RUN).splitlines()[1:]]
    steps = [int(row[0].replace(",", "")) for row in rows]
    assert steps[0] == 0
    assert steps[-1] == 5_000
    assert steps == sorted(steps)
    assert rows[0][1:4] == ["-2.00", "-17.9", "%"]
    assert rows[-1][1:4] == ["1.45", "100.0", "%"]
    touched = [int(re.search(r"([\d,]+) of 400", " ".join(row))[1].replace(",", "")) for row in rows]
    assert touched[0] == 0
    assert touched == sorted(touched)


def test_other_environments_have_memories_too(show):
    assert run(train.main, ["--env", "FrozenLake-v1", "--timesteps", "3000", "--name", "lake"]) == 0
    for words in (["show"], ["explain"], ["replay"], ["lesion", "--seeds", "2"]):
        assert show(words[0], "runs/lake", *words[1:])
    assert "action 2" in show("show", "runs/lake", "--state", "0")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["show", "nowhere"], "expected the folder of a run"),
        (["show", "runs/corner@"], "expected the folder of a run"),
        (["show", RUN, "--state", "40"], "expected a state from 0 to 39, got 40"),
        (["show", RUN, "--at", "0"], "expected CHILD,CHAIR"),
        (["show", RUN, "--at", "0,9"], "expected a State"),
        (["show", RUN, "--at", "here,there"], "expected CHILD,CHAIR"),
        (["explain", RUN, "--step", "8"], "the steps 1 to 7, got 8"),
        (["edit", RUN, "0", "dance", "1", "-o", "runs/new"], "an action among up, down"),
        (["edit", RUN, "0", "up", "nan", "-o", "runs/new"], "expected a finite number"),
        (["edit", RUN, "0", "up", "1", "-o", RUN], "exists already"),
        (["forget", RUN, "--fraction", "2", "-o", "runs/new"], "from 0 to 1, got 2"),
        (["lesion", RUN, "--seeds", "1"], "at least 2"),
        (["replay", "nowhere"], "with snapshots"),
    ],
)
def test_a_mistake_gives_one_clear_message(words, message, capsys, inside):
    assert run(memory.main, words) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error
    assert not (inside / "runs" / "new").exists()


def test_diff_needs_one_environment(capsys):
    assert (
        run(
            train.main,
            ["--env", "CookieJarCorner-v0", "--likes", "raisin", "--timesteps", "200", "--name", "r"],
        )
        == 0
    )
    assert run(memory.main, ["diff", RUN, "runs/r"]) == 2
    assert "memories of one environment" in capsys.readouterr().err


def test_every_option_has_a_line_of_help(capsys):
    for words in ([], ["show"], ["explain"], ["diff"], ["edit"], ["forget"], ["lesion"], ["replay"]):
        with pytest.raises(SystemExit) as caught:
            memory.main([*words, "--help"])
        assert caught.value.code == 0
        assert len(capsys.readouterr().out.splitlines()) >= 4
