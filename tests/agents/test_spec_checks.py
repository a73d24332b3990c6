import json

import gymnasium as gym
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError
from cookie_jar.agents.env_spec import spec_json
from cookie_jar.agents.spec_checks import checked_spec, without_render_mode


def fields_of():
    return json.loads(spec_json(gym.make("CookieJarCorner-v0")))


def changed_spec(**fields):
    return json.dumps(fields_of() | fields)


def test_a_valid_spec_has_the_registered_entry_point():
    spec = checked_spec(changed_spec(entry_point="os:system", max_episode_steps=7))
    assert spec.entry_point == gym.spec("CookieJarCorner-v0").entry_point
    assert spec.max_episode_steps == 7
    assert spec.kwargs == {"kitchen": "corner"}


def test_the_render_mode_is_left_out():
    assert without_render_mode({"a": 1, "render_mode": "human"}) == {"a": 1}
    assert checked_spec(changed_spec(kwargs={"render_mode": "human"})).kwargs == {"kitchen": "corner"}


def test_a_file_cannot_raise_the_limit_of_states():
    assert checked_spec(changed_spec(kwargs={"max_states": 1 << 31})).kwargs == {"kitchen": "corner"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (7, "expected the spec of an environment"),
        ("[" * 10_000, "expected JSON"),
        (" " * 200_000, "up to 100,000 characters"),
        ("{", "expected JSON"),
        ("[]", "expected the id"),
        (changed_spec(id=None), "expected the id"),
        (changed_spec(id=["CartPole-v1"]), "expected the id"),
        (changed_spec(order_enforce=1), "expected true or false"),
        (changed_spec(disable_env_checker="no"), "expected true or false"),
        (changed_spec(kwargs=None), "expected arguments by name"),
        (changed_spec(kwargs=[1]), "expected arguments by name"),
        (changed_spec(kwargs={"x": [[[[[[[[[[1]]]]]]]]]]}), "deeply nested"),
        (changed_spec(kwargs={"x": 10**30}), "whole numbers up to"),
        (changed_spec(kwargs={"x": list(range(9_000))}), "up to 8,192 numbers"),
        (changed_spec(id="FrozenLake-v1", kwargs={"desc": ["S" + "F" * 999] * 90}), "up to 8,192 numbers"),
        (changed_spec(additional_wrappers=7), "list of up to 16 wrappers"),
        (changed_spec(additional_wrappers=[{}] * 17), "list of up to 16 wrappers"),
        (changed_spec(additional_wrappers=[7]), "wrappers with name and entry point"),
        (changed_spec(additional_wrappers=[{"name": 7, "entry_point": 7}]), "wrappers with name and entry"),
        *(
            (changed_spec(max_episode_steps=x), "time limit of at most")
            for x in (0, -1, 10**9, "x", 2.5, True)
        ),
    ],
)
def test_specs_that_are_not_valid_are_refused(text, message):
    with pytest.raises(AgentError, match=message) as caught:
        checked_spec(text)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_numbers_that_are_not_finite_are_refused(value):
    with pytest.raises(AgentError, match="expected finite numbers"):
        checked_spec(json.dumps(fields_of() | {"kwargs": {"clumsiness": value}}))
