import inspect
from typing import Annotated

import numpy as np
import pytest

from cookie_jar.agents import AGENTS, PPO, ActorCritic, Agent, AgentError, ImportedPolicy, Optimal, Reinforce
from cookie_jar.agents.hyperparameters import Flag, Interval, LayerSizes, OneOf, Whole, declared, descriptions

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
    for name, (default, check, description) in kind.hyperparameters.items():
        assert description, name
        if default not in (None, inspect.Parameter.empty):
            assert check(name, default) == default


@pytest.mark.parametrize("kind", AGENTS.values())
def test_shared_hyperparameters_have_one_description(kind):
    for name in kind.hyperparameters.keys() - {"seed"}:
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


@pytest.mark.parametrize(
    ("check", "bad", "expected"),
    [
        (Interval(0, 1), [-0.1, 1.5, float("nan"), float("inf"), "0.5", None, True], "a number from 0 to 1"),
        (Whole(1), [0, 1.0, "3", None, True], "a whole number of at least 1"),
        (OneOf(("a", "b")), ["c"], "one of a, b"),
        (LayerSizes(9), [[3, 10]], "a number from 1 to 9"),
        (LayerSizes(9), [[0]], "a whole number of at least 1"),
    ],
)
def test_values_out_of_range_are_refused_by_name(check, bad, expected):
    for value in bad:
        with pytest.raises(AgentError, match=f"^speed: expected {expected}, got "):
            check("speed", value)


def test_good_values_are_returned_as_plain_numbers():
    for good in (0, 1, 0.5, np.float32(0.25), np.int64(1)):
        assert type(Interval(0, 1)("x", good)) is float
        assert Interval(0, 1)("x", good) == good
    assert type(Whole(3)("x", np.int32(3))) is int
    assert OneOf(("a", "b"))("x", "b") == "b"
    assert LayerSizes(9)("x", [3, 9]) == (3, 9)
    assert Flag()("x", 1) is True
