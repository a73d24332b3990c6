import re
from io import StringIO

import numpy as np
import pytest

from cookie_jar.agents import PPO, ActorCritic, QLearning
from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.inspection.show import print_description
from cookie_jar.scripts.inspection.view import MemoryView


def test_a_q_table_is_described(trained, show):
    folder = trained("corner")
    shown, agent = show("show", folder), QLearning.load(f"{folder}/agent")
    zeros = int((agent.q_table == 0).sum())
    for text in (
        "QLearning in CookieJarCorner-v0",
        "task (T)         a happy episode in CookieJarCorner-v0",
        f"5,000 steps, {agent.num_episodes} episodes",
        "performance (P)  happiness 1.45, 100.0 % of possible",
        f"400: 40 states x 10 actions; {zeros} still zero",
        "learning_rate 0.2",
        "numpy",
    ):
        assert text in shown


@pytest.mark.parametrize(
    ("is_terminal", "expected"),
    [
        (True, f"names{'':12}aaaa 1, bbbb 2,\n{'':17}cccc 3\n"),
        (False, f"names{'':12}aaaa 1, bbbb 2, cccc 3\n"),
    ],
)
def test_long_descriptions_are_indented_in_a_terminal(is_terminal, expected):
    console = Console(file=StringIO(), width=34, force_terminal=is_terminal, color_system=None)
    print_description({"names": "aaaa 1, bbbb 2, cccc 3"}, console)
    assert console.file.getvalue() == expected


def test_a_network_is_described_layer_by_layer(trained, show):
    folder = trained("network")
    shown = show("show", folder)
    for name, array in PPO.load(f"{folder}/agent").arrays().items():
        assert re.search(rf"{name} +{' x '.join(map(str, array.shape))} +from {array.min():.2f}", shown)
    assert "PPO in CookieJarCorner-v0" in shown
    assert "policy network" in shown
    assert "seed 0" in shown


def test_the_states_of_the_greedy_episode_follow(trained, show):
    """Seven states, each with its ten actions and the best one marked."""
    shown = show("show", trained("corner"))
    assert len(re.findall(r"^state \d+$", shown, re.M)) == 7
    assert len(re.findall(r" best ", shown)) == 7
    assert shown.count("pick middle") == 7


def test_an_untrained_agent_knows_nothing_and_its_loop_is_shown_once(trained, show):
    shown = show("show", f"{trained('corner')}@0")
    assert len(re.findall(r"^state \d+$", shown, re.M)) == 1
    assert "never visited: nothing is known here" in shown
    assert "█" not in shown
    assert "The episode has 200 steps, but only 1 different state." in shown


def test_actions_that_were_never_tried_have_a_question_mark(trained, show):
    folder = trained("corner")
    table = QLearning.load(f"{folder}/agent").q_table
    state = int(np.flatnonzero((table == 0).any(axis=1) & (table != 0).any(axis=1))[0])
    shown = show("show", folder, "--state", str(state))
    for name, value in zip(MemoryView(folder).action_names, table[state], strict=True):
        written = re.escape("?") if value == 0 else re.escape(f"{value:+.2f}"[:2])
        assert re.search(rf"{name} +{written}", shown)
    assert "?: never tried, counts as 0.00" in shown


def test_an_environment_without_states_shows_its_weights(trained, show, refuse):
    cart = trained("cart")
    assert "policy.0.weight" in show("show", cart)
    assert "no numbered states" in refuse(memory.main, ["show", cart, "--state", "0"])


def test_a_state_is_shown_by_number_and_by_description(trained, show):
    folder = trained("corner")
    agent = QLearning.load(f"{folder}/agent")
    by_number = show("show", folder, "--state", "0")
    assert by_number == show("show", folder, "--at", "0,1") == show("show", folder, "--at", "0,1,0,closed")
    assert "#SC#" in by_number
    for name, value in zip(MemoryView(folder).action_names, agent.q_table[0], strict=True):
        assert re.search(rf"{name} +\+{value:.2f}\b", by_number)
    assert "#.&#" in show("show", folder, "--at", "1,carried")
    assert "action 2" in show("show", trained("lake"), "--state", "0")


def test_a_policy_gradient_shows_the_probability_of_each_action(trained, show):
    folder = trained("table")
    shares = ActorCritic.load(f"{folder}/agent").probabilities(np.array([0]))[0]
    shown = show("show", folder, "--state", "0")
    for name, share in zip(MemoryView(folder).action_names, shares, strict=True):
        assert re.search(rf"{name} +{100 * share:.0f} %", shown)
    assert len(show("show", folder, "--all").splitlines()) == 42


def test_bars_reach_from_the_least_to_the_best(trained, show):
    folder = trained("corner")
    values = QLearning.load(f"{folder}/agent").q_table[0]
    bars = [line.count("█") for line in show("show", folder, "--state", "0").splitlines()[1:11]]
    np.testing.assert_allclose(bars, 24 * (values - values.min()) / np.ptp(values), atol=1.01)
    assert max(bars) == 24


@pytest.mark.parametrize("width", [40, 60])
def test_nothing_is_wider_than_a_narrow_terminal(trained, show, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    for run in ("corner", "lake", "table"):
        lines = show("show", trained(run), "--state", "0").splitlines()
        assert max(map(len, lines)) <= width
        assert any(line.split() for line in lines)


def test_the_whole_table_fits_on_the_screen(trained, show):
    folder = trained("corner")
    lines = show("show", folder, "--all").splitlines()
    assert len(lines) == 42
    assert max(map(len, lines)) <= 120
    assert lines[0].split()[-3:] == ["pick", "pick", "pick"]
    assert lines[1].split() == ["left", "middle", "right"]
    table = QLearning.load(f"{folder}/agent").q_table
    row = int(np.argmax((table != 0).all(axis=1)))
    np.testing.assert_allclose([float(word) for word in lines[row + 2].split()[-10:]], table[row], atol=0.006)


def test_states_that_were_never_visited_are_one_line_of_text(trained, show):
    lines = show("show", f"{trained('corner')}@0", "--all").splitlines()
    assert all(line.endswith("  never visited") for line in lines[2:])


def test_files_are_named_after_the_report(trained, show, tmp_path):
    lines = show("show", trained("corner"), "--state", "0", "--csv", str(tmp_path / "x.csv")).splitlines()
    assert lines[0] == "state 0"
    assert lines[-1] == f"wrote {tmp_path / 'x.csv'}"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--state", "40"], "expected a state from 0 to 39, got 40"),
        (["--at", "0"], "expected CHILD,CHAIR"),
        (["--at", "0,9"], "expected a State"),
        (["--at", "here,there"], "expected CHILD,CHAIR"),
    ],
)
def test_a_state_that_is_not_there_is_refused(trained, refuse, words, message):
    assert message in refuse(memory.main, ["show", trained("corner"), *words])
