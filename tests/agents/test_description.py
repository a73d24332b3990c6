from pathlib import Path

import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import MemoryFileError, QLearning
from cookie_jar.agents.description import checked_description

FILE = Path("agent.safetensors")


def good():
    return {
        "hyperparameters": {name: default for name, (default, *_) in QLearning.hyperparameters.items()},
        "env": None,
        "num_timesteps": 7,
        "num_episodes": 0,
        "random_state": np.random.default_rng(0).bit_generator.state,
        "progress": {},
        "notes": {"task": "x"},
        "versions": {"numpy": "2"},
    }


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def settings(**values):
    return {"hyperparameters": good()["hyperparameters"] | values}


def state(**values):
    return {"random_state": good()["random_state"] | values}


def test_a_valid_description_is_returned_as_values():
    description = checked_description(FILE, good(), QLearning.hyperparameters)
    assert (description.num_timesteps, description.num_episodes, description.about) == (7, 0, {})
    assert description.settings["learning_rate"] == 0.2
    assert description.settings["seed"] is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hyperparameters": 7}, "expected hyperparameters by name"),
        (settings(gamma=True), "gamma: expected a number"),
        (settings(gamma=None), "gamma"),
        (settings(gamma=[1]), "gamma"),
        (settings(gamma=10**400), "gamma"),
        (settings(exploration_steps=2.5), "exploration_steps: expected a whole number"),
        (settings(exploration_steps=-1), "exploration_steps: expected a whole number"),
        (settings(seed="x" * 5_000), "seed: expected a whole number"),
        (settings(wings=2), "unknown hyperparameters: .'wings'."),
        ({"hyperparameters": {"gamma": 0.9}}, "expected the hyperparameter learning_rate"),
        ({"env": 7}, "the description of the environment"),
        ({"environment": "x"}, "the description of the environment"),
        *(({"num_timesteps": value}, "num_timesteps") for value in (-1, 2**63, True, 2.0, "7", None)),
        ({"num_episodes": -1}, "num_episodes"),
        ({"random_state": {}}, "the random state is damaged"),
        ({"random_state": [1]}, "expected random_state by name"),
        (state(bit_generator="MT19937"), "the random state is damaged"),
        (state(state={"state": -1, "inc": 1}), "the random state is damaged"),
        (state(state={"state": 2**200, "inc": 1}), "the random state is damaged"),
        (state(has_uint32="x"), "the random state is damaged"),
        ({"progress": [1]}, "expected progress by name"),
        ({"notes": "x"}, "expected notes by name"),
        ({"notes": {"x": list(range(20_000))}}, "at most 10,000 values"),
        ({"notes": {"x": nested(500)}}, "at most 10,000 values"),
        ({"versions": {"numpy": 2}}, "expected versions as text"),
        ({"machine": {"BLAS": 2}}, "expected the machine as text"),
        ({"machine": "x"}, "expected machine by name"),
    ],
)
def test_values_that_are_not_valid_are_refused(change, message):
    with pytest.raises(MemoryFileError, match=message) as caught:
        checked_description(FILE, good() | change, QLearning.hyperparameters)
    assert str(caught.value).startswith(str(FILE))
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("name", [name for name in good() if name != "env"])
def test_missing_values_are_refused(name):
    description = good()
    del description[name]
    with pytest.raises(MemoryFileError, match=name):
        checked_description(FILE, description, QLearning.hyperparameters)


@pytest.mark.parametrize(
    "notes", [{"x": {1, 2}}, {"x": float("nan")}, {"x": print}, {"x": list(range(20_000))}, {"x": nested(50)}]
)
def test_notes_that_could_not_be_loaded_are_not_saved(notes, tmp_path):
    agent = QLearning("CookieJarCorner-v0", seed=0)
    agent.notes = notes
    with pytest.raises(MemoryFileError, match="notes"):
        agent.save(tmp_path / "agent")
    assert not list(tmp_path.iterdir())
