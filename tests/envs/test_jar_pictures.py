"""Environments whose cookies are only seen as pictures."""

import copy
import json
import pickle
from itertools import permutations

import gymnasium as gym
import numpy as np
import pytest
from boards import acts

from cookie_jar.envs import (
    Action,
    ActionError,
    CookieJarEnv,
    CookieJarVectorEnv,
    OptionError,
    State,
    StateError,
    UnknownAttributeError,
)
from cookie_jar.envs.cookies.pictures import TEST_PICTURES, TRAIN_PICTURES, draw_pictures
from cookie_jar.envs.cookies.strip import filled_places, place_pictures
from cookie_jar.envs.dynamics import ARRANGEMENTS, CLOSED

CORNER, JAR = "CookieJarPicturesCorner-v0", "CookieJarPicturesJar-v0"
TO_THE_JAR = acts("rclc^!")


def open_jar(env, seed=0):
    """Reset an environment and open the jar; return the observation."""
    env.reset(seed=seed)
    for action in TO_THE_JAR:
        obs = env.step(action)[0]
    return obs


def cookies(env):
    """The kinds of the cookies at left, middle and right."""
    return ARRANGEMENTS[env.unwrapped.get_state().arrangement]


@pytest.mark.parametrize("seed", range(4))
def test_the_open_jar_shows_the_numbered_pictures_to_the_byte(seed):
    env = gym.make(CORNER)
    obs = open_jar(env, seed)
    numbers = env.unwrapped.picture_numbers
    assert all(TRAIN_PICTURES[0] <= number <= TRAIN_PICTURES[1] for number in numbers)
    drawn = draw_pictures(numbers, cookies(env)).pictures
    np.testing.assert_array_equal(place_pictures(obs["jar"]), drawn)
    for shown, picture in zip(env.unwrapped.jar_pictures, drawn, strict=True):
        np.testing.assert_array_equal(shown, picture)


def test_a_closed_jar_is_black_and_an_eaten_cookie_leaves_glass():
    env = gym.make(CORNER)
    obs, _ = env.reset(seed=0)
    assert not obs["jar"].any()
    assert env.unwrapped.jar_pictures is None
    before = open_jar(env)["jar"]
    worst = int(np.flatnonzero(cookies(env) == 0)[0])
    obs, reward, *_ = env.step(Action.PICK_LEFT + worst)
    assert reward == -0.5
    others = [place for place in range(3) if place != worst]
    assert filled_places(obs["jar"]).tolist() == [place in others for place in range(3)]
    np.testing.assert_array_equal(place_pictures(obs["jar"])[others], place_pictures(before)[others])
    assert [picture is None for picture in env.unwrapped.jar_pictures] == [
        place == worst for place in range(3)
    ]
    assert obs["factors"].tolist()[-1] == 7 - (1 << worst)


def test_the_factors_do_not_tell_the_arrangement():
    env = gym.make(CORNER)
    seen = {(tuple(open_jar(env, seed)["factors"].tolist()), tuple(cookies(env))) for seed in range(40)}
    assert len({factors for factors, _ in seen}) == 1
    assert len({order for _, order in seen}) == 6


def test_each_episode_has_other_pictures_and_the_same_seed_the_same():
    env = gym.make(CORNER).unwrapped
    numbers = [env.reset(seed=seed) and env.picture_numbers for seed in (1, 1, None, None)]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3


def test_train_and_test_pictures_are_disjoint():
    env = gym.make(CORNER).unwrapped
    assert (env.pictures, env.test_pictures) == (TRAIN_PICTURES, TEST_PICTURES)
    assert TRAIN_PICTURES[1] < TEST_PICTURES[0]
    test = gym.make(CORNER, pictures=env.test_pictures).unwrapped
    test.reset(seed=0)
    assert all(TEST_PICTURES[0] <= number <= TEST_PICTURES[1] for number in test.picture_numbers)
    assert test.test_pictures is None
    plain = gym.make("CookieJarCorner-v0").unwrapped
    assert (plain.pictures, plain.test_pictures, plain.picture_numbers, plain.jar_pictures) == (None,) * 4


def test_every_number_of_a_range_is_drawn():
    # A given number is missing in 200 draws of 4 with probability 0.75 ** 200 < 1e-24.
    env = gym.make(JAR, pictures=(7, 10)).unwrapped
    env.reset(seed=0)
    assert {n for _ in range(67) for n in (env.reset() and env.picture_numbers)} == {7, 8, 9, 10}


