"""The packed tables against those of their worlds, for every state, action and outcome."""

import numpy as np
import pytest

from cookie_jar.envs.config import make_config
from cookie_jar.envs.levels import level_kitchen
from cookie_jar.envs.observations import state_features
from cookie_jar.envs.tabular import World
from cookie_jar.envs.vector.tables import (
    ACTION_BITS,
    EVENT_MASK,
    ROW_BITS,
    ROW_MASK,
    PackedTables,
    outcome_slices,
)


def worlds(clumsiness, numbers=(0, 1, 2)):
    return [
        World(make_config(kitchen=str(level_kitchen(number)), clumsiness=clumsiness, hints=True))
        for number in numbers
    ]


@pytest.mark.parametrize("clumsiness", [0.0, 0.3])
def test_unpacked_outcomes_are_those_of_the_worlds(clumsiness):
    packed = worlds(clumsiness)
    tables = PackedTables(packed[0].event.shape[2])
    assert [tables.add(world) for world in packed] == tables.first_row
    for world, first in zip(packed, tables.first_row, strict=True):
        model = world.tabular_model
        state, action, k = np.indices(model.next_state.shape)
        index = ((first + state) << ACTION_BITS | action) << tables.outcome_bits | k
        outcome = tables.table[index]
        result = outcome >> ROW_BITS
        np.testing.assert_array_equal(outcome & ROW_MASK, first + model.next_state)
        np.testing.assert_array_equal(result & EVENT_MASK, world.event)
        np.testing.assert_array_equal(tables.rewards.reward[result], model.reward)
        np.testing.assert_array_equal(tables.rewards.happiness[result], world.unshaped_model.reward)
        rows = slice(first, first + world.num_states)
        np.testing.assert_array_equal(tables.action_mask[rows], world.action_mask)


def test_rows_know_their_world_and_state():
    packed = worlds(0.0)
    tables = PackedTables(1)
    for world in packed:
        tables.add(world)
    total = sum(world.num_states for world in packed)
    found, states = tables.locate(np.arange(total))
    assert found.tolist() == [w for w, world in enumerate(packed) for _ in range(world.num_states)]
    assert states.tolist() == [state for world in packed for state in range(world.num_states)]
    for number, world in enumerate(packed):
        for ours, expected in zip(tables.features, state_features(world, number), strict=True):
            np.testing.assert_array_equal(ours[:total][found == number], expected)


def test_equal_rewards_are_kept_once():
    [world] = worlds(0.0, [0])
    tables = PackedTables(1)
    tables.add(world)
    before = len(tables.rewards.reward)
    tables.add(world)
    assert len(tables.rewards.reward) == before


def test_slices_of_outcomes():
    chance = np.array([[1.0, 0.0, 0.0], [0.5, 0.25, 0.25], [0.8, 0.2, 0.0]])
    slices = outcome_slices(chance)
    assert slices.shape == (3, 2)
    for random, expected in ((0.0, [0, 0, 0]), (0.5, [0, 1, 0]), (0.75, [0, 2, 0]), (0.999, [0, 2, 1])):
        assert (random >= slices).sum(axis=1).tolist() == expected
