import pytest

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.greedy import greedy_episode, reachable_states
from cookie_jar.scripts.inspection.view import MemoryView


def test_the_greedy_episode_goes_from_state_to_state(trained):
    view = MemoryView(trained("corner"))
    steps = greedy_episode(view)
    assert [step.next_state for step in steps[:-1]] == [step.state for step in steps[1:]]
    assert [step.terminated for step in steps] == [False] * 6 + [True]
    assert sum(step.reward for step in steps) == pytest.approx(view.score.mean_return) == pytest.approx(1.45)
    assert steps[-1].event == "yum"
    assert [int(view.agent.policy[step.state]) for step in steps] == [step.action for step in steps]


def test_reachable_states_are_those_of_the_greedy_episode_without_chance(trained):
    view = MemoryView(trained("corner"))
    visited = {state for step in greedy_episode(view) for state in (step.state, step.next_state)}
    assert set(reachable_states(view).tolist()) == visited


def test_chance_reaches_more_states_than_an_episode(trained):
    view = MemoryView(trained("lake"))  # a slippery lake
    visited = {step.state for step in greedy_episode(view)}
    assert visited < set(reachable_states(view).tolist())


def test_an_environment_without_states_has_none_to_reach(trained):
    view = MemoryView(trained("cart"))
    for look in (greedy_episode, reachable_states):
        with pytest.raises(UsageError, match="no numbered states"):
            look(view)
