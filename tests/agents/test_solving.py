"""Both ways of value iteration against each other, and against plain sweeps of all states at once."""

import os
import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from needs import TAXI

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError, TabularModel, exact, solving, tabular_model, value_iteration
from cookie_jar.agents.exact import backward_induction
from cookie_jar.agents.solving import LARGE

KITCHENS = {
    "home": ("CookieJar-v0", {}),
    "corner": ("CookieJarCorner-v0", {}),
    "clumsy": ("CookieJarClumsy-v0", {}),
    "hints": ("CookieJarHints-v0", {}),
    **{f"level {n}": ("CookieJarRandom-v0", {"levels": (n, n), "observation": "vector"}) for n in (0, 7, 33)},
    "lake": ("FrozenLake8x8-v1", {}),
    "taxi": (TAXI, {}),
}


@pytest.fixture(params=KITCHENS)
def model(request):
    env_id, options = KITCHENS[request.param]
    return tabular_model(gym.make(env_id, **options))


def plainly_solved(model, gamma):
    """Values, ties and policy, from sweeps of all states at once and steps to an end of all actions."""
    values = np.zeros(len(model.start))
    reward = solving.expected(model, model.reward)
    change = np.inf
    while change > 4 * np.finfo(float).eps * np.abs(values).max():
        new = solving.backup(model, reward, values, gamma).max(axis=1)
        change, values = np.abs(new - values).max(), new
    action_values = solving.backup(model, reward, values, gamma)
    rounding = 64 * np.finfo(float).eps * np.abs(action_values).max(axis=1, keepdims=True)
    best = action_values >= action_values.max(axis=1, keepdims=True) - rounding
    steps = np.full(len(values), np.inf)
    while True:
        after = np.where(model.terminated, 0.0, steps[model.next_state])
        ways = np.where(best, 1 + np.where(model.probability > 0, after, np.inf).min(axis=2), np.inf)
        if np.array_equal(ways.min(axis=1), steps):
            return values, best, np.where(best, np.minimum(ways, 1e300), np.inf).argmin(axis=1)
        steps = ways.min(axis=1)


@pytest.mark.parametrize("gamma", [0.4, 0.99])
@pytest.mark.parametrize("large", [False, True])
def test_arrays_and_loops_find_values_ties_and_policies_of_plain_sweeps(model, gamma, large, monkeypatch):
    monkeypatch.setattr(solving, "LARGE", 0 if large else model.next_state.size + 1)
    solution = value_iteration(model, gamma)
    values, best, policy = plainly_solved(model, gamma)
    # sweeps end within rounding of each other; in the slowest model, that of the lake, within 1e-13
    tolerance = 2e-15 if model.next_state.shape[1] == 10 else 1e-13
    np.testing.assert_allclose(solution.values, values, rtol=0, atol=tolerance * np.abs(values).max())
    np.testing.assert_array_equal(solution.optimal_actions, best)
    np.testing.assert_array_equal(solution.policy, policy)
    assert solution.action_values.shape == best.shape


@pytest.mark.parametrize("large", [False, True])
def test_without_an_end_any_allowed_action_is_taken(large, monkeypatch):
    monkeypatch.setattr(solving, "LARGE", 0 if large else 1_000)
    next_state = np.array([[[0], [1]], [[1], [0]]])
    reward = np.array([[[-2.0], [-1.0]], [[-1.0], [-1.0]]])
    never = np.zeros((2, 2, 1), bool)
    solution = value_iteration(
        TabularModel(next_state, np.ones((2, 2, 1)), reward, never, np.eye(2)[0]), gamma=0.5
    )
    assert solution.policy.tolist() == [1, 0]


@pytest.mark.parametrize("horizon", [1, 12, 200])
def test_backward_induction_is_the_same_in_a_loop(model, horizon, monkeypatch):
    found = []
    for large in (0, model.next_state.size + 1):
        monkeypatch.setattr(exact, "LARGE", large)
        found.append(exact.backward_induction(model, horizon))
    assert found[0][0] == found[1][0]
    np.testing.assert_array_equal(found[0][1], found[1][1])


WITHOUT_NUMBA = """
import sys
import gymnasium as gym
import cookie_jar.envs
from cookie_jar.agents import evaluate, optimum, tabular_model, value_iteration

model = tabular_model(gym.make("CookieJar-v0"))
evaluate(model, value_iteration(model).policy, 200), optimum(model, 200)
print(*(name for name in ("numba", "scipy.sparse.linalg") if name in sys.modules))
"""


def test_a_small_model_is_solved_without_numba():
    result = subprocess.run([sys.executable, "-c", WITHOUT_NUMBA], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


UNCOMPILED = """
import gymnasium as gym
import cookie_jar.envs
from cookie_jar.agents import exact, solving, tabular_model

model = tabular_model(gym.make("CookieJarCorner-v0"))
small = solving.value_iteration(model), exact.backward_induction(model, 50)
solving.LARGE = exact.LARGE = 0
large = solving.value_iteration(model), exact.backward_induction(model, 50)
for a, b in zip((*small[0], *small[1]), (*large[0], *large[1])):
    assert (a == b) if isinstance(a, tuple) else (a == b).all()
"""


def test_the_loops_work_without_compilation():
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", UNCOMPILED], check=True, env=environment)


@pytest.mark.parametrize("solve", [value_iteration, lambda model: backward_induction(model, 5)])
def test_a_large_table_that_was_changed_is_not_followed_out_of_the_table(solve):
    """A table is checked once if nobody can write to its arrays; the owner can allow writing again."""
    shape = (LARGE, 1, 1)
    model = TabularModel(
        np.zeros(shape, np.int64), np.ones(shape), np.zeros(shape), np.ones(shape, np.bool_),
        np.eye(1, LARGE)[0].copy(),
    )  # fmt: skip
    for array in model:
        array.flags.writeable = False
    solve(model)
    model.next_state.flags.writeable = True
    model.next_state[5] = LARGE
    model.next_state.flags.writeable = False
    with pytest.raises(AgentError, match="the table has changed since it was checked"):
        solve(model)
