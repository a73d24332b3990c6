import inspect
from typing import Annotated

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


@pytest.mark.parametrize("kind", CLASSES)
def test_shared_hyperparameters_have_one_description(kind):
    for name, hyperparameter in kind.hyperparameters.items():
        if name != "seed":
            others = [k.hyperparameters[name] for k in AGENTS.values() if name in k.hyperparameters]
            assert {other.description for other in others} <= {hyperparameter.description} or kind in (
                Optimal,
                ImportedPolicy,
            )


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
    ("check", "bad"),
    [
        (Interval(0, 1), 1.5),
        (Interval(0, 1), float("nan")),
        (Interval(0, 1), "0.5"),
        (Interval(0, 1), True),
        (Whole(1), 0),
        (Whole(1), 1.0),
        (OneOf(("a", "b")), "c"),
        (LayerSizes(9), [3, 10]),
        (LayerSizes(9), [0]),
    ],
)
def test_values_out_of_range_are_refused_by_name(check, bad):
    with pytest.raises(AgentError, match=r"^speed: expected"):
        check("speed", bad)


def test_good_values_are_returned_as_plain_numbers():
    assert Interval(0, 1)("x", 1) == 1.0
    assert isinstance(Interval(0, 1)("x", 1), float)
    assert LayerSizes(9)("x", [3, 9]) == (3, 9)
    assert Flag()("x", 1) is True
