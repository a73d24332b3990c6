import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import gymnasium as gym
import numpy as np
import pytest
from needs import TAXI

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import ExpectedSarsa, QLearning, Sarsa, td_loops
from cookie_jar.agents.model import SamplingTables
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


def learned_on_arrays(agent, tables, steps):
    """The table and the returns of a new agent, from the arrays of the model and numbers drawn in advance."""
    model, rng = tables.model, np.random.default_rng(agent.seed)
    rng.integers(2**31)
    q_table, schedule = agent.q_table.copy(), (float(agent.exploration_steps), 1.0, 0.05)
    obs = int(np.searchsorted(tables.start_ends, rng.random() if tables.random else 0.0, side="right"))
    chosen, total, length, returns = td_loops.NO_ACTION, 0.0, 0, []
    draws = rng.random((steps, 4 if tables.random else 2 if agent.method == SARSA else 1))
    for step, drawn in enumerate(draws):
        epsilon = td_loops.linear_schedule(step, *schedule)
        action = td_loops.choose(q_table, obs, epsilon, drawn[0]) if chosen < 0 else chosen
        k = td_loops.pick(tables.outcome_ends[obs, action], drawn[2]) if tables.random else 0
        at = obs, action, k
        next_obs, over, chosen = model.next_state[at], model.terminated[at], td_loops.NO_ACTION
        if agent.method == SARSA and not over:
            chosen = td_loops.choose(q_table, next_obs, epsilon, drawn[1])
        td_loops.update(
            q_table, agent.method, obs, action, model.reward[at], next_obs, over, chosen, epsilon,
            agent.learning_rate, agent.gamma,
        )  # fmt: skip
        total, length, obs = total + tables.score[at], length + 1, next_obs
        if over or length == tables.time_limit:
            returns.append(total)
            start = drawn[3] if tables.random else 0.0
            obs = int(np.searchsorted(tables.start_ends, start, side="right"))
            chosen, total, length = td_loops.NO_ACTION, 0.0, 0
    return q_table, returns, rng.bit_generator.state


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("env_id", ["CookieJar-v0", "CookieJarClumsy-v0", "CookieJarHints-v0", TAXI])
@pytest.mark.parametrize("kind", [QLearning, Sarsa, ExpectedSarsa])
def test_packed_tables_and_drawing_in_the_loop_change_nothing(kind, env_id, seed):
    agent, steps = kind(env_id, seed=seed, exploration_steps=1_000), 3_000
    table, returns, state = learned_on_arrays(agent, SamplingTables.of(agent.env), steps)
    agent.learn(steps, callback_interval=steps)
    np.testing.assert_array_equal(agent.q_table, table)
    assert agent.episode_returns == returns
    assert agent.rng.bit_generator.state == state


def test_words_of_64_bits_are_learned_from():
    packed, found = SamplingTables.of(gym.make("CookieJarClumsy-v0")).packed, []
    for dtype in (np.int32, np.int64):
        table, returns, lengths = np.zeros((1_615, 10)), np.empty(2_000), np.empty(2_000, np.int64)
        model, rng = packed._replace(outcomes=packed.outcomes.astype(dtype)), np.random.default_rng(0)
        td_loops.learn_on_model(
            table, None, Q_LEARNING, model, rng, 0, (500.0, 1.0, 0.1), 0.0, 0.2, 0.99, (0, -1, 0.0, 0),
            returns, lengths,
        )  # fmt: skip
        found.append(table)
    np.testing.assert_array_equal(*found)
    assert found[0].any()


def test_two_threads_learn_the_same_as_one():
    def learned(agent):
        return agent.learn(200_000, callback_interval=200_000).q_table

    one_by_one = [learned(kind("CookieJarClumsy-v0", seed=1)) for kind in (QLearning, Sarsa)]
    with ThreadPoolExecutor(2) as pool:
        together = pool.map(learned, [kind("CookieJarClumsy-v0", seed=1) for kind in (QLearning, Sarsa)])
    for alone, beside in zip(one_by_one, together, strict=True):
        np.testing.assert_array_equal(alone, beside)


def test_a_call_of_the_loop_lets_other_threads_run():
    assert td_loops.learn_on_model.targetoptions["nogil"]
