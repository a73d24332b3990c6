import numpy as np
import pytest

from cookie_jar.agents.imported import ImportedPolicy
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.view import MemoryView


def test_parameters_are_a_copy_until_they_are_set(trained):
    view = MemoryView(trained("network"))
    parameters = view.parameters()
    assert parameters.shape == (view.size,) == (sum(array.size for array in view.arrays.values()),)
    parameters[:] = np.arange(view.size)
    assert not np.array_equal(view.parameters(), parameters)
    view.set_parameters(parameters)
    np.testing.assert_array_equal(view.parameters(), parameters)
    assert view.agent.arrays()["policy.0.table"].ravel()[3] == 3


@pytest.mark.parametrize(
    ("run_name", "words", "name"),
    [
        ("corner", ["0", "right"], "state 0, right"),
        ("corner", ["39", "9"], "state 39, pick right"),
        ("table", ["7", "pick-left"], "state 7, pick left"),
        ("network", ["policy.2.bias", "7"], "policy.2.bias [7]"),
        ("network", ["value.2.weight", "3", "0"], "value.2.weight [3, 0]"),
        ("lake", ["5", "2"], "state 5, action 2"),
    ],
)
def test_a_number_is_found_by_its_name(trained, run_name, words, name):
    view = MemoryView(trained(run_name))
    index = view.parameter_index(words)
    assert view.parameter_name(index) == name
    parameters = view.parameters()
    parameters[index] = 123.0
    view.set_parameters(parameters)
    [(changed, place)] = [(a, p) for a in view.arrays.values() for p in np.argwhere(a == 123.0)]
    assert changed[tuple(place)] == 123.0


@pytest.mark.parametrize(
    "words",
    [["policy.9.bias", "0"], ["policy.2.bias", "99"], ["policy.2.bias"], ["0", "right"], ["x", "y", "z"]],
)
def test_a_number_that_is_not_there_is_refused(trained, words):
    view = MemoryView(trained("network"))
    with pytest.raises(UsageError, match="expected STATE ACTION, or the index of a number in policy"):
        view.parameter_index(words)


def test_actions_have_names_and_numbers(trained):
    corner, lake = MemoryView(trained("corner")), MemoryView(trained("lake"))
    assert corner.action_number("pick-left") == corner.action_number("pick left")
    assert [corner.action_number(name) for name in corner.action_names] == list(range(10))
    assert corner.action_number("3") == 3
    assert lake.action_names[2] == "action 2"
    with pytest.raises(UsageError, match="expected an action among up, down"):
        corner.action_number("10")


def test_the_values_of_a_state_are_those_of_its_best_action(trained):
    view = MemoryView(trained("corner"))
    np.testing.assert_array_equal(view.state_values(), view.agent.q_table.max(axis=1))
    table = MemoryView(trained("table"))
    np.testing.assert_allclose(table.table().sum(axis=1), 1)
    assert table.state_values().shape == (40,)


def test_the_summary_has_no_percentage_without_an_optimum(trained):
    assert MemoryView(trained("corner")).summary() == "happiness 1.45, 100.0 % of possible"
    assert "%" not in MemoryView(trained("cart")).summary()


def test_states_are_drawn_where_there_is_a_kitchen(trained):
    assert "#SC#" in MemoryView(trained("corner")).draw(0)
    assert MemoryView(trained("lake")).draw(3) == "state 3"


def test_an_environment_without_states_has_no_table(trained):
    view = MemoryView(trained("cart"))
    assert not view.has_states
    with pytest.raises(UsageError, match="no numbered states"):
        view.table()


def test_an_evaluator_can_be_shared(trained):
    first = MemoryView(trained("corner"))
    second = MemoryView(f"{trained('corner')}@300", first.evaluator)
    assert second.evaluator is first.evaluator
    assert second.score.mean_return < first.score.mean_return


def test_an_imported_policy_has_no_memory_here(tmp_path):
    ImportedPolicy("CookieJarCorner-v0", algorithm="PPO").save(tmp_path / "agent")
    with pytest.raises(UsageError, match="expected an agent of this package, got an imported policy"):
        MemoryView(tmp_path)
