"""Whatever plain values a student's code answers with, a check gives one fault in words, or passes."""

from importlib import import_module

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cookie_jar.scripts.teaching.catalogue import EXERCISES
from cookie_jar.scripts.teaching.faults import FaultError, choice, number, shown, value_of

numbers = st.one_of(
    st.integers(-(2**53), 2**53), st.integers(-3, 20), st.floats(allow_nan=False, allow_infinity=False)
)
leaves = st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=20), st.just({"odd": "nan"}))
values = st.recursive(
    leaves,
    lambda part: st.lists(part, max_size=5) | st.dictionaries(st.text(max_size=10), part, max_size=4),
    max_leaves=12,
)


def module_of(exercise):
    return import_module(f"cookie_jar.scripts.teaching.checks.{exercise.name.replace('-', '_')}")


@st.composite
def answers(draw, exercise):
    """Answers of the form that the check asks for, but with any values."""
    module = module_of(exercise)
    questions = {"prepared": [[]] * 500} if hasattr(module, "questions") else module.QUESTIONS
    found = {}
    for name, calls in questions.items():
        if calls is None:
            found[name] = draw(st.one_of(values, st.just({"missing": name})))
        else:
            few = draw(st.lists(values, min_size=1, max_size=3))
            found[name] = draw(
                st.just({"missing": name}) | st.just([few[n % len(few)] for n in range(len(calls))])
            )
    return found


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_any_answers_are_judged(exercise, data):
    given_answers = data.draw(answers(exercise))
    try:
        message = module_of(exercise).judge(given_answers)
    except FaultError as fault:
        message = str(fault)
    assert 10 < len(message) < 1_000


def test_a_missing_name_says_how_to_get_it_back():
    with pytest.raises(FaultError, match=r"Expected RATE in your file.*exercise reset"):
        value_of({"RATE": {"missing": "RATE"}}, "RATE")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([0, 5], r"Python writes decimals with a point: 0\.5"),
        ("0.5", "without quotation marks"),
        (None, "Does the function `return` its result"),
        (True, "expected a number from 0 to 1, found True"),
        (2, "expected a number from 0 to 1, found 2"),
        ({"odd": "nan"}, "found nan"),
    ],
)
def test_a_value_that_is_no_number_is_refused_with_advice(value, words):
    with pytest.raises(FaultError, match=words):
        number(value, "RATE", 0, 1)


def test_a_misspelt_choice_gets_the_one_that_was_meant():
    with pytest.raises(FaultError, match=r"found 'Pick_Midle'\. Did you mean \"pick middle\""):
        choice("Pick_Midle", "ACTION", ["up", "pick middle"])
    assert choice(" up ", "ACTION", ["up"]) == "up"


@pytest.mark.parametrize("value", ["x" * 1000, list(range(1000)), {"a": 1}, [[]] * 9, 1e300, 10**15])
def test_values_are_shown_in_a_few_words(value):
    assert len(shown(value)) < 80
