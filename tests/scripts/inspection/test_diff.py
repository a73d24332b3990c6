import re

import numpy as np

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
