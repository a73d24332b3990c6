"""`call`, `get_attr`, `set_attr` and lists of pictures against Gymnasium's SyncVectorEnv."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from cookie_jar.envs import CookieJarVectorEnv, OptionError, ResetNeededError, UnknownAttributeError
from cookie_jar.envs.described import Described
from cookie_jar.envs.vector.members import READABLE

LEVELS = {"levels": (3, 9), "observation": "factors", "clumsiness": 0.2}
NAMES = (
    "action_space",
    "observation_space",
    "levels",
    "validation_levels",
    "test_levels",
    "get_state",
    "action_masks",
    "metadata",
)


def both(n=3, mode=AutoresetMode.NEXT_STEP, **options):
    vector = gym.make_vec("CookieJar-v0", n, autoreset_mode=mode, **options)
    single = SyncVectorEnv([lambda: gym.make("CookieJar-v0", **options)] * n, autoreset_mode=mode)
    return vector, single


@pytest.mark.parametrize("options", [{"kitchen": "corner", "random_start": True}, LEVELS])
def test_attributes_are_those_of_sub_environments(options):
    vector, single = both(**options)
    vector.reset(seed=1), single.reset(seed=1)
    rng = np.random.default_rng(0)
    for _ in range(20):
        actions = rng.integers(7, size=3)
        vector.step(actions), single.step(actions)
        for name in NAMES:
            for ours, theirs in zip(vector.call(name), single.call(name), strict=True):
                np.testing.assert_equal(ours, theirs)
        assert [world.config for world in vector.get_attr("world")] == [
            world.config for world in single.get_attr("world")
        ]
    assert np.array_equal(vector.call("observe", [0]), single.call("observe", [0]))


def test_all_that_an_environment_tells_about_itself_can_be_read():
    public = {name for name in vars(Described) if not name.startswith("_")}
    assert public <= {*READABLE}
    vector, single = both(kitchen="corner")
    assert np.array_equal(*(envs.call("observation_masks", np.arange(40)) for envs in (vector, single)))


def test_the_exact_model_of_each():
    vector, single = both(kitchen="corner")
    models = zip(vector.get_attr("tabular_model"), single.get_attr("tabular_model"), strict=True)
    assert all(ours is theirs for ours, theirs in models)
    with pytest.raises(AttributeError, match="several levels"):
        both(**LEVELS)[0].get_attr("tabular_model")


def test_the_spec_is_that_of_the_vector_environment():
    envs = gym.make_vec("CookieJarCorner-v0", num_envs=2, hints=True)
    assert envs.get_attr("spec") == (envs.spec, envs.spec)
    assert envs.spec.kwargs["hints"]


def test_added_attributes():
    vector, single = both()
    for envs in (vector, single):
        envs.set_attr("task", [4, 5, 6])
        envs.set_attr("name", "child")
        envs.set_attr("double", lambda number: 2 * number)
    for name in ("task", "name"):
        assert vector.get_attr(name) == single.get_attr(name)
    assert vector.call("double", 4) == single.call("double", 4) == (8, 8, 8)
    with pytest.raises(OptionError, match="expected 3 values, got 2"):
        vector.set_attr("task", [1, 2])
    assert vector.get_attr("task") == (4, 5, 6)


@pytest.mark.parametrize(
    "name", ["world", "levels", "step", "spec", "observation_space", "np_random", "_row", "", 3]
)
def test_what_cannot_be_set(name):
    with pytest.raises(OptionError, match="set_attr"):
        both()[0].set_attr(name, 1)


@pytest.mark.parametrize(
    "name", ["step", "reset", "set_state", "close", "render", "enter", "np_random", "_observe"]
)
def test_what_would_change_one_environment_is_refused(name):
    vector, _ = both()
    before = vector.reset(seed=0)[0].tolist()
    with pytest.raises(OptionError, match="does not work for a single sub-environment"):
        vector.call(name)
    assert [vector.unwrapped.get_state()["states"], before] == [before, before]


def test_unknown_attributes():
    for name in ("colour", "level", None, np.zeros(3), ["levels"]):
        with pytest.raises(UnknownAttributeError, match="no attribute"):
            both()[0].get_attr(name)
    with pytest.raises(AttributeError, match="did you mean 'levels'"):
        both()[0].get_attr("level")
    with pytest.raises(ResetNeededError):
        both()[0].call("get_state")


@pytest.mark.parametrize("mode", AutoresetMode)
def test_lists_of_pictures(mode):
    options = {
        "kitchen": "corner",
        "random_start": True,
        "render_mode": "rgb_array_list",
        "max_episode_steps": 3,
    }
    vector, single = both(2, mode, **options)
    assert vector.render_mode == "rgb_array_list"
    assert "rgb_array_list" in vector.metadata["render_modes"]
    vector.reset(seed=5), single.reset(seed=5)
    for count in (1, 2, 1, 3):
        for _ in range(count):
            ended = [envs.step(np.zeros(2, int))[3] for envs in (vector, single)]
            if mode is AutoresetMode.DISABLED and ended[0].any():
                for envs in (vector, single):
                    envs.reset(options={"reset_mask": ended[0].copy()})
        assert list(map(len, vector.render())) == list(map(len, single.render()))
    assert list(map(len, vector.render())) == [0, 0]
    vector.step(np.zeros(2, int)) if mode is not AutoresetMode.DISABLED else vector.reset()
    assert {picture.shape for film in vector.render() for picture in film} == {(640, 640, 3)}


def test_the_last_picture_of_a_list_is_the_picture_of_the_state():
    lists, single = (CookieJarVectorEnv(2, render_mode=f"rgb_array{name}") for name in ("_list", ""))
    for envs in (lists, single):
        envs.reset(seed=0)
        envs.step(np.array([0, 3]))
    for film, picture in zip(lists.render(), single.render(), strict=True):
        np.testing.assert_array_equal(film[-1], picture)