@pytest.mark.parametrize("make_copy", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_a_copy_shows_the_same_pictures_and_goes_on(make_copy):
    env = gym.make(CORNER).unwrapped
    obs = open_jar(env, 3)
    again = make_copy(env)
    assert again.picture_numbers == env.picture_numbers
    for picture, other in zip(env.jar_pictures, again.jar_pictures, strict=True):
        np.testing.assert_array_equal(picture, other)
    np.testing.assert_array_equal(env.step(Action.UP)[0]["jar"], again.step(Action.UP)[0]["jar"])
    env.reset(), again.reset()
    assert again.picture_numbers == env.picture_numbers
    np.testing.assert_array_equal(
        make_copy(gym.make(CORNER).unwrapped).reset(seed=3)[0]["jar"], 0 * obs["jar"]
    )


def test_the_state_and_the_pictures_restore_an_episode():
    env, other = (gym.make(CORNER).unwrapped for _ in range(2))
    obs = open_jar(env, 5)
    saved = json.loads(json.dumps([env.get_state(), env.picture_numbers]))
    options = {"state": State(*saved[0]), "pictures": saved[1]}
    np.testing.assert_array_equal(other.reset(seed=1, options=options)[0]["jar"], obs["jar"])
    env.reset()
    env.set_state(State(*saved[0]), saved[1])
    np.testing.assert_array_equal(env.step(Action.UP)[0]["jar"], obs["jar"])
    env.set_state(env.get_state()._replace(arrangement=(saved[0][4] + 1) % 6))
    assert env.picture_numbers == tuple(saved[1])
    np.testing.assert_array_equal(env.jar_pictures, draw_pictures(saved[1], cookies(env)).pictures)


@pytest.mark.parametrize(
    "numbers", [3, [1, 2], [1, 2, -1], [1, 2, 1 << 32], [0.5, 1, 2], "abc", [[1], [2, 3]]]
)
def test_impossible_picture_numbers_change_nothing(numbers):
    env, vector = gym.make(CORNER).unwrapped, gym.make_vec(CORNER, 2)
    before = open_jar(env)
    vector.reset(seed=0)
    saved = vector.get_state()
    uses = (
        lambda: env.set_state(0, numbers),
        lambda: env.reset(seed=9, options={"pictures": numbers}),
        lambda: vector.reset(seed=9, options={"pictures": numbers}),
    )
    for use in uses:
        with pytest.raises(OptionError, match="pictures: expected three numbers"):
            use()
    assert vector.get_state() == saved
    np.testing.assert_array_equal(env.step(Action.UP)[0]["jar"], before["jar"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pictures": (3, 2)}, "first <= last < 4294967296, got"),
        ({"pictures": (0, 1 << 32)}, "first <= last"),
        ({"pictures": (True, 3)}, "first <= last"),
        ({"pictures": "all"}, "first <= last"),
        ({"pictures": (0, 9), "observation": "grid"}, "expected none with observation='grid'"),
        ({"jar_alone": 1}, "jar_alone: expected True or False"),
        ({"jar_alone": True, "random_start": True}, "jar_alone: expected no random_start"),
    ],
)
@pytest.mark.parametrize("kind", [CookieJarEnv, CookieJarVectorEnv])
def test_bad_options(kind, options, message):
    with pytest.raises(OptionError, match=message):
        kind(**{"observation": "pictures"} | options)


def test_a_restored_state_without_pictures_is_refused_where_there_are_none():
    env = gym.make("CookieJarCorner-v0").unwrapped
    env.reset()
    with pytest.raises(OptionError, match="observation has no pictures"):
        env.set_state(0, [1, 2, 3])


@pytest.mark.parametrize("name", ["tabular_model", "unshaped_model", "state_observations", "P"])
def test_pictures_have_no_table(name):
    for env in (gym.make(CORNER), gym.make(JAR)):
        with pytest.raises(UnknownAttributeError, match="pictures do not tell the state"):
            getattr(env.unwrapped, name)


def test_observing_other_states_with_the_pictures_of_the_episode():
    env = gym.make(CORNER).unwrapped
    obs = open_jar(env, 2)
    number = env.world.number(env.get_state())
    observed = env.observe(np.arange(env.world.num_states))
    np.testing.assert_array_equal(observed["jar"][number], obs["jar"])
    np.testing.assert_array_equal(observed["factors"][number], obs["factors"])
    closed = env.world.states.jar == CLOSED
    assert not observed["jar"][closed].any()
    assert observed["jar"][~closed].any(axis=(1, 2, 3)).all()


def test_a_saved_vector_environment_goes_on_with_its_pictures():
    vector, other = (gym.make_vec(CORNER, 6, max_episode_steps=9) for _ in range(2))
    vector.reset(seed=0)
    for action in TO_THE_JAR:
        obs = vector.step(np.full(6, action))[0]
    state = json.loads(json.dumps(vector.get_state()))
    np.testing.assert_array_equal(other.set_state(state)["jar"], obs["jar"])
    for action in (8, 7, 9, 0, 1, *TO_THE_JAR):
        mine, its = vector.step(np.full(6, action)), other.step(np.full(6, action))
        np.testing.assert_array_equal(mine[0]["jar"], its[0]["jar"])
    assert vector.call("picture_numbers") == other.call("picture_numbers")
    for pictures in ([[1, 2, 3]] * 5, [1, 2, 3], None, [["a"] * 3] * 6):
        with pytest.raises(StateError, match="pictures: expected"):
            vector.set_state(state | {"pictures": pictures})
    with pytest.raises(StateError, match="keys"):
        vector.set_state({name: value for name, value in state.items() if name != "pictures"})


def test_a_vector_environment_resets_with_given_pictures():
    vector = gym.make_vec(JAR, 3)
    obs, _ = vector.reset(seed=0, options={"pictures": [5, 6, 7]})
    assert vector.call("picture_numbers") == ((5, 6, 7),) * 3
    each = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    obs, _ = vector.reset(seed=0, options={"pictures": each})
    for strip, numbers, shown in zip(obs, each, vector.call("jar_pictures"), strict=True):
        np.testing.assert_array_equal(place_pictures(strip), shown)
        single = gym.make(JAR).unwrapped
        single.reset(seed=0, options={"pictures": numbers})
        assert single.picture_numbers == tuple(numbers)


class TestTheJarAlone:
    def test_the_child_stands_beside_the_open_jar_and_can_only_pick(self):
        env = gym.make(JAR)
        obs, info = env.reset(seed=0)
        state = env.unwrapped.get_state()
        assert (state.standing, state.jar, state.child) == (1, 7, state.chair)
        assert env.observation_space.contains(obs)
        assert filled_places(obs).all()
        assert env.action_space.n == 3
        assert info["action_mask"].tolist() == [1, 1, 1]
        assert env.unwrapped.world.actions == (Action.PICK_LEFT, Action.PICK_MIDDLE, Action.PICK_RIGHT)
        assert sorted(env.unwrapped.get_keys_to_action().values()) == [0, 1, 2]

    def test_an_episode_has_20_picks(self):
        env = gym.make(JAR)
        env.reset(seed=0)
        worst = int(np.flatnonzero(cookies(env) == 2)[0])
        assert [env.step(worst)[3] for _ in range(20)] == [False] * 19 + [True]

    def test_an_empty_place_costs_an_act(self):
        env = gym.make(JAR)
        env.reset(seed=0)
        worst = int(np.flatnonzero(cookies(env) == 2)[0])
        assert [env.step(worst)[1] for _ in range(3)] == [-0.5, -0.01, -0.01]

    def test_other_actions_are_refused(self):
        env, vector = gym.make(JAR), gym.make_vec(JAR, 2)
        env.reset(), vector.reset()
        with pytest.raises(ActionError, match="among 0 pick left, 1 pick middle, 2 pick right; got 3"):
            env.step(3)
        with pytest.raises(ActionError, match="each below 3; got 3 at place 1"):
            vector.step(np.array([0, 3]))

    def test_best_and_blind_are_exact(self):
        env = gym.make(JAR, observation="state").unwrapped
        happiness = {order: [] for order in permutations(range(3))}
        for order, found in happiness.items():
            for start in range(6):
                env.reset(options={"state": start})
                total, terminated = 0.0, False
                for place in order:
                    if not terminated:
                        _, reward, terminated, _, _ = env.step(place)
                        total += reward
                found.append(total)
        for found in happiness.values():  # a blind child picks in the same order, whatever lies where
            assert np.mean(found) == pytest.approx(0.5)
        assert np.max(list(happiness.values()), axis=0).tolist() == [1.0] * 6

    def test_every_kitchen_and_clumsiness(self):
        for options in ({}, {"clumsiness": 0.3, "kitchen": "house"}, {"levels": (0, 5)}, {"likes": "plain"}):
            env = CookieJarEnv(jar_alone=True, shuffle_cookies=True, observation="pictures", **options)
            env.reset(seed=1)
            rewards = [env.step(place)[1] for place in np.argsort(cookies(env) != env.world.config.likes)[:1]]
            assert rewards == [1.0]
