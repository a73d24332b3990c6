"""The cached results of `step`: the tables again, new objects at each call, and the checks of actions."""

import numpy as np
import pytest

from cookie_jar.envs import Action, ActionError, CookieJarEnv, Event, ResetNeededError
from cookie_jar.envs.config import make_config
from cookie_jar.envs.outcomes import check_action, mask_copier
from cookie_jar.envs.step_cache import (
    EpisodeOver,
    MovingRow,
    Outcome,
    StepCache,
    Stochastic,
    shared_outcomes,
    shared_step_cache,
)
from cookie_jar.envs.tabular import World, compile_world

CORNER = World(make_config(kitchen="corner", clumsiness=0.2, hints=True))
FIXED = World(make_config(kitchen="corner", hints=True))


def outcomes(world, state, action):
    result = StepCache(world)[state][action]
    if isinstance(result, Stochastic):
        return [Outcome(*parts) for parts in result.outcomes]
    return [Outcome(*result)]


@pytest.mark.parametrize("world", [CORNER, FIXED], ids=["clumsy", "deterministic"])
def test_rows_hold_the_tables_for_every_state_and_action(world):
    cache = StepCache(world)
    model = world.tabular_model
    for state in range(world.num_states):
        for action in Action:
            found = cache[state][action]
            several = found.outcomes if isinstance(found, Stochastic) else [found]
            assert len(several) == world.event.shape[2]
            for k, outcome in enumerate(map(Outcome._make, several)):
                place = state, action, k
                assert outcome.state == outcome.row.state == model.next_state[place]
                assert outcome.reward == model.reward[place]
                assert outcome.terminated == model.terminated[place]
                assert isinstance(outcome.row, EpisodeOver) == outcome.terminated
                info = outcome.new_info()
                assert info["happiness"] == world.unshaped_model.reward[place]
                assert info["event"] == Event(world.event[place]).label
                assert info["is_success"] is outcome.terminated
                np.testing.assert_array_equal(outcome.new_mask(), world.action_mask[outcome.state])


@pytest.mark.parametrize("options", [{}, {"hints": True}, {"hints": True, "clumsiness": 0.2}], ids=str)
def test_a_moving_row_does_what_kept_rows_do(options):
    world = World(make_config(kitchen="corner", shuffle_cookies=True, **options))
    cache, rng = StepCache(world), np.random.default_rng(0)
    for state in range(world.num_states):
        for action in Action:
            moving, random = MovingRow(shared_outcomes(world), state), rng.random()
            found = [row[action] for row in (cache[state], moving)]
            if "clumsiness" in options:
                found = [several.draw(random) for several in found]
            kept, moved = map(Outcome._make, found)
            assert moved[1:4] == kept[1:4]
            assert (moved.new_info(), moved.new_mask().tolist()) == (
                kept.new_info(),
                kept.new_mask().tolist(),
            )
            if kept.terminated:
                assert isinstance(moved.row, EpisodeOver)
                assert moved.row.state == kept.row.state == state
            else:
                assert moved.row is moving
                assert moving.state == kept.state


def test_a_moving_row_refuses_what_is_no_action():
    row = MovingRow(shared_outcomes(FIXED), 3)
    for bad in (-1, 10, 2.5, "up", None, [1]):
        with pytest.raises(ActionError, match="expected an action among"):
            row[bad]
    assert row.state == 3


def test_infos_and_masks_are_new_at_each_call():
    [outcome] = outcomes(FIXED, 0, Action.RIGHT)
    first, second = outcome.new_info(), outcome.new_info()
    assert first == second
    assert first is not second
    masks = [outcome.new_mask() for _ in range(3)]
    masks[0][:] = 7
    np.testing.assert_array_equal(masks[1], FIXED.action_mask[outcome.state])
    assert not np.shares_memory(masks[1], masks[2])


def test_copies_of_a_mask_outlast_a_block():
    mask = np.array([1, 0, 1], np.int8)
    new = mask_copier(mask)
    copies = [new() for _ in range(600)]
    assert np.array(copies).tolist() == [[1, 0, 1]] * 600
    assert len({copy.__array_interface__["data"][0] for copy in copies}) == 600


def test_a_random_number_chooses_by_the_upper_ends():
    chances = Stochastic([0.25, 0.75, 1.0], [("a",), ("b",), ("c",)])
    drawn = [chances.draw(random)[0] for random in (0.0, 0.2499, 0.25, 0.7499, 0.75, 0.9999)]
    assert "".join(drawn) == "aabbcc"


def test_no_step_after_an_end():
    over = EpisodeOver("call reset()", 3)
    assert over.state == 3
    with pytest.raises(ResetNeededError, match="call reset"):
        over[Action.UP]


def test_environments_of_one_world_share_a_cache():
    world = compile_world(make_config(kitchen="corner"))
    assert shared_step_cache(world) is shared_step_cache(compile_world(make_config(kitchen="corner")))


@pytest.mark.parametrize("action", [np.int64(3), np.array(3, np.int32), 3, Action.RIGHT, np.uint8(3), 3.0])
def test_numbers_that_equal_an_action(action):
    number = check_action(action)
    assert number == 3
    assert type(number) is int


@pytest.mark.parametrize("action", [-1, 10, 2.5, "up", None, np.array([3]), [1], np.array(-1), np.nan])
def test_anything_else_is_refused(action):
    with pytest.raises(ActionError, match=r"expected an action among 0 up, 1 down, .*; got"):
        check_action(action)


def test_legality_does_not_depend_on_history():
    env = CookieJarEnv()
    env.reset()
    for _ in range(2):
        for same in (True, 1.0, np.float32(1), np.array(1)):
            assert env.step(same)[4]["event"] == "bump"
        for bad in (1.5, np.array([1]), "1"):
            with pytest.raises(ActionError):
                env.step(bad)
