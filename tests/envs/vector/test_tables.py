"""The packed tables against those of their worlds, for every state, action and outcome."""

import pickle
from copy import deepcopy

import numpy as np
import pytest

from cookie_jar.envs.config import make_config
from cookie_jar.envs.levels import level_kitchen
from cookie_jar.envs.observations import state_features
from cookie_jar.envs.tabular import World
from cookie_jar.envs.vector.tables import EVENT_MASK, PackedTables, outcome_slices


def worlds(numbers=(0, 1, 2), **options):
    return [World(make_config(kitchen=str(level_kitchen(number)), **options)) for number in numbers]


def packed_tables(packed):
    tables = PackedTables(packed[0])
    assert [tables.add(world) for world in packed] == tables.first_row.tolist()
    return tables


@pytest.mark.parametrize("hints", [False, True])
@pytest.mark.parametrize("clumsiness", [0.0, 0.3])
def test_unpacked_outcomes_are_those_of_the_worlds(clumsiness, hints):
    packed = worlds(clumsiness=clumsiness, hints=hints)
    tables = packed_tables(packed)
    assert tables.table.dtype == (np.int64 if hints else np.int32)
    for world, first in zip(packed, tables.first_row, strict=True):
        model = world.tabular_model
        rows = np.arange(first, first + world.num_states)
        outcome = tables.table[rows]
        result = outcome >> tables.row_bits
        np.testing.assert_array_equal(outcome & (1 << tables.row_bits) - 1, first + model.next_state)
        np.testing.assert_array_equal(result & EVENT_MASK, world.event)
        np.testing.assert_array_equal(tables.values[result, 0], model.reward)
        np.testing.assert_array_equal(tables.values[result, 1], world.unshaped_model.reward)
        np.testing.assert_array_equal(tables.action_masks(rows), world.action_mask)
        assert tables.action_masks(rows).dtype == np.int8


def test_rows_know_their_world_and_state():
    packed = worlds()
    tables = packed_tables(packed)
    total = sum(world.num_states for world in packed)
    found, states = tables.locate(np.arange(total))
    assert found.tolist() == [w for w, world in enumerate(packed) for _ in range(world.num_states)]
    assert states.tolist() == [state for world in packed for state in range(world.num_states)]
    features = tables.features(np.arange(total))
    for number, world in enumerate(packed):
        for ours, expected in zip(features, state_features(world, number), strict=True):
            assert ours.dtype == np.int64
            np.testing.assert_array_equal(ours[found == number], expected)


def test_places_on_a_large_map_fit_in():
    [world] = [
        World(
            make_config(kitchen="\n".join(["#" * 40] * 7 + ["#J##" + "#" * 36, "#SC#" + "#" * 36, "#" * 40]))
        )
    ]
    features = packed_tables([world]).features(np.arange(world.num_states))
    for ours, expected in zip(features, state_features(world, 0), strict=True):
        np.testing.assert_array_equal(ours, expected)
    assert features.child.max() > 255


def test_equal_rewards_are_kept_once():
    [world] = worlds([0], hints=True)
    tables = packed_tables([world])
    before = tables.values.shape
    tables.add(world)
    assert tables.values.shape == before


def test_many_worlds_leave_little_memory_unused():
    packed = worlds(range(6)) * 5
    tables = packed_tables(packed)
    rows = sum(world.num_states for world in packed)
    assert tables.nbytes < 1.2 * 50 * rows + 20_000  # ten outcomes of 4 bytes, 10 bytes for the rest


def test_slices_of_outcomes():
    chance = np.array([[1.0, 0.0, 0.0], [0.5, 0.25, 0.25], [0.8, 0.2, 0.0]])
    slices = outcome_slices(chance)
    assert slices.shape == (3, 2)
    for random, expected in ((0.0, [0, 0, 0]), (0.5, [0, 1, 0]), (0.75, [0, 2, 0]), (0.999, [0, 2, 1])):
        assert (random >= slices).sum(axis=1).tolist() == expected


@pytest.mark.parametrize("copied", [deepcopy, lambda tables: pickle.loads(pickle.dumps(tables))])
def test_copies_grow(copied):
    first, *others = worlds()
    tables, rest = packed_tables([first]), [World(world.config) for world in others]
    copy = copied(tables)
    for world in rest:
        assert copy.add(world) == tables.add(world)
    np.testing.assert_array_equal(copy.table, tables.table)
