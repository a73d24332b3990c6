"""The limit in C returns what the vector environment returns, and rows say what they could not measure."""

import sys

import gymnasium as gym
import numpy as np
import pytest
from needs import needs_c

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.scripts.benchmarks import vectors
from cookie_jar.scripts.benchmarks.c_library import c_library
from cookie_jar.scripts.benchmarks.timing import Scale


@needs_c
@pytest.mark.parametrize("observation", ["state", "factors", "grid"])
@pytest.mark.parametrize("options", [{}, {"clumsiness": 0.2}, {"kitchen": "corner", "clumsiness": 0.1}])
def test_c_returns_the_same(options, observation):
    library = c_library("vector")
    envs = gym.make_vec("CookieJar-v0", 40, observation=observation, **options)
    envs.reset(seed=3)
    limit, ends = vectors.CVector(library, 40, 3, observation=observation, **options), 0
    rng = np.random.default_rng(0)
    for _ in range(450):
        actions = rng.integers(10, size=40)
        obs, rewards, terminated, truncated, infos = envs.step(actions)
        limit.step(actions)
        ours = (
            *(obs, rewards, infos["happiness"], infos["event_id"]),
            *(terminated, infos["is_success"], truncated),
        )
        for mine, other in zip(ours, limit.results, strict=True):
            assert mine.dtype == other.dtype
            np.testing.assert_array_equal(mine, other)
        ends += (terminated | truncated).sum()
    assert ends > 40
    with pytest.raises(ValueError, match="does not exist"):
        limit.step(np.full(40, 10))


def test_a_row_without_a_compiler_has_no_peer(monkeypatch):
    monkeypatch.setattr(vectors, "c_library", lambda name: None)
    monkeypatch.setattr(vectors.stepper, "COMPILE_AFTER", 0)
    row = vectors.many(8, Scale(rounds=2, steps=500))
    assert (row.ratio, row.peer_name) == (None, "")


def test_a_peer_that_is_not_installed_is_named_as_skipped(monkeypatch):
    monkeypatch.setitem(sys.modules, "envpool", None)
    monkeypatch.setattr(vectors.stepper, "COMPILE_AFTER", 0)
    row = vectors.against_envpool(Scale(rounds=2, steps=500))
    assert row.peer_name == "EnvPool: skipped, not installed"
    assert row.ratio is None
