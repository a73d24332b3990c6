import re

import numpy as np
import pytest
from PIL import Image

from cookie_jar.agents import PPO, ActorCritic, QLearning
from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.inspection.edit import FRACTIONS, lesion_scores, mean_half_widths, with_zeros
from cookie_jar.scripts.inspection.view import MemoryView


@pytest.fixture(autouse=True)
def _inside(inside):
    """New runs are written to an empty folder."""


def test_one_number_of_a_table_is_changed(trained, show):
    shown = show("edit", trained("corner"), "0", "right", "-5", "-o", "edited")
    before, after = (QLearning.load(f"{name}/agent") for name in (trained("corner"), "edited"))
    assert np.argwhere(before.q_table != after.q_table).tolist() == [[0, 3]]
    assert after.q_table[0, 3] == -5
    happiness = MemoryView("edited").score.mean_return
    assert happiness < 1.45
    assert "before: happiness 1.45" in shown
    assert f"after:  happiness {happiness:.2f}" in shown
    assert "The greedy action changed in 1 of 40 states." in shown
    assert "Next: cookie-jar watch edited" in shown
    assert after.notes["changed"] == f"state 0, right: {before.q_table[0, 3]:.4f} -> -5.0000"


def test_a_change_can_be_undone_by_another(trained, show):
    show("edit", trained("corner"), "0", "right", "-5", "-o", "edited")
    show("edit", "edited", "0", "3", "1.5", "-o", "mended")
    assert MemoryView("mended").score.mean_return == pytest.approx(1.45)


def test_one_weight_of_a_network_is_changed(trained, show):
    show("edit", trained("network"), "policy.2.bias", "7", "3", "-o", "edited")
    before, after = (PPO.load(f"{name}/agent").arrays() for name in (trained("network"), "edited"))
    for name, array in before.items():
        changed = np.argwhere(array != after[name]).tolist()
        assert changed == ([[7]] if name == "policy.2.bias" else [])
    assert after["policy.2.bias"][7] == 3


def test_one_preference_of_a_policy_table_is_changed(trained, show):
    show("edit", trained("table"), "0", "right", "-5", "-o", "edited")
    assert ActorCritic.load("edited/agent").arrays()["policy.0.table"][0, 3] == -5


def test_a_fraction_of_the_numbers_is_forgotten(trained, show):
    shown = show("forget", trained("corner"), "--fraction", "0.3", "--seed", "4", "-o", "forgot")
    assert "120 of 400 numbers set to 0 (seed 4)" in shown
    before, after = (QLearning.load(f"{name}/agent").q_table for name in (trained("corner"), "forgot"))
    changed = before != after
    assert (after[changed] == 0).all()
    assert 0 < changed.sum() <= 120
    np.testing.assert_array_equal(after, with_zeros(before.ravel(), 0.3, 4).reshape(40, 10))


def test_weights_are_forgotten_too(trained, show):
    show("forget", trained("network"), "--fraction", "0.5", "-o", "forgot")
    whole = MemoryView("forgot").parameters()
    assert (whole == 0).sum() >= len(whole) // 2


@pytest.mark.parametrize(("fraction", "zeros"), [(0.0, 0), (0.3, 120), (1.0, 400)])
def test_zeros_are_as_many_as_the_fraction(fraction, zeros):
    assert (with_zeros(np.ones(400), fraction, 4) == 0).sum() == zeros


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["edit", "{}", "0", "dance", "1", "-o", "new"], "an action among up, down"),
        (["edit", "{}", "0", "up", "nan", "-o", "new"], "VALUE: expected a finite number"),
        (["edit", "{}", "0", "up", "1", "-o", "{}"], "exists already"),
        (
            ["forget", "{}", "--fraction", "2", "-o", "new"],
            "--fraction: expected a number from 0 to 1, got 2",
        ),
        (["forget", "{}", "--seed", "-1", "-o", "new"], "--seed: expected at least 0, got -1"),
    ],
)
def test_a_mistake_changes_nothing(trained, refuse, inside, words, message):
    folder = trained("corner")
    before = MemoryView(folder).parameters()
    assert message in refuse(memory.main, [word.format(folder) for word in words])
    assert not (inside / "new").exists()
    np.testing.assert_array_equal(MemoryView(folder).parameters(), before)


def test_the_table_goes_from_everything_to_nothing(trained, show, inside):
    shown = show("lesion", trained("corner"), "--seeds", "6", "--png", "lesion.png")
    rows = [line.split() for line in shown.splitlines() if re.match(r" +\d+% ", line)]
    assert len(rows) == len(FRACTIONS)
    assert rows[0][:2] == ["0%", "1.45"]
    assert rows[-1][:2] == ["100%", "-2.00"]
    reason = "With all numbers 0, all actions are equally good to the agent. It does not act at random then"
    assert reason in " ".join(shown.split())
    with Image.open(inside / "lesion.png") as picture:
        assert picture.size == (1050, 600)


def test_the_agent_is_as_before(trained):
    view = MemoryView(trained("corner"))
    before = view.parameters()
    scores = lesion_scores(view, 2, Console(quiet=True))
    np.testing.assert_array_equal(view.parameters(), before)
    np.testing.assert_allclose(scores[0], 1.45)
    assert scores.shape == (len(FRACTIONS), 2)


def test_networks_and_other_environments_can_lose_numbers_too(trained, show):
    assert re.search(r"^ +100% +-2\.\d\d", show("lesion", trained("network"), "--seeds", "2"), re.M)
    assert re.search(r"^ +100% +0\.\d\d", show("lesion", trained("lake"), "--seeds", "2"), re.M)


def test_the_interval_is_student_s():
    scores = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])
    assert mean_half_widths(scores)[0] == pytest.approx(1.9632, abs=1e-4)  # 2.7764 * 1.5811 / sqrt(5)


def test_one_seed_is_too_few(trained, refuse):
    message = refuse(memory.main, ["lesion", trained("corner"), "--seeds", "1"])
    assert "--seeds: expected at least 2, got 1" in message
