import collections

import numpy as np
import pytest
from toys import Corridor, with_outcomes, with_table

from cookie_jar.agents import AgentError, TabularModel
from cookie_jar.agents.model_table import MAX_OUTCOMES, check_start, from_arrays, from_transitions

START = np.array([1.0, 0.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [
        ([(0.9, 0, 0.0, False)], "probabilities that sum to 1, got 0.9 in state 1, action 0"),
        ([(-1.0, 0, 0.0, False), (2.0, 0, 0.0, False)], "probabilities of at least 0, got -1.0"),
        ([(float("nan"), 0, 0.0, False)], "probabilities of at least 0, got nan"),
        ([(1.0, 4, 0.0, False)], "next states below 4, got 4"),
        ([(1.0, -1, 0.0, False)], "next states below 4, got -1"),
        ([(1.0, 0.5, 0.0, False)], "next states below 4, got 0.5"),
        ([(1.0, 0, float("inf"), False)], "finite rewards, got inf"),
        ([(1.0, 0, "much", False)], "reward: expected numbers"),
        ([(1.0, 0, 1j, False)], "reward: expected numbers"),
        ([(1.0, 0, 10**400, False)], "reward: expected numbers"),
        ([(1.0, 0, 0.0, "False")], "terminated: expected numbers"),
        ([(1.0, 0, 0.0, 2)], "True or False for `terminated`, got 2"),
        ([(1.0, 0, 0.0)], "expected outcomes"),
        ([5], "expected outcomes"),
        ([], r"P\[1\]\[0\]: expected a list of outcomes, got \[\]"),
    ],
)
def test_rows_that_are_no_distribution_are_refused(outcomes, message):
    with pytest.raises(AgentError, match=message):
        from_transitions(with_outcomes(*outcomes).P, START)


def without(key):
    def change(table):
        return {k: v for k, v in table.items() if k != key}

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without(0), "expected the keys 0 to 2, but 0 is missing"),
        (without(3), "expected next states below 3, got 3"),
        (lambda p: p | {3: without(1)(p[3])}, "expected 2 actions in state 3, as in state 0, got 1"),
        (lambda p: np.zeros((4, 2, 4)), "got ndarray"),
        (lambda p: None, "got NoneType"),
        (lambda p: "abcd", "got str"),
        (lambda p: print, "got builtin"),
        (lambda p: [[None, None]] * 4, "expected a list of outcomes, got None"),
        (lambda p: {}, "at least one state"),
    ],
)
def test_what_is_no_complete_table_is_refused(change, message):
    with pytest.raises(AgentError, match=message):
        from_transitions(change(Corridor().P), START)


@pytest.mark.parametrize("kind", [list, np.array, collections.OrderedDict])
def test_tables_may_be_sequences_and_mappings(kind):
    plain = Corridor().P
    rows = [[plain[s][a] for a in range(2)] for s in range(4)]
    given = kind(plain) if kind is collections.OrderedDict else rows
    if kind is np.array:
        given = np.empty(4, object)
        given[:] = rows
    for mine, other in zip(from_transitions(given, START), from_transitions(plain, START), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_a_defaultdict_is_not_filled():
    table = collections.defaultdict(dict, without(1)(Corridor().P))
    with pytest.raises(AgentError, match="1 is missing"):
        from_transitions(table, START)
    assert sorted(table) == [0, 2, 3]


def test_a_table_that_is_too_large_is_refused_before_it_is_read():
    class Counted(dict):
        read = 0

        def __getitem__(self, key):
            Counted.read += 1
            return super().__getitem__(key)

    row = {0: [(1.0, 0, 0.0, False)]}
    table = Counted.fromkeys(range(MAX_OUTCOMES + 1), row)
    with pytest.raises(AgentError, match=r"P: 1,000,001 states x 1 actions x 1 outcomes, limit 1,000,000"):
        from_transitions(table, np.ones(1))
    assert Counted.read <= 1


@pytest.mark.parametrize(
    "start",
    [[2.0, 0, 0, 0], [0.5, 0, 0, 0], [float("nan"), 0, 0, 0], [-1.0, 2.0, 0, 0], "uniform", None, [[1.0]]],
)
def test_a_start_is_a_distribution(start):
    with pytest.raises(AgentError, match="initial_state_distrib: expected"):
        check_start(start)


def test_arrays_keep_their_memory_if_they_are_right():
    model = from_transitions(Corridor().P, START)
    again = from_arrays(tuple(model))
    assert all(mine is other for mine, other in zip(again, model, strict=True))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m._replace(reward=m.reward[:2]), "arrays of one shape"),
        (lambda m: m._replace(next_state=m.next_state[0]), "arrays of one shape"),
        (lambda m: m._replace(start=np.ones(3) / 3), r"start: expected probabilities \[4\]"),
        (lambda m: m._replace(start=np.zeros(4)), "that sum to 1"),
        (lambda m: m._replace(probability=m.probability / 2), "sum to 1, got 0.5"),
        (lambda m: m._replace(terminated=m.terminated.astype(str)), "terminated: expected numbers"),
        (lambda m: m[:4], "expected five arrays"),
        (lambda m: 5, "expected five arrays"),
        (lambda m: "abcde", "expected five arrays"),
        (lambda m: {}, "expected five arrays"),
        (lambda m: ([[1], [1, 2]],) * 5, "next_state: expected numbers"),
    ],
)
def test_arrays_that_are_no_model_are_refused(change, message):
    with pytest.raises(AgentError, match=message):
        from_arrays(change(from_transitions(with_table().P, START)))


def test_a_model_that_can_be_changed_is_checked_again():
    given = TabularModel(*(array.copy() for array in from_transitions(Corridor().P, START)))
    model = given._replace(probability=given.probability.view())
    for name, array in model._asdict().items():
        array.setflags(write=False)
        if name != "probability":
            assert not getattr(given, name).flags.writeable
    assert from_arrays(model).probability is model.probability
    given.probability[0] = 0.3  # also changes the view
    with pytest.raises(AgentError, match="probabilities that sum to 1"):
        from_arrays(model)
