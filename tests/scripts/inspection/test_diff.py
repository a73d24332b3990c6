import re

import numpy as np
import pytest

from cookie_jar.scripts import memory
from cookie_jar.scripts.inspection.greedy import reachable_states
from cookie_jar.scripts.inspection.view import MemoryView


def test_differences_are_counted_and_named(trained, show):
    folder = trained("corner")
    shown = show("diff", f"{folder}@300", folder)
    a, b = MemoryView(f"{folder}@300"), MemoryView(folder)
    assert "happiness -2.00" in shown
    assert "happiness 1.45" in shown
    assert f"{(a.parameters() != b.parameters()).sum()} of 400 numbers differ" in shown
    assert f"+{np.abs(b.parameters() - a.parameters()).max():.3f}" in shown
    reachable = np.union1d(reachable_states(a), reachable_states(b))
    differ = (a.agent.policy[reachable] != b.agent.policy[reachable]).sum()
    assert f"The greedy actions differ in {differ} of {len(reachable)} states" in shown


def test_a_run_does_not_differ_from_itself(trained, show):
    shown = show("diff", trained("corner"), trained("corner"))
    assert "0 of 400 numbers differ" in shown
    assert re.search(r"differ in 0 of \d+ states", shown)


def test_policy_gradients_are_compared_by_all_their_numbers(trained, show):
    folder = trained("table")
    shown = show("diff", f"{folder}@1000", folder)
    a, b = MemoryView(f"{folder}@1000"), MemoryView(folder)
    assert f"{(a.parameters() != b.parameters()).sum()} of 440 numbers differ" in shown
    assert re.search(r"state \d+, \w+", shown)


def test_runs_in_two_environments_are_refused(trained, refuse):
    assert "expected two runs in one environment" in refuse(
        memory.main, ["diff", trained("corner"), trained("raisin")]
    )


def test_the_score_of_every_snapshot_is_shown(trained, show):
    lines = show("replay", trained("corner")).splitlines()[1:]
    rows = [line.split() for line in lines if " of 400" in line]
    steps = [int(row[0].replace(",", "")) for row in rows]
    assert steps[0] == 0
    assert steps[-1] == 5_000
    assert steps == sorted(steps)
    assert rows[0][1:4] == ["-2.00", "-17.9", "%"]
    assert rows[-1][1:4] == ["1.45", "100.0", "%"]
    assert "█" * 20 in rows[-1]
    changed = [int(re.search(r"([\d,]+) of 400", " ".join(row))[1].replace(",", "")) for row in rows]
    assert changed[0] == 0 < changed[-1]
    assert changed == sorted(changed)


def test_policy_gradients_have_a_timeline_too(trained, show):
    last = [line for line in show("replay", trained("table")).splitlines() if " of 440" in line][-1]
    assert "1.45" in last
    assert "of 440" in last


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("corner", "of equal actions, the greedy policy takes the first, `up`, in every state"),
        ("lake", "of equal actions, the greedy policy takes the first, `action 0`, in every state"),
        ("cart", "An untrained network does not act at random"),
    ],
)
def test_the_worth_of_an_untrained_agent_is_explained(trained, show, name, reason):
    shown = " ".join(show("replay", trained(name)).split())
    assert reason in shown
    assert ("0 % is a policy that acts at random" in shown) == (name != "cart")
    assert "nan" not in shown


def test_no_snapshot_is_shown_twice(trained, show):
    for name in ("corner", "cart"):
        steps = re.findall(r"^ *([\d,]+) +-?\d", show("replay", trained(name)), re.M)
        assert len(steps) == len(set(steps))


def test_environments_without_an_optimum_have_no_bars(trained, show):
    shown = show("replay", trained("cart"))
    assert len(shown.splitlines()) >= 3
    assert "of possible" not in shown
    assert "%" not in shown
    assert "█" not in shown


def test_a_folder_without_snapshots_is_refused(refuse, tmp_path):
    assert "with snapshots" in refuse(memory.main, ["replay", str(tmp_path)])
    assert "expected the folder of a run" in refuse(memory.main, ["replay", str(tmp_path / "nowhere")])
