import numpy as np
import pytest

from cookie_jar.agents import PPO, ActorCritic, QLearning
from cookie_jar.scripts import memory
from cookie_jar.scripts.inspection.edit import with_zeros
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
        (["edit", "{}", "0", "up", "1", "-o", "{}"], "already exists"),
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
