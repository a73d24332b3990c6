import inspect
from typing import Annotated

import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AGENTS, PPO, ActorCritic, Agent, AgentError, ImportedPolicy, Optimal, Reinforce
from cookie_jar.agents.hyperparameters import (
    Flag,
    Hyperparameter,
    Interval,
    LayerSizes,
    OneOf,
    Whole,
    declared,
    descriptions,
)

CLASSES = [*AGENTS.values(), Optimal, ImportedPolicy]


class Walker:
    """A class with hyperparameters.

    Args:
        env: Not a hyperparameter.
        pace: Steps per second. From 1
            on.
        gait: How to
            walk.

    Attributes:
        pace: Not this line.
    """

    def __init__(
        self, env, *, pace: Annotated[int, Whole(1)] = 2, gait: Annotated[str, OneOf(("a", "b"))] = "a"
    ):
        pass


class Runner:
    """A class that passes options on.

    Args:
        speed: Kilometres per hour.
    """

    def __init__(self, env, *, speed: Annotated[float, Interval(0, 30)] = 9.0, pace: int = 4, **options):
        pass


def test_the_signature_and_the_docstring_are_the_source():
    found = declared(Walker.__init__, Walker.__doc__, {})
    assert found == {
        "pace": (2, Whole(1), "Steps per second"),
        "gait": ("a", OneOf(("a", "b")), "How to walk"),
    }


def test_options_inherit_and_defaults_change():
    found = declared(Runner.__init__, Runner.__doc__, declared(Walker.__init__, Walker.__doc__, {}))
    assert list(found) == ["pace", "gait", "speed"]
    assert found["pace"] == (4, Whole(1), "Steps per second")
    assert found["speed"] == (9.0, Interval(0, 30), "Kilometres per hour")


def test_a_docstring_without_arguments_describes_nothing():
    assert descriptions(None) == {}
    assert descriptions("Just a line.") == {}


@pytest.mark.parametrize("kind", CLASSES)
def test_every_hyperparameter_is_described_and_its_default_valid(kind):
    for name, hyperparameter in kind.hyperparameters.items():
        assert hyperparameter.description, name
        if hyperparameter.default is not inspect.Parameter.empty:
            assert hyperparameter.check(name, hyperparameter.default) == hyperparameter.default


def test_a_bonus_is_added_to_values_or_to_rewards():
    described = {kind.hyperparameters["exploration_bonus"].description for kind in AGENTS.values()}
    assert len(described) == 2


@pytest.mark.parametrize("kind", AGENTS.values())
def test_shared_hyperparameters_have_one_description(kind):
    for name in kind.hyperparameters.keys() - {"seed", "exploration_bonus"}:
        described = {
            k.hyperparameters[name].description for k in AGENTS.values() if name in k.hyperparameters
        }
        assert described == {kind.hyperparameters[name].description}


def test_settings_are_the_values_by_name():
    agent = PPO("CookieJarCorner-v0", clip_range=0.3, seed=5)
    settings = agent.settings()
    assert settings.keys() == PPO.hyperparameters.keys()
    assert (settings["clip_range"], settings["seed"], settings["policy"]) == (0.3, 5, "table")
    assert type(agent)(agent.env, **settings).settings() == settings


def test_reinforce_has_no_lambda():
    assert ActorCritic.hyperparameters.keys() - Reinforce.hyperparameters.keys() == {"gae_lambda"}
    assert Reinforce.hyperparameters["n_steps"].default == 1_000
    assert ActorCritic.hyperparameters["n_steps"].default == 16
    assert list(Agent.hyperparameters) == ["gamma", "seed"]


KINDS = {
    "number": Interval(0, 1),
    "whole": Whole(1),
    "choice": OneOf(("a", "b")),
    "flag": Flag(),
    "layers": LayerSizes(99),
}
NO_NUMBERS = ["0.5", "", None, True, np.True_, [1], np.ones(1), 1j, float("nan"), object(), {}]


@pytest.mark.parametrize(
    ("kind", "bad", "expected"),
    [
        ("number", [*NO_NUMBERS, -0.1, 1.5, float("inf"), 10**400], "a number from 0 to 1"),
        ("whole", [*NO_NUMBERS, 0, -5, 1.0, np.float64(3)], "a whole number of at least 1"),
        ("whole", [2**60, 10**5_000], "a whole number of at most 9007199254740992"),
        ("choice", ["c", "", 1, None, ["a"], np.array(["a", "b"])], "one of a, b"),
        ("flag", ["False", "no", "0", "", 0, 1, 1.0, None, [], np.int64(1)], "True or False"),
        (
            "layers",
            [5, "64", None, {64}, {64: 1}, [1] * 9, np.ones((1, 1), int), iter([1])],
            "the units of up to 8",
        ),
        ("layers", [[3, 100], [10**9]], "a number from 1 to 99"),
        ("layers", [[0], [1.5], [True], ["3"], [[3]]], "a whole number of at least 1"),
    ],
)
def test_values_of_other_types_and_out_of_range_are_refused_in_one_line(kind, bad, expected):
    for value in bad:
        with pytest.raises(AgentError, match=f"^speed: expected {expected}.*, got ") as caught:
            KINDS[kind]("speed", value)
        assert len(str(caught.value)) < 250
        assert str(caught.value).isprintable()


