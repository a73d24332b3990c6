"""The tables against the dynamics, for every state and action."""

import copy
import hashlib
import pickle
import tracemalloc
from collections import deque
from functools import cache

import numpy as np
import pytest
from boards import kitchens
from hypothesis import given, settings

from cookie_jar.agents import optimum
from cookie_jar.envs import Action, Event, State, StateError, transition
from cookie_jar.envs.ansi import draw_text, parse_text
from cookie_jar.envs.config import make_config
from cookie_jar.envs.dynamics import slips
from cookie_jar.envs.levels import level_kitchen
from cookie_jar.envs.shaping import fewest_steps
from cookie_jar.envs.tabular import World, compile_world, start_states

OPTIONS = [
    {},
    {"kitchen": "corner"},
    {"clumsiness": 0.2},
    {"kitchen": "corner", "shuffle_cookies": True, "likes": "plain"},
    {"random_start": True, "hints": True},
    {"kitchen": "corner", "clumsiness": 0.3, "hints": True, "happiness": {"act": -0.03, "cookie_liked": 2.0}},
    {"kitchen": "##J######\n#...#...#\n#S.C#.T.#\n#########"},  # half of the cells cannot be reached
]


def results(config, state):
    """Return the next state and the event of each action."""
    return results_in(config.kitchen, config.likes, state)


@cache
def results_in(kitchen, likes, state):
    after, events = transition(kitchen, likes, state, np.array(Action))
    return [
        (State(*parts), Event(event))
        for *parts, event in zip(*(part.tolist() for part in (*after, events)), strict=True)
    ]


def states_one_by_one(config):
    """Search breadth-first with a queue, one state and one action at a time."""
    starts, _ = start_states(config)
    queue = deque(State(*map(int, parts)) for parts in zip(*starts, strict=True))
    found = dict.fromkeys(queue)
    meant, _ = slips(config.clumsiness)
    while queue:
        state = queue.popleft()
        reached = results(config, state)
        for action in meant.ravel():
            after, event = reached[action]
            if event != Event.YUM and after not in found:
                found[after] = None
                queue.append(after)
    return list(found)


@pytest.mark.parametrize("options", OPTIONS)
def test_state_numbers_are_breadth_first(options):
    config = make_config(**options)
    world = World(config)
    assert [world.state(number) for number in range(world.num_states)] == states_one_by_one(config)


@pytest.mark.parametrize("options", OPTIONS)
def test_the_tables_are_the_dynamics_for_every_state_and_action(options):
    config = make_config(**options)
    world = World(config)
    model = world.unshaped_model
    meant, probability = slips(config.clumsiness)
    happiness = config.happiness.of_events()
    tables = world.event, model.reward, model.probability, model.terminated, model.next_state
    events, rewards, probabilities, ends, following = (table.tolist() for table in tables)
    chances = probability.tolist()
    for number in range(world.num_states):
        reached = results(config, world.state(number))
        for action in Action:
            for k, done in enumerate(meant[action]):
                after, event = reached[done]
                assert events[number][action][k] == event
                assert rewards[number][action][k] == happiness[event]
                assert probabilities[number][action][k] == chances[action][k]
                assert ends[number][action][k] == (event == Event.YUM)
                expected = number if event == Event.YUM else world.number(after)
                assert following[number][action][k] == expected
                assert world.after(number, action, k) == after


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "b17057d29f3dd36f"),
        ({"kitchen": "house"}, "90017fba9a5ec44d"),
        ({"kitchen": "corner", "shuffle_cookies": True, "likes": "plain"}, "535bf874cb57c80d"),
        ({"kitchen": "corner", "clumsiness": 0.3, "random_start": True}, "31731c7c4a9d2f7e"),
        ({"kitchen": "corner", "jar_alone": True}, "b50174705f774453"),
        ({"kitchen": str(level_kitchen(3))}, "8c152b7d371d86eb"),
    ],
    ids=str,
)
def test_tables_never_change(options, expected):
    # Files of agents count on the numbers of states: if they change, the version in the ids must change.
    world, digest = World(make_config(**options)), hashlib.sha256()
    model = world.unshaped_model
    for table in (*world.states, world.event, world.action_mask, model.next_state, model.terminated):
        digest.update(table.astype(table.dtype.newbyteorder("<")).tobytes())
    assert digest.hexdigest()[:16] == expected


