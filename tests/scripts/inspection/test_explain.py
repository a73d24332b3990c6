import re

import pytest

from cookie_jar.agents import td_loops, td_methods
from cookie_jar.scripts import memory
from cookie_jar.scripts.inspection.explain import explain_td
from cookie_jar.scripts.inspection.greedy import greedy_episode
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
    assert explain_td(corner, corner.agent, greedy_episode(corner)[0])[0].startswith(
        "The child was in state 0, "
    )
    assert explain_td(lake, lake.agent, greedy_episode(lake)[0])[0].startswith("The agent was in state 0, ")


def test_the_episode_has_no_further_steps(trained, refuse):
    corner = trained("corner")
    assert "a step of the greedy episode, 1 to 7, got 8" in refuse(
        memory.main, ["explain", corner, "--step", "8"]
    )
    assert "--step: expected at least 1" in refuse(memory.main, ["explain", corner, "--step", "0"])
