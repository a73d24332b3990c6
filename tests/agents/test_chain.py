"""The Markov chain of a policy, with SciPy and without."""

import sys

import gymnasium as gym
import numpy as np
import pytest
from scipy.sparse import csr_array

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import evaluate, tabular_model
from cookie_jar.agents.chain import SmallMatrix, chain_of


@pytest.mark.parametrize("size", [1, 7, 100])
def test_products_are_those_of_scipy_to_the_bit(size):
    random = np.random.default_rng(size)
    entries = 4 * size  # several of them in one place
    weights = random.random(entries)
    rows, columns = random.integers(size, size=(2, entries))
    values = random.normal(size=(size, 3))
    expected = csr_array((weights, (rows, columns)), shape=(size, size)) @ values
    np.testing.assert_array_equal(SmallMatrix(weights, rows, columns, size) @ values, expected)


def test_a_matrix_without_entries():
    nothing = np.empty(0, np.int64)
    matrix = SmallMatrix(np.empty(0), nothing, nothing, 2)
    np.testing.assert_array_equal(matrix @ np.ones((2, 3)), np.zeros((2, 3)))


@pytest.mark.parametrize("env_id", ["CookieJar-v0", "CookieJarClumsy-v0", "FrozenLake-v1"])
def test_evaluations_with_and_without_scipy_are_equal(env_id, monkeypatch):
    model = tabular_model(gym.make(env_id))
    states, actions, _ = model.next_state.shape
    random = np.random.default_rng(0)
    policies = random.integers(actions, size=states), random.dirichlet(np.ones(actions), states)
    with_scipy = [evaluate(model, policy, 50) for policy in policies]
    assert isinstance(chain_of(model, policies[0]).follow, csr_array)
    monkeypatch.delitem(sys.modules, "scipy")  # as before its first import
    assert isinstance(chain_of(model, policies[0]).follow, SmallMatrix)
    np.testing.assert_array_equal([evaluate(model, policy, 50) for policy in policies], with_scipy)


def test_only_states_that_can_be_reached_are_kept():
    model = tabular_model(gym.make("CookieJar-v0"))
    waiting = np.full(len(model.start), 0)
    chain = chain_of(model, waiting)
    assert chain.start.sum() == 1
    assert len(chain.gains) < len(model.start)