@pytest.mark.parametrize("options", [{"shuffle_cookies": True}, {"kitchen": "house"}], ids=str)
def test_compiling_needs_little_more_memory_than_the_tables(options):
    config = make_config(random_start=True, **options)
    tracemalloc.start()
    try:
        world = World(config)
        tables = [*world.tabular_model, *world.states, world.event, world.packed]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1.2 * sum(table.nbytes for table in tables)


def test_a_copy_of_a_world_is_compiled_from_its_options():
    world = World(make_config(kitchen="corner"))
    world.shared("key", list).append("mine")
    for other in (copy.deepcopy(world), pickle.loads(pickle.dumps(world))):
        assert other.config == world.config
        assert other.shared("key", list) == []
        np.testing.assert_array_equal(other.packed, world.packed)


def test_the_state_after_an_end_has_one_cookie_less():
    world = World(make_config(kitchen="corner"))
    kitchen = world.config.kitchen
    before = parse_text(kitchen, "#O##\n#^.#\n####\njar: raisin, chocolate chip, plain")
    after = world.after(before, Action.PICK_MIDDLE)
    assert draw_text(kitchen, after) == "#O##\n#^.#\n####\njar: raisin, (chocolate chip), plain"
    assert all(type(part) is int for part in after)
    assert world.after(world.number(before), Action.PICK_MIDDLE) == after
    assert world.after(before, Action.CLIMB).standing == 0


@pytest.mark.parametrize("options", OPTIONS)
def test_the_mask_says_which_actions_change_something(options):
    config = make_config(**options)
    world = World(config)
    meant, probability = slips(config.clumsiness)
    for number in range(world.num_states):
        state = world.state(number)
        reached = results(config, state)
        for action in Action:
            possible = meant[action][probability[action] > 0]
            changes = any(reached[done][0] != state for done in possible)
            assert world.action_mask[number, action] == changes


def test_the_figures_of_the_two_kitchens():
    for name, states, actions, happiness in (("home", 1615, 15, 1.37), ("corner", 40, 7, 1.45)):
        world = World(make_config(kitchen=name))
        best = optimum(world.tabular_model, 200)
        assert world.num_states == states
        assert best.length == pytest.approx(actions, abs=1e-12)
        assert best.mean_return == pytest.approx(happiness, abs=1e-12)
        assert fewest_steps(world.tabular_model)[0] == actions


@settings(max_examples=100)
@given(kitchens())
def test_every_state_of_every_kitchen_can_still_be_solved(kitchen):
    world = World(make_config(kitchen=str(kitchen)))
    cells = int(kitchen.reachable.sum())
    assert world.num_states == 5 * (cells * cells + 2 * cells)
    assert np.isfinite(fewest_steps(world.tabular_model)).all()


def test_tables_are_frozen_and_shared():
    world = compile_world(make_config())
    assert compile_world(make_config()) is world
    arrays = [*world.tabular_model, *world.states, world.event, world.action_mask]
    assert not any(array.flags.writeable for array in arrays)
    assert [a.dtype for a in world.tabular_model] == [np.int64, np.float64, np.float64, np.bool_, np.float64]


def test_start_distributions():
    world = World(make_config(kitchen="corner", random_start=True, shuffle_cookies=True))
    start = world.tabular_model.start
    assert start.sum() == pytest.approx(1)
    assert (start[:24] == 1 / 24).all()
    assert (start[24:] == 0).all()
    assert len({world.state(number) for number in range(24)}) == 24
    assert not world.states.standing[:24].any()


@pytest.mark.parametrize(
    "state",
    [State(9, 0, 0, 8, 0), State(0, 0, 0, 9, 0), State(0, 1, 1, 8, 0), State(0, 0, 0, 8, 1), (1, 2), "home"],
)
def test_a_state_that_the_kitchen_does_not_have(state):
    with pytest.raises(StateError, match="expected a State of this kitchen or a number below 40"):
        World(make_config(kitchen="corner")).number(state)