def test_good_values_are_returned_as_plain_values():
    for good in (0, 1, 0.5, np.float32(0.25), np.int64(1)):
        assert type(Interval(0, 1)("x", good)) is float
        assert Interval(0, 1)("x", good) == good
    assert str(Interval(0, 1)("x", -0.0)) == "0.0"
    assert type(Whole(3)("x", np.int32(3))) is int
    assert type(OneOf(("a", "b"))("x", np.str_("b"))) is str
    for good in ([3, 9], (3, 9), np.array([3, 9], np.uint8)):
        assert LayerSizes(9)("x", good) == (3, 9)
    assert LayerSizes(9)("x", []) == ()
    assert Flag()("x", np.True_) is True
    assert Flag()("x", False) is False


@pytest.mark.parametrize(
    ("kind", "words", "value"),
    [
        ("number", ["0.1", ".1", "1e-1", "1E-1", "+0.1", " 0.1 ", "10e-2", 0.1, np.float64(0.1)], 0.1),
        ("number", ["0", "-0", "0.0", "0e5", 0, -0.0], 0.0),
        ("whole", ["64", "64.0", "6.4e1", "+64", " 64", 64, 64.0, np.int8(64)], 64),
        ("whole", ["1e5", "100000", "1E+5", "100,000", "100_000", "0.1e6", "1,000e2"], 100_000),
        ("choice", ["a", " a"], "a"),
        ("flag", ["True", "true", "TRUE", "yes", "on", "1", True, 1, np.True_], True),
        ("flag", ["False", "false", "no", "No", "off", "0", False, 0], False),
        (
            "layers",
            ["64,32", "[64, 32]", "(64,32,)", "64 32", ["64", "32"], ["64,32"], [64, 32], (64, 32)],
            (64, 32),
        ),
        ("layers", ["", "[]", "()", []], ()),
    ],
)
def test_texts_that_mean_the_same_are_one_value(kind, words, value):
    for word in words:
        found = Hyperparameter(value, KINDS[kind], "").parse("x", word)
        assert (found, type(found), repr(found)) == (value, type(value), repr(value))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "number",
            [
                "lin_1e-3",
                "nan",
                "inf",
                "1e999",
                "1_0",
                "0,1",
                "1e",
                ".",
                "",
                "\u0661",
                "0x1",
                True,
                "yes",
                "1" * 9_999,
            ],
        ),
        (
            "whole",
            [
                "1.5",
                "0",
                "1e999",
                "1_00",
                "1,0",
                "1,000_000",
                "0x10",
                "",
                "1e400",
                "9" * 5_000,
                1.5,
                True,
                float("inf"),
            ],
        ),
        ("choice", ["A", "", 1, ["a", "b"]]),
        ("flag", ["maybe", "", "2", "yes no", 2, 1.0, None]),
        (
            "layers",
            ["64;32", "[64", "64x", "-1", "0", "1.5", "dict(pi=[64])", ["a"], [64, "x"], {"pi": [64]}],
        ),
    ],
)
def test_other_texts_are_refused(kind, words):
    for word in words:
        with pytest.raises(AgentError, match=r"^x: expected ") as caught:
            Hyperparameter("default", KINDS[kind], "").parse("x", word)
        assert len(str(caught.value)) < 250


def test_a_schedule_is_refused_with_what_to_write():
    with pytest.raises(
        AgentError, match="expected a number from 0 to 1, got 'lin_1e-3'; schedules are not supp"
    ):
        PPO.hyperparameters["clip_range"]._replace(kind=Interval(0, 1)).parse("clip_range", "lin_1e-3")


def test_none_is_a_value_where_it_is_the_default():
    for word in (None, "None", "none", "null"):
        assert PPO.hyperparameters["learning_rate"].parse("learning_rate", word) is None
        with pytest.raises(AgentError, match="gamma: expected a number"):
            PPO.hyperparameters["gamma"].parse("gamma", word)


def test_parsing_the_value_of_an_agent_returns_the_value():
    for kind in CLASSES:
        for name, hyperparameter in kind.hyperparameters.items():
            value = hyperparameter.default
            if value not in (None, inspect.Parameter.empty):
                assert hyperparameter.parse(name, value) == value
                assert hyperparameter.parse(name, str(value)) == value
