import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents import PPO, QLearning
from cookie_jar.envs import State
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.scripts.viewer.overlays import OVERLAYS, cell_states, make_overlay
from cookie_jar.scripts.viewer.probes import AgentProbe

ALL = set(OVERLAYS)


@pytest.fixture
def env():
    env = gym.make("CookieJar-v0")
    env.reset(seed=0)
    return env


def test_each_cell_has_the_state_with_the_child_there(env):
    world, state = env.unwrapped.world, env.unwrapped.get_state()
    numbers = cell_states(world, state)
    assert numbers[state.child] == world.number(state)
    for cell in np.flatnonzero(numbers >= 0):
        assert world.state(numbers[cell]) == state._replace(child=cell, standing=0)
    assert (numbers >= 0).sum() == world.config.kitchen.reachable.sum()


def test_a_child_on_the_chair_stays_there_in_its_own_cell(env):
    world = env.unwrapped.world
    on_chair = next(world.state(n) for n in range(world.num_states) if world.states.standing[n] == 1)
    numbers = cell_states(world, on_chair)
    assert world.state(numbers[on_chair.child]) == on_chair
    others = [cell for cell in np.flatnonzero(numbers >= 0) if cell != on_chair.child]
    assert others
    assert all(world.state(numbers[cell]).standing == 0 for cell in others)


def there(world, state):
    """The cells in which the child can be, and the numbers of the states."""
    cells = cell_states(world, state)
    return np.flatnonzero(cells >= 0), cells[cells >= 0]


def test_a_table_shows_values_and_greedy_actions_of_what_it_knows(env):
    agent = QLearning("CookieJar-v0", seed=0).learn(300)
    world, state = env.unwrapped.world, env.unwrapped.get_state()
    overlay = make_overlay(AgentProbe(agent), env, world, state, [1, 2], ALL)
    cells, numbers = there(world, state)
    rows = agent.q_table[numbers]
    known = rows.any(axis=1)
    ties = (rows == rows.max(axis=1, keepdims=True)).sum(axis=1) > 1
    assert {(bool(k), bool(t)) for k, t in zip(known, ties, strict=True)} >= {(True, True), (True, False)}
    np.testing.assert_array_equal(overlay.values[cells], np.where(known, rows.max(axis=1), np.nan))
    np.testing.assert_array_equal(overlay.acts[cells], np.where(ties, -1, rows.argmax(axis=1)))
    np.testing.assert_array_equal(overlay.unsure[cells], ties)
    others = np.setdiff1d(np.arange(len(overlay.acts)), cells)
    assert np.isnan(overlay.values[others]).all()
    assert (overlay.acts[others] == -1).all()
    assert not overlay.unsure[others].any()
    assert (overlay.arrows, overlay.trail) == (None, [1, 2])


@pytest.mark.parametrize("kind", [QLearning, PPO])
@pytest.mark.parametrize("shown", [ALL, {"arrows"}])
def test_an_agent_that_knows_nothing_shows_question_marks_alone(env, kind, shown):
    world, state = env.unwrapped.world, env.unwrapped.get_state()
    overlay = make_overlay(AgentProbe(kind("CookieJar-v0", seed=0)), env, world, state, [], shown)
    assert overlay.unsure[there(world, state)[0]].all()
    assert overlay.values is None or np.isnan(overlay.values).all()
    assert overlay.arrows is None or np.isnan(overlay.arrows).all()
    assert overlay.acts is None or (overlay.acts == -1).all()


def test_a_policy_gradient_shows_the_probabilities_of_the_directions(env):
    agent = PPO("CookieJar-v0", seed=0, n_envs=4).learn(500)
    world, state = env.unwrapped.world, env.unwrapped.get_state()
    overlay = make_overlay(AgentProbe(agent), env, world, state, [], ALL)
    expected = agent.probabilities(np.array([world.number(state)]))[0, :4]
    np.testing.assert_array_equal(overlay.arrows[state.child], expected)
    assert overlay.acts is None
    assert not overlay.unsure[state.child]


def test_what_is_switched_off_is_not_shown(env):
    agent = QLearning("CookieJar-v0", seed=0)
    world, state = env.unwrapped.world, State(*env.unwrapped.get_state())
    assert make_overlay(AgentProbe(agent), env, world, state, [1], set()) == Overlay()
    assert make_overlay(None, env, world, state, [1], ALL) == Overlay(trail=[1])


def test_an_agent_without_values_of_states_shows_its_probabilities(env):
    class Policy:
        def probabilities(self, observations):
            return np.full((len(observations), 10), 0.1)

        def predict(self, observations, deterministic=True):
            return np.zeros(len(observations), np.int64), None

    world, state = env.unwrapped.world, env.unwrapped.get_state()
    overlay = make_overlay(AgentProbe(Policy()), env, world, state, [], ALL)
    assert overlay.values is None
    assert overlay.arrows[state.child].tolist() == [0.1] * 4
