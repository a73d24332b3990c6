"""The options of an environment: defaults, checks, and the errors for impossible values."""

import numpy as np
import pytest

from cookie_jar.envs import Cookie, Happiness, Kitchen, KitchenError, OptionError
from cookie_jar.envs.config import checked_config, make_config
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.levels import level_kitchen


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
    with pytest.raises(
        OptionError, match=r"keyword argument 'size'; expected options among kitchen, likes, "
    ):
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
            "number from -1,000,000 to 1,000,000 for 'act', got inf",
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
