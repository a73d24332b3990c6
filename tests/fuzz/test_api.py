"""Random calls of the public API: each gives an answer, or is refused in one line and changes nothing."""

import warnings
from enum import EnumType
from random import Random

import gymnasium as gym
import numpy as np
import pytest
from api_calls import NAMES, TARGETS, plan, public
from fuzzing import bounded, is_one_line
from needs import needs_proc

import cookie_jar.agents as agents
import cookie_jar.envs as envs
from cookie_jar.agents import AgentError, QLearning
from cookie_jar.envs import CookieJarError, KitchenError

pytestmark = [pytest.mark.slow, needs_proc]

BLOCKS = 40
CALLS = 6_000
OWN_ERRORS = (AgentError, CookieJarError, gym.error.Error)


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A current folder with a run, deep enough that "../.." stays in the folder of the test."""
    folder = tmp_path / "a" / "b" / "c"
    (folder / "run" / "snapshots").mkdir(parents=True)
    monkeypatch.chdir(folder)
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(20)
    agent.save(folder / "run" / "snapshots" / f"{20:012}")
    agent.save(folder / "run" / "agent")
    return folder


def targets_of(block):
    size = CALLS // BLOCKS
    return [TARGETS[number % len(TARGETS)] for number in range(block * size, (block + 1) * size)]


def test_every_public_name_is_called():
    called = {target for block in range(BLOCKS) for target in targets_of(block)}
    assert called == set(TARGETS)
    assert {f"cookie_jar.agents.{name}" for name in agents.__all__} <= called
    assert {f"cookie_jar.envs.{name}" for name in envs.__all__} <= called
    assert sum(len(targets_of(block)) for block in range(BLOCKS)) == CALLS >= 5_000


def outcome(target, call):
    """Return whether a call was refused, after checking the error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call.function(**call.arguments)
    except OWN_ERRORS as error:
        if not isinstance(error, KitchenError) and not is_one_line(str(error)):
            pytest.fail(f"{target}: {error!s:.2000}")
        return True
    except TypeError:
        if call.fits:
            raise
        return True
    except (ValueError, RuntimeError):  # an object without a repr can raise the latter in an enumeration
        if target not in NAMES or not isinstance(public(target), EnumType):
            raise
        return True
    assert call.fits, "accepted a wrong signature"
    return False


@pytest.mark.parametrize("block", range(BLOCKS))
def test_calls_end_in_an_answer_or_an_error_of_one_line(block, room):
    rng, refused = Random(f"calls {block}"), 0
    for target in targets_of(block):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call = plan(target, rng, room)
        with bounded():
            is_refused = outcome(target, call)
        refused += is_refused
        if is_refused and call.it is not None:
            np.testing.assert_equal(call.state(call.it), call.state(call.twin))
    assert 0 < refused < CALLS // BLOCKS
