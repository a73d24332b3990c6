import numpy as np
import pytest

from cookie_jar.envs import CookieJarEnv, StateError
from cookie_jar.envs.config import checked_config
from cookie_jar.envs.levels import level_kitchen
from cookie_jar.envs.observations import FactorsObservation
from cookie_jar.envs.tabular import World
from cookie_jar.envs.vector.resets import InitialStates
from cookie_jar.envs.vector.rng import VectorRng
from cookie_jar.envs.vector.tables import PackedTables


def make(levels=None, **options):
    config = checked_config(options, levels)
    tables = PackedTables(World(config))
    return InitialStates(config, levels, tables, FactorsObservation(config.kitchen, 6)), tables


def seeded(number):
    rng = VectorRng(number)
    rng.seed(np.arange(number), range(number))
    return rng


def test_a_fixed_start_needs_no_random_numbers():
    initial, _ = make(kitchen="corner")
    assert not initial.random
    assert initial.draw(np.arange(4), None).tolist() == [0] * 4


@pytest.mark.parametrize("options", [{"random_start": True}, {"shuffle_cookies": True}])
def test_random_starts_are_those_of_single_environments(options):
    initial, _ = make(kitchen="corner", **options)
    assert initial.random
    rng = seeded(20)
    drawn = np.array([initial.draw(np.arange(20), rng) for _ in range(3)])
    for i in range(20):
        env = CookieJarEnv(kitchen="corner", **options)
        assert drawn[:, i].tolist() == [env.reset(seed=seed)[0] for seed in (i, None, None)]


@pytest.mark.parametrize("options", [{}, {"random_start": True, "shuffle_cookies": True}])
def test_levels_are_those_of_single_environments(options):
    levels = (3, 6)
    initial, tables = make(levels, **options)
    rng = seeded(12)
    for _ in range(2):
        rows = initial.draw(np.arange(12), rng)
    found, states = initial.locate(rows)
    worlds, _ = tables.locate(rows)
    for i in range(12):
        env = CookieJarEnv(levels=levels, observation="factors", **options)
        env.reset(seed=i), env.reset()
        kitchen = env.world.config.kitchen
        assert initial.kitchens[worlds[i]] == kitchen == level_kitchen(found[i])
        assert env.world.state(states[i]) == env.get_state()


def test_rows_of_places_are_the_inverse_of_places_of_rows():
    for initial, _ in (make(kitchen="corner"), make((3, 6))):
        rows = initial.draw(np.arange(12), seeded(12)) + np.arange(12)
        assert initial.rows(*initial.locate(rows)).tolist() == rows.tolist()


def test_rows_of_a_level_that_was_never_drawn():
    initial, _ = make((3, 6))
    assert initial.rows([5, 4, 5], [0, 2, 1]).tolist()[::2] == [0, 1]
    assert initial.kitchens == [level_kitchen(5), level_kitchen(4)]


@pytest.mark.parametrize(
    ("levels", "states", "message"),
    [
        ([7], [0], "levels: expected integers from 3 to 6"),
        ([3], [-1], "states: .*from 0"),
        ([3], [10**6], "a state below"),
    ],
)
def test_impossible_places_are_refused(levels, states, message):
    with pytest.raises(StateError, match=message):
        make((3, 6))[0].rows(levels, states)
    with pytest.raises(StateError, match="a state below 40, got 40"):
        make(kitchen="corner")[0].rows(None, [40])
    with pytest.raises(StateError, match="one of the levels None"):
        make(kitchen="corner")[0].rows([3], [0])
