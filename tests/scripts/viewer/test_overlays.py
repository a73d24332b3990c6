import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents import PPO, QLearning
from cookie_jar.envs import State
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


def test_a_table_shows_values_and_greedy_actions(env):
    agent = QLearning("CookieJar-v0", seed=0).learn(5_000)
    world, state = env.unwrapped.world, env.unwrapped.get_state()
    overlay = make_overlay(AgentProbe(agent), env, world, state, [1, 2], ALL)
    cells = cell_states(world, state)
    known = cells >= 0
    np.testing.assert_array_equal(overlay.values[known], agent.q_table[cells[known]].max(axis=1))
    np.testing.assert_array_equal(overlay.acts[known], agent.q_table[cells[known]].argmax(axis=1))
    assert np.isnan(overlay.values[~known]).all()
    assert (overlay.acts[~known] == -1).all()
    assert (overlay.arrows, overlay.trail) == (None, [1, 2])


def test_a_policy_gradient_shows_the_probabilities_of_the_directions(env):
    agent = PPO("CookieJar-v0", seed=0).learn(100)
    world, state = env.unwrapped.world, env.unwrapped.get_state()
    overlay = make_overlay(AgentProbe(agent), env, world, state, [], ALL)
    expected = agent.probabilities(np.array([world.number(state)]))[0, :4]
    np.testing.assert_array_equal(overlay.arrows[state.child], expected)
    assert overlay.acts is None


def test_what_is_switched_off_or_unknown_is_not_shown(env):
    agent = QLearning("CookieJar-v0", seed=0)
    world, state = env.unwrapped.world, State(*env.unwrapped.get_state())
    assert make_overlay(AgentProbe(agent), env, world, state, [1], set()) == (None, None, None, None)
    assert make_overlay(None, env, world, state, [1], ALL) == (None, None, None, [1])
