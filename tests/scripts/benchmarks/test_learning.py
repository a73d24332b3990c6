import sys

import pytest

from cookie_jar.agents import PPO
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.scripts.benchmarks import learning
from cookie_jar.scripts.benchmarks.timing import Scale


def test_a_peer_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "stable_baselines3", None)
    row = learning.against_sb3(Scale(rounds=3, steps=500), same=True)
    assert row.peer_name == "SB3's PPO, the same settings: not installed"
    assert row.ratio is None


@pytest.mark.parametrize(("goal", "solved"), [(-1_000, True), (101, False)])
def test_the_time_to_solve_is_finite_where_it_is_solved(monkeypatch, goal, solved):
    monkeypatch.setattr(learning, "SOLVED", goal)
    monkeypatch.setattr(learning, "GIVE_UP", 2_000)
    monkeypatch.setattr(learning, "EVALUATION_INTERVAL", 1_000)
    seconds = learning.seconds_to_solve(PPO, Evaluator(PPO("CookieJar-v0").env), seed=0)
    assert (0 < seconds < float("inf")) == solved
