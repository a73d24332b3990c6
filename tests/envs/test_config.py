"""The options of an environment: defaults, checks, and the errors for impossible values."""

import numpy as np
import pytest
from boards import kitchens
from hypothesis import given, settings
from hypothesis import strategies as st

from cookie_jar.envs import Cookie, Happiness, Kitchen, KitchenError, OptionError
from cookie_jar.envs.config import checked_config, count_states, make_config
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.levels import level_kitchen
from cookie_jar.envs.tabular import World


def test_the_defaults():
    config = make_config()
    assert config.kitchen == find_kitchen("home")
    assert config.likes is Cookie.CHOCOLATE_CHIP
    assert config[2:6] == (0.0, False, False, False)
    assert config.happiness == Happiness()


def test_equal_options_are_equal_configurations():
    text = str(find_kitchen("corner"))
    one, other = make_config(kitchen="corner", clumsiness=0), make_config(kitchen=text, clumsiness=0.0)
    assert one == other
    assert hash(one) == hash(other)
    assert one != make_config(kitchen="corner", hints=True)


def test_numbers_of_numpy_become_plain_ones():
    config = make_config(clumsiness=np.float32(0.5), hints=np.bool_(True), happiness={"act": np.int64(-1)})
    values = config.clumsiness, config.hints, config.happiness.act
    assert values == (0.5, True, -1.0)
    assert [type(value) for value in values] == [float, bool, float]


def test_happiness_replaces_only_what_is_named():
    assert make_config(happiness={"act": -0.05}).happiness == Happiness(act=-0.05)


def test_levels_bring_the_kitchen_of_the_first():
    assert checked_config({"hints": True}, (7, 9)) == make_config(kitchen=str(level_kitchen(7)), hints=True)
    assert isinstance(checked_config({}, None).kitchen, Kitchen)
    with pytest.raises(OptionError, match="expected no kitchen together with levels"):
        checked_config({"kitchen": "home"}, (7, 9))


def test_an_unknown_option_is_refused_with_the_known_ones():
    with pytest.raises(OptionError, match=r"keyword argument 'size'; expected options among kitchen, "):
        checked_config({"size": 3, "colour": "red"})


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"kitchen": "cellar"}, OptionError, "expected one of home, corner"),
        ({"kitchen": "#J##\n#SS#\n####"}, KitchenError, "line 2, column 3"),
        ({"kitchen": 3}, OptionError, "kitchen"),
        ({"likes": "apple"}, OptionError, "raisin, chocolate chip, plain, got 'apple'"),
        ({"clumsiness": 1.0}, OptionError, "from 0 to below 1, got 1.0"),
        ({"clumsiness": -0.1}, OptionError, "got -0.1"),
        ({"clumsiness": float("nan")}, OptionError, "got nan"),
        ({"clumsiness": "much"}, OptionError, "got 'much'"),
        ({"happiness": {"joy": 1}}, OptionError, "got 'joy'"),
        (
            {"happiness": {"act": float("inf")}},
            OptionError,
            "1,000,000 for 'act', got inf",
        ),
        ({"happiness": {"act": 10**400}}, OptionError, "number from -1,000,000"),
        ({"clumsiness": 10**400}, OptionError, "from 0 to below 1"),
        ({"happiness": [1]}, OptionError, "a dict"),
        ({"hints": 1}, OptionError, "hints: expected True or False"),
        ({"clumsiness": True}, OptionError, "got True"),
    ],
)
def test_impossible_values_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        make_config(**options)


ODD = [
    None,
    1,
    "False",
    "no",
    "0",
    "0.2",
    float("nan"),
    [],
    {},
    b"1",
    2**70,
    np.array(1),
    np.array([1, 2]),
    object,
]


@pytest.mark.parametrize(
    "name", ["kitchen", "likes", "clumsiness", "shuffle_cookies", "random_start", "hints", "jar_alone"]
)
@pytest.mark.parametrize("value", ODD, ids=repr)
def test_values_of_the_wrong_type_are_refused_in_one_line(name, value):
    with pytest.raises(OptionError, match=f"^{name}: expected") as caught:
        make_config(**{name: value})
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("value", [None, True, "1", float("nan"), float("-inf"), 1e7, [1], 1j, np.array([1])])
def test_happiness_that_is_no_number_is_refused(value):
    with pytest.raises(OptionError, match="happiness: expected a number from"):
        make_config(happiness={"act": value})


@pytest.mark.parametrize(("name", "near"), [("chocolate_chip", "chocolate chip"), ("Raisin", "raisin")])
def test_a_similar_cookie_is_suggested(name, near):
    with pytest.raises(OptionError, match=f"did you mean '{near}'"):
        make_config(likes=name)


@settings(max_examples=30)
@given(kitchens(), st.booleans(), st.booleans(), st.sampled_from([0.0, 0.3]))
def test_states_are_counted_without_compiling(kitchen, shuffle, anywhere, clumsiness):
    options = {"shuffle_cookies": shuffle, "random_start": anywhere, "clumsiness": clumsiness}
    config = make_config(kitchen=str(kitchen), **options)
    assert count_states(config) == World(config).num_states


@pytest.mark.parametrize(("name", "states"), [("home", 1_615), ("corner", 40), ("house", 118_575)])
def test_the_states_of_the_named_kitchens(name, states):
    assert count_states(make_config(kitchen=name)) == states
    assert count_states(make_config(kitchen=name, shuffle_cookies=True)) == 6 * states
    alone = make_config(kitchen=name, shuffle_cookies=True, jar_alone=True)
    assert count_states(alone) == World(alone).num_states == 24


HALL = "#J" + "#" * 16 + "\n#S" + "." * 14 + "C#\n" + ("#" + "." * 16 + "#\n") * 15 + "#" * 18
TOO_MANY = r"1,981,440 states with these options, limit 333,333; raise it with max_states=1981440"


def test_too_many_states_are_refused_before_they_are_compiled():
    options = {"kitchen": HALL, "clumsiness": 0.1, "random_start": True}
    assert count_states(make_config(**options)) == 330_240
    with pytest.raises(OptionError, match=TOO_MANY):
        make_config(**options, shuffle_cookies=True)
    raised = make_config(**options, shuffle_cookies=True, max_states=np.int64(1_981_440))
    assert raised == make_config(**options, shuffle_cookies=True, max_states=2**70)
    with pytest.raises(OptionError, match="the kitchen has 1,615 states with these options, limit 1,614"):
        make_config(max_states=1_614)


@pytest.mark.parametrize("value", [0, -1, True, 1.5, "9", float("nan"), [9]])
def test_limits_that_are_no_numbers_of_states(value):
    with pytest.raises(OptionError, match="max_states: expected an integer of at least 1"):
        make_config(max_states=value)
