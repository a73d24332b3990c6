"""Finished runs on the page: their snapshots, exact scores, and the memory to go on from."""

import zlib
from base64 import b64decode

import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents import QLearning, load
from cookie_jar.agents.errors import MissingRunError
from cookie_jar.agents.exact_evaluation import evaluate_exactly
from cookie_jar.agents.runs import read_agent, snapshots
from cookie_jar.envs.dynamics import Happiness
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.webpage import runs
from cookie_jar.scripts.webpage.runs import show_agent, show_run, spread


def numbers(shown):
    """The numbers of all snapshots [n, S, A], as the page's script unpacks them."""
    data = shown.data
    packed = np.frombuffer(zlib.decompress(b64decode(data["snapshots"])), "<i2")
    whole = packed.reshape(len(data["steps"]), shown.kitchen.data["S"], -1).cumsum(axis=0, dtype=np.int16)
    return np.where(whole == runs.NOTHING, np.nan, whole * data["scale"])


def test_a_table_shows_its_values_and_can_go_on(corner_run):
    shown = show_run(str(corner_run))
    agent, data = load(corner_run), shown.data
    assert (data["kind"], data["algorithm"], data["name"]) == ("values", "q-learning", "corner")
    assert data["steps"] == [*(steps for steps, _ in snapshots(corner_run)), 5_000]
    last = numbers(shown)[-1]
    assert np.array_equal(np.isnan(last), agent.q_table == 0)
    assert np.nanmax(np.abs(last - agent.q_table)) <= data["scale"] / 2
    assert data["percent"][-1] == pytest.approx(evaluate_exactly(agent, agent.env).percent, abs=1e-9)
    assert zlib.decompress(b64decode(data["memory"])) == (corner_run / "agent.safetensors").read_bytes()
    assert shown.kitchen.data["env"] == read_agent(corner_run / "agent.safetensors")[1]["env"]


@pytest.mark.parametrize(("name", "algorithm"), [("table", "ActorCritic"), ("network", "PPO")])
def test_policy_gradients_show_probabilities(trained, name, algorithm):
    shown = show_run(trained(name))
    agent, data = load(trained(name)), shown.data
    assert (data["kind"], data["algorithm"], data["memory"]) == ("probabilities", algorithm, None)
    last = numbers(shown)[-1]
    known = ~np.isnan(last)
    assert known.any()
    assert np.abs(last - agent.probabilities(agent.states()))[known].max() <= data["scale"]


def test_the_scores_of_snapshots_are_those_of_the_run(corner_run):
    data = show_run(str(corner_run)).data
    for steps, percent in zip(data["steps"], data["percent"], strict=True):
        agent = load(f"{corner_run}@{steps}")
        assert percent == pytest.approx(evaluate_exactly(agent, agent.env).percent, abs=1e-9)


def test_a_snapshot_alone(corner_run):
    data = show_run(f"{corner_run}@1000").data
    assert data["steps"] == [1000]
    assert data["left_out"] == 0


def test_few_snapshots_are_chosen_evenly(corner_run, monkeypatch):
    whole = show_run(str(corner_run)).data
    monkeypatch.setattr(runs, "MOST", 6)
    some = show_run(str(corner_run)).data
    assert len(some["steps"]) <= 6
    assert some["steps"][0] == 0
    assert some["steps"][-1] == whole["steps"][-1]
    assert some["left_out"] == len(whole["steps"]) - len(some["steps"])
    monkeypatch.setattr(runs, "MOST_CHARACTERS", 900)
    fewer = show_run(str(corner_run)).data
    assert len(fewer["snapshots"]) <= 900
    assert 2 <= len(fewer["steps"]) < len(some["steps"])


@pytest.mark.parametrize(("most", "kept"), [(1, [0]), (2, [0, 9]), (4, [0, 3, 6, 9]), (20, list(range(10)))])
def test_spread(most, kept):
    assert spread(range(10), most) == kept


def test_progress_is_told(corner_run):
    told = []
    show_run(str(corner_run), lambda done, total: told.append((done, total)))
    assert told[0] == (0, len(told))
    assert len(told) > 10


def test_an_agent_in_memory_is_shown_as_it_is_now():
    agent = QLearning("CookieJarCorner-v0", seed=3).learn(777)
    shown = show_agent(agent)
    assert shown.data["steps"] == [777]
    assert zlib.decompress(b64decode(shown.data["memory"]))
    assert agent.learn(1).num_timesteps == 778


def test_where_all_policies_are_equal_there_is_no_score():
    env = gym.make("CookieJarCorner-v0", happiness=dict.fromkeys(Happiness._fields, 0.0))
    assert show_agent(QLearning(env, seed=3).learn(77)).data["percent"] == [None]


def test_a_learner_with_a_bonus_cannot_go_on():
    agent = QLearning("CookieJarCorner-v0", seed=3, exploration_bonus=0.1).learn(77)
    assert show_agent(agent).data["memory"] is None


def test_what_is_not_shown(trained, tmp_path):
    with pytest.raises(UsageError, match="got FrozenLake-v1"):
        show_run(trained("lake"))
    with pytest.raises(UsageError, match="got CartPole-v1"):
        show_run(trained("cart"))
    with pytest.raises(MissingRunError):
        show_run(str(tmp_path / "nowhere"))
