import os
import subprocess
import sys

import numpy as np
import pytest

from cookie_jar.agents import td_loops
from cookie_jar.agents.td_methods import EXPECTED_SARSA, Q_LEARNING, SARSA

Q = np.array([[9.0, 9.0, 9.0, 9.0], [1.0, 4.0, 2.0, 3.0]])
GAMMA, EPSILON = 0.9, 0.4


@pytest.mark.parametrize(
    ("terminated", "expected"),
    [
        (False, 0.5 + 0.9 * 4.0),
        (True, 0.5),  # nothing follows the end
    ],
)
def test_the_target_of_q_learning_by_hand(terminated, expected):
    assert td_loops.q_target(Q, 0.5, 1, terminated, GAMMA) == pytest.approx(expected)


@pytest.mark.parametrize(("terminated", "expected"), [(False, 0.5 + 0.9 * 2.0), (True, 0.5)])
def test_the_target_of_sarsa_by_hand(terminated, expected):
    next_action = -1 if terminated else 2  # none is chosen at the end
    assert td_loops.sarsa_target(Q, 0.5, 1, next_action, terminated, GAMMA) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("terminated", "expected"),
    [
        (False, 0.5 + 0.9 * (0.7 * 4.0 + 0.1 * 1.0 + 0.1 * 2.0 + 0.1 * 3.0)),  # 0.4 / 4 to each action
        (True, 0.5),
    ],
)
def test_the_target_of_expected_sarsa_by_hand(terminated, expected):
    found = td_loops.expected_sarsa_target(Q, 0.5, 1, terminated, EPSILON, GAMMA)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("method", "target"),
    [(Q_LEARNING, 0.5 + 0.9 * 4.0), (SARSA, 0.5 + 0.9 * 2.0), (EXPECTED_SARSA, 0.5 + 0.9 * 3.4)],
)
def test_an_update_moves_one_number_towards_the_target_of_its_method(method, target):
    table = Q.copy()
    td_loops.update(table, method, 0, 3, 0.5, 1, False, 2, EPSILON, 0.25, GAMMA)
    assert table[0, 3] == pytest.approx(9.0 + 0.25 * (target - 9.0))
    table[0, 3] = 9.0
    np.testing.assert_array_equal(table, Q)


@pytest.mark.parametrize("epsilon", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("row", [[0.0, 0.0, 0.0, 0.0], [1.0, 3.0, 2.0, 3.0], [5.0, 1.0, 1.0, 1.0]])
def test_choosing_has_the_probabilities_of_epsilon_greedy(epsilon, row):
    # One number that runs through [0, 1) in even steps instead of chance: shares are exact to a step.
    table, steps = np.array([row]), 12_000
    chosen = [td_loops.choose(table, 0, epsilon, step / steps) for step in range(steps)]
    best = np.array(row) == max(row)
    expected = epsilon / 4 + (1 - epsilon) * best / best.sum()
    np.testing.assert_allclose(np.bincount(chosen, minlength=4) / steps, expected, atol=5 / steps)
    assert 0 <= td_loops.choose(table, 0, epsilon, np.nextafter(1, 0)) < 4


def test_the_schedule_of_exploration():
    values = [td_loops.linear_schedule(step, 100.0, 1.0, 0.2) for step in (0, 50, 100, 1000)]
    assert values == pytest.approx([1.0, 0.6, 0.2, 0.2])
    assert td_loops.linear_schedule(0, 0.0, 1.0, 0.2) == 0.2


def test_the_loop_is_compiled_without_a_place_for_the_cache():
    code = (
        "from numba.core.caching import CacheImpl; CacheImpl._locator_classes = [];"
        "import cookie_jar.envs; from cookie_jar.agents import QLearning;"
        "print(QLearning('CookieJarCorner-v0', seed=0).learn(3000).policy[0])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "3", result.stderr


LEARNING = """
import sys
import cookie_jar.envs
from cookie_jar.agents import ExpectedSarsa, QLearning, Sarsa

for kind in (QLearning, Sarsa, ExpectedSarsa):
    for env_id in ("CookieJarHints-v0", "FrozenLake-v1"):
        for use_model in (True, False):
            agent = kind(env_id, seed=3, exploration_steps=300, use_model=use_model).learn(401)
            file = agent.save(f"{sys.argv[1]}/{kind.__name__}-{env_id}-{use_model}")
            kind.load(file, use_model=use_model).learn(99).save(file)
"""


def test_without_compilation_the_same_files_are_saved(tmp_path):
    for disabled in ("0", "1"):
        folder, environment = tmp_path / disabled, os.environ | {"NUMBA_DISABLE_JIT": disabled}
        folder.mkdir()
        subprocess.run([sys.executable, "-c", LEARNING, str(folder)], check=True, env=environment)
    files = sorted((tmp_path / "0").iterdir())
    assert len(files) == 12
    for file in files:
        assert file.read_bytes() == (tmp_path / "1" / file.name).read_bytes(), file.name


def test_the_bound_is_that_of_ucb1():
    table, visits = np.array([[1.0, 0.5, 0.9]]), np.array([[50, 2, 40]])
    bounds = table[0] + 0.2 * np.sqrt(np.log(92) / visits[0])
    for draw in (0.0, 0.3, 0.999):
        assert td_loops.choose_by_bound(table, visits, 0, 0.0, 0.2, draw) == bounds.argmax() == 0
        assert td_loops.choose_by_bound(table, visits, 0, 0.0, 0.8, draw) == 1  # rarely tried
    assert td_loops.choose_by_bound(table, visits, 0, 1.0, 0.2, 0.999) == 2  # epsilon: any action


def test_what_was_never_tried_comes_first():
    table, visits = np.array([[5.0, -9.0, -9.0]]), np.array([[7, 0, 0]])
    chosen = {td_loops.choose_by_bound(table, visits, 0, 0.0, 0.01, draw) for draw in (0.1, 0.9)}
    assert chosen == {1, 2}
    assert td_loops.choose_by_bound(table, 0 * visits, 0, 0.0, 0.01, 0.0) == 0
