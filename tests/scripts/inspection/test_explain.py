import argparse
import re

import gymnasium as gym
import pytest

from cookie_jar.agents import QLearning, td_loops, td_methods
from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.explain import explain_transition
from cookie_jar.scripts.inspection.greedy import greedy_episode
from cookie_jar.scripts.inspection.transitions import chosen_transition
from cookie_jar.scripts.inspection.view import MemoryView


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("corner", td_methods.Q_LEARNING),
        ("sarsa", td_methods.SARSA),
        ("expected-sarsa", td_methods.EXPECTED_SARSA),
    ],
)
@pytest.mark.parametrize("number", [1, 7])
def test_the_numbers_are_those_that_the_agent_computes(trained, show, name, kind, number):
    shown = show("explain", trained(name), "--step", str(number))
    view = MemoryView(trained(name))
    agent, table, step = view.agent, view.agent.q_table.copy(), greedy_episode(view)[number - 1]
    before = table[step.state, step.action]
    td_loops.update(
        table, kind, step.state, step.action, step.reward, step.next_state, step.terminated,
        int(table[step.next_state].argmax()), agent.exploration_final_eps, agent.learning_rate, agent.gamma,
    )  # fmt: skip
    assert re.search(rf"^before \(the old value\) +{before:.4f}", shown, re.M)
    assert re.search(rf"^after  = .* = {table[step.state, step.action]:.4f}$", shown, re.M)
    assert ("The episode terminated here" in shown) == (number == 7 and step.terminated)
    ends = re.findall(r"after = (-?\d+\.\d+)$", shown, re.M)
    assert float(ends[0]) == pytest.approx(before + 0.2 * (step.reward - before), abs=6e-5)


def test_the_story_is_of_a_child_only_in_a_kitchen(trained):
    corner, lake = MemoryView(trained("corner")), MemoryView(trained("lake"))
    assert explain_transition(corner, greedy_episode(corner)[0])[0].startswith("The child was in state 0, ")
    assert explain_transition(lake, greedy_episode(lake)[0])[0].startswith("The agent was in state 0, ")


def test_the_episode_has_no_further_steps(trained, refuse):
    corner = trained("corner")
    assert "a step of the greedy episode, 1 to 7, got 8" in refuse(
        memory.main, ["explain", corner, "--step", "8"]
    )
    assert "--step: expected at least 1" in refuse(memory.main, ["explain", corner, "--step", "0"])


@pytest.mark.parametrize(
    ("options", "first", "row"),
    [
        (["--state", "1", "--action", "pick-left"], "took `pick left` (nothing)", "state 1, pick left"),
        (["--state", "1", "--action", "7"], "took `pick left` (nothing)", "state 1, pick left"),
        (["--action", "reach"], "in state 0, took `reach` (vain)", "state 0, reach"),
        (["--step", "2", "--action", "up"], "took `up` (bump)", ", up"),
    ],
)  # fmt: skip
def test_a_state_and_an_action_can_be_chosen(trained, show, options, first, row):
    shown = show("explain", trained("corner"), *options)
    assert first in shown.splitlines()[0]
    assert re.search(rf"the number .*{row}$", shown, re.M)


def test_without_an_action_the_greedy_action_is_taken(trained, show):
    view = MemoryView(trained("corner"))
    name = view.action_names[view.agent.policy[3]]
    assert f"was in state 3, took `{name}`" in show("explain", trained("corner"), "--state", "3")


def test_the_likeliest_of_several_outcomes_is_explained(trained, show):
    shown = show("explain", trained("lake"), "--state", "6", "--action", "1")
    assert "The most likely of 3 outcomes, with probability 0.33." in shown


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("corner", ["--state", "40"], "--state: expected a state from 0 to 39, got 40"),
        ("corner", ["--state", "-1"], "--state: expected a state from 0 to 39, got -1"),
        (
            "corner",
            ["--action", "hop"],
            "--action: expected a number from 0 to 9, or up, down, left, right, ",
        ),
        ("corner", ["--action", "10"], "--action: expected a number from 0 to 9, or up, "),
        ("lake", ["--action", "left"], "--action: expected a number from 0 to 3, got 'left'"),
        ("lake", ["--state", "5"], "--state: state 5 ends the episode, so there is no action"),
        ("corner", ["--state", "1", "--step", "1"], "--state: expected no --step"),
        ("cart", ["--state", "1"], "has no numbered states"),
    ],
)
def test_what_cannot_be_explained(trained, refuse, name, options, message):
    assert message in refuse(memory.main, ["explain", trained(name), *options])


def test_without_a_model_only_the_episode_can_be_explained(tmp_path, show, refuse):
    env = gym.wrappers.TransformReward(gym.make("FrozenLake-v1", is_slippery=False), abs)
    view = MemoryView(QLearning("FrozenLake-v1", seed=0).save(tmp_path / "agent"))
    view.agent.set_env(env)
    chosen = argparse.Namespace(state=0, action="0", step=None)
    assert chosen_transition(view, chosen)[0].state == 0
    with pytest.raises(UsageError, match="expected a state and an action of the greedy episode, such as 0 0"):
        chosen_transition(view, argparse.Namespace(state=0, action="1", step=None))
