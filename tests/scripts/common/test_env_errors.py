"""Environments whose code raises an exception."""

import gymnasium as gym
import pytest
from gymnasium.spaces import Discrete

from cookie_jar.agents import runs
from cookie_jar.scripts import train, watch
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.common.env_errors import environment_error


class MuteError(Exception):
    """An exception whose text raises another."""

    def __str__(self):
        raise RuntimeError


class Fails(gym.Env):
    """Fails in `step` after some steps, or in `reset`."""

    observation_space, action_space = Discrete(2), Discrete(2)

    def __init__(self, error=None, steps=500, in_reset=False):
        self.error, self.steps, self.in_reset = error, steps, in_reset

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if self.in_reset:
            raise self.error
        return 0, {}

    def step(self, action):
        self.steps -= 1
        if self.steps < 0:
            raise self.error
        return 1, 0.0, True, False, {}


@pytest.fixture
def failing():
    """A function that registers an environment with these options, and returns its id."""

    def register(**options):
        gym.register("Fails-v0", Fails, kwargs=options)
        return "Fails-v0"

    yield register
    gym.registry.pop("Fails-v0", None)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("one\ntwo"), "ZeroDivisionError: one two in `step`"),
        (OSError("no camera"), "OSError: no camera in `step`"),
        (KeyError(), "KeyError in `step`"),
        (MuteError(), "MuteError in `step`"),
        (SystemExit(0), "SystemExit: 0 in `step`"),
        (BrokenPipeError("no server"), "BrokenPipeError: no server in `step`"),
    ],
)
def test_an_exception_in_training_gives_one_line_that_says_what_is_saved(
    inside, refuse, failing, error, said
):
    said_by_train = refuse(train.main, ["--env", failing(error=error), "--timesteps", "5000"])
    assert f"the environment Fails-v0 raised {said}, test_env_errors.py line " in said_by_train
    file = inside / "runs" / "fails-q-learning-0" / "agent.safetensors"
    steps = runs.load(file.parent, gym.make("Fails-v0", steps=10)).num_timesteps
    assert f"The last saved agent, after {steps:,} steps, is in runs/fails-q-learning-0/" in said_by_train
    assert said_by_train.count("\n") == 1


def test_an_exception_before_training_saves_nothing(inside, refuse, failing):
    said = refuse(train.main, ["--env", failing(error=RuntimeError("x"), in_reset=True)])
    assert "raised RuntimeError: x in `reset`" in said
    assert not (inside / "runs").exists()


def test_the_traceback_is_shown_on_request(inside, capsys, failing, monkeypatch):
    monkeypatch.setenv("COOKIE_JAR_DEBUG", "1")
    assert run(train.main, ["--env", failing(error=RuntimeError("x"), steps=0)]) == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err
    assert run(watch.main, ["nowhere"]) == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_errors_outside_of_foreign_environments_are_not_theirs():
    for env, call in (("CookieJarCorner-v0", lambda env: env.step(99)), ("CartPole-v1", lambda env: 1 / 0)):
        with pytest.raises(Exception) as caught:  # noqa: PT011
            call(gym.make(env, disable_env_checker=True))
        assert environment_error(caught.value) is None
