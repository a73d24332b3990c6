import copy
import json
import pickle
import warnings
from itertools import product

import gymnasium as gym
import numpy as np
import pytest
from boards import acts
from gymnasium.utils.env_checker import check_env
from hypothesis import given, settings
from hypothesis import strategies as st

from cookie_jar.envs import (
    IDS,
    Action,
    ActionError,
    CookieJarEnv,
    CookieJarError,
    Event,
    OptionError,
    ResetNeededError,
    State,
    StateError,
)

OPTIONS = [
    {},
    {"kitchen": "corner"},
    {"kitchen": "#J###\n#S.C#\n#####"},
    {"likes": "raisin"},
    {"clumsiness": 0.5},
    {"shuffle_cookies": True},
    {"random_start": True},
    {"hints": True},
    {"happiness": {"act": -0.05, "cookie_liked": 10}},
    {"clumsiness": 0.1, "shuffle_cookies": True, "random_start": True, "hints": True},
    *(
        {"observation": name, "shuffle_cookies": True}
        for name in ("state", "factors", "vector", "grid", "pixels", "pictures")
    ),
    *({"observation": name, "jar_alone": True} for name in ("state", "factors", "pixels", "pictures")),
    *(
        {"observation": name, "levels": (3, 9)}
        for name in ("factors", "vector", "grid", "pixels", "pictures")
    ),
]
SUCCESS = {"home": "rrrrrcuulllc^!2", "corner": "rclc^!2"}


def plain(obs):
    return (
        {k: part.tobytes() for k, part in obs.items()} if isinstance(obs, dict) else np.asarray(obs).tobytes()
    )


def play(env, letters):
    return [env.step(action) for action in acts(letters)]


@pytest.mark.parametrize(
    ("env_id", "render_mode"),
    [*product(IDS, [None, "rgb_array", "ansi"]), ("CookieJarCorner-v0", "human")],
)
def test_gymnasium_s_checker_is_content_with_every_id(env_id, render_mode):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env = gym.make(env_id, render_mode=render_mode)
        check_env(env.unwrapped, skip_render_check=False)
        env.close()


@pytest.mark.parametrize("options", OPTIONS)
def test_both_checkers_are_content_with_every_option(options):
    sb3 = pytest.importorskip("stable_baselines3.common.env_checker")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env = gym.make("CookieJar-v0", render_mode="rgb_array", **options)
        check_env(env.unwrapped, skip_render_check=False)
        sb3.check_env(env.unwrapped, warn=True, skip_render_check=False)
        sb3.check_env(env, warn=True, skip_render_check=False)


@pytest.mark.parametrize("env_id", IDS)
def test_sb3_s_checker_is_content_with_every_id(env_id):
    sb3 = pytest.importorskip("stable_baselines3.common.env_checker")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sb3.check_env(gym.make(env_id), warn=True)


@pytest.mark.parametrize("options", OPTIONS)
def test_a_spec_survives_json(options):
    env = gym.make("CookieJar-v0", **options)
    again = gym.make(gym.envs.registration.EnvSpec.from_json(env.spec.to_json()))
    assert again.unwrapped.world is env.unwrapped.world
    json.dumps(env.spec.kwargs)


@pytest.mark.parametrize(
    "env_id",
    sorted(
        IDS.keys() - {"CookieJarRandom-v0", "CookieJarHouse-v0", "CookieJarVector-v0", "CookieJarPictures-v0"}
    ),
)
def test_the_environment_is_its_model_for_every_state_and_action(env_id):
    env = gym.make(env_id, observation="state").unwrapped
    env.reset(seed=0)
    model = env.tabular_model
    tables = model.next_state, model.reward, model.terminated, env.unshaped_model.reward
    following, rewards, ends, happiness = (table.tolist() for table in tables)
    masks = env.world.action_mask.tolist()
    for state in range(env.observation_space.n):
        for action in range(env.action_space.n):
            _, reset_info = env.reset(options={"state": state})
            obs, reward, terminated, truncated, info = env.step(action)
            outcomes = zip(
                *(table[state][action] for table in (following, rewards, ends, happiness)), strict=True
            )
            assert (obs, reward, terminated, info["happiness"]) in outcomes
            assert truncated is False
            assert info["is_success"] is terminated
            assert Event(info["event_id"]).label == info["event"]
            assert (reset_info["event"], reset_info["event_id"]) == ("start", -1)
            assert info["action_mask"].tolist() == masks[obs]
            assert reset_info["action_mask"].tolist() == masks[state]


def test_clumsy_steps_have_the_probabilities_of_the_model():
    # A share of 20,000 is off by more than 0.02 with probability below 1e-6 (Hoeffding: 2 exp(-2 n t^2)).
    env = gym.make("CookieJar-v0", clumsiness=0.4).unwrapped
    middle = 9  # some cell with free cells on all sides
    state = env.world.number(State(middle, 0, 0, 8, 0))
    assert (env.world.config.kitchen.neighbours[middle] != middle).sum() >= 3
    env.reset(seed=5)
    counts = {}
    for _ in range(20_000):
        env.set_state(state)
        obs, *_ = env.step(Action.LEFT)
        counts[obs] = counts.get(obs, 0) + 1
    model = env.tabular_model
    for k, probability in enumerate(model.probability[state, Action.LEFT]):
        assert counts[int(model.next_state[state, Action.LEFT, k])] / 20_000 == pytest.approx(
            probability, abs=0.02
        )


def test_starts_have_the_probabilities_of_the_model():
    # As above, for each of 24 shares: below 1e-5 in all.
    env = gym.make("CookieJarCorner-v0", random_start=True, shuffle_cookies=True)
    env.reset(seed=11)
    starts = np.bincount([env.reset()[0] for _ in range(20_000)], minlength=240) / 20_000
    np.testing.assert_allclose(starts, env.unwrapped.initial_state_distrib, atol=0.02)


@settings(max_examples=300)
@given(
    st.sampled_from(OPTIONS),
    st.integers(0, 2**32),
    st.lists(st.integers(0, 9), min_size=1, max_size=60),
)
def test_the_same_seed_and_actions_give_the_same_everything(options, seed, actions):
    def run():
        env = CookieJarEnv(render_mode="ansi", **options)
        obs, info = env.reset(seed=seed)
        yield plain(obs), info["action_mask"].tolist(), env.render()
        for action in actions:
            obs, reward, terminated, truncated, info = env.step(action % env.action_space.n)
            info["action_mask"] = info["action_mask"].tolist()
            yield plain(obs), reward, terminated, truncated, info, env.render()
            if terminated:
                yield plain(env.reset()[0])

    assert list(run()) == list(run())


@pytest.mark.parametrize(("kitchen", "happiness"), [("home", 1.37), ("corner", 1.45)])
def test_the_cookie_terminates_and_is_not_a_time_out(kitchen, happiness):
    env = gym.make("CookieJar-v0", kitchen=kitchen)
    env.reset()
    steps = play(env, SUCCESS[kitchen])
    assert sum(step[1] for step in steps) == pytest.approx(happiness)
    *before, (_, reward, terminated, truncated, info) = steps
    assert not any(step[2] or step[3] for step in before)
    assert (reward, terminated, truncated) == (1.0, True, False)
    assert info["event"] == "yum"
    assert info["is_success"] is True


def test_the_time_limit_truncates_and_does_not_terminate():
    env = gym.make("CookieJar-v0")
    env.reset()
    steps = [env.step(Action.LEFT) for _ in range(200)]
    assert [step[3] for step in steps] == [False] * 199 + [True]
    assert not any(step[2] or step[4]["is_success"] for step in steps)


def test_time_leaves_no_trace_in_the_world():
    env = gym.make("CookieJar-v0").unwrapped
    env.reset()
    first = env.step(Action.LEFT)
    for _ in range(1000):
        last = env.step(Action.LEFT)
    assert first[:4] == last[:4]
    assert first[4]["happiness"] == last[4]["happiness"]


def test_events_and_masks():
    env = gym.make("CookieJarCorner-v0")
    _, info = env.reset()
    assert info["event"] == "start"
    assert info["action_mask"].dtype == np.int8
    assert info["action_mask"].tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert [step[4]["event"] for step in play(env, "!rclc^!1")] == (
        ["vain", "walk", "lift", "walk", "put", "up", "open", "yuck"]
    )
    masks = env.unwrapped.action_masks()
    assert masks.tolist() == [False] * 5 + [True, False, False, True, True]


def test_state_can_be_saved_and_restored():
    env = gym.make("CookieJar-v0").unwrapped
    env.reset()
    play(env, "rrrrrc")
    saved = env.get_state()
    future = [step[:4] for step in play(env, "uulllc^!1")]
    env.set_state(saved)
    assert env.get_state() == saved
    assert [step[:4] for step in play(env, "uulllc^!1")] == future
    assert json.loads(json.dumps(saved)) == list(saved)
    obs, _ = env.reset(options={"state": saved})
    assert env.world.state(obs) == saved
    assert env.reset(options={"state": obs})[0] == obs
    assert env.reset()[0] == 0


def test_keys_for_playing():
    env = gym.make("CookieJar-v0").unwrapped
    assert sorted(env.get_keys_to_action().values()) == list(range(10))
    assert isinstance(env.metadata["render_fps"], int)


def test_order_is_enforced():
    env = gym.make("CookieJarCorner-v0", render_mode="ansi")
    for use in (lambda: env.step(0), env.render, env.unwrapped.get_state, env.unwrapped.action_masks):
        with pytest.raises(ResetNeededError, match="reset"):
            use()
    env.reset()
    play(env, SUCCESS["corner"])
    with pytest.raises(ResetNeededError, match="episode has ended"):
        env.step(0)
    assert "(chocolate chip)" in env.render()
    env.reset()
    env.step(0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"observation": "smell"}, "state, factors, vector, grid, pixels, pictures, got 'smell'"),
        ({"levels": (5, 2)}, "first <= last"),
        ({"levels": (0, 10000)}, "last < 10000"),
        ({"levels": "all", "observation": "grid"}, "levels: expected"),
        ({"levels": (0, 9)}, "state numbers differ from level to level"),
        ({"render_mode": "hologram"}, "render_mode: expected one of"),
        ({"colour": "red"}, "got an unexpected keyword argument 'colour'"),
    ],
)
def test_bad_options_are_refused_at_construction(options, message):
    with pytest.raises(OptionError, match=message) as caught:
        CookieJarEnv(**options)
    assert isinstance(caught.value, CookieJarError)
    assert isinstance(caught.value, ValueError)


def test_bad_reset_options():
    env = CookieJarEnv()
    with pytest.raises(OptionError, match="a dict of options"):
        env.reset(options=["state"])
    for state in (-1, 1615, State(0, 0, 1, 3, 5), (float("inf"), 0, 0, 0, 0), 0.5, "x"):
        with pytest.raises(StateError, match="expected a"):
            env.reset(options={"state": state})


def test_render_without_a_mode_warns():
    env = CookieJarEnv()
    env.reset()
    with pytest.warns(UserWarning, match="render_mode"):
        assert env.render() is None


@pytest.mark.parametrize("make_copy", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
@pytest.mark.parametrize("options", [{}, {"clumsiness": 0.3}, {"levels": (0, 9), "observation": "grid"}])
def test_a_copy_goes_on_as_the_original_does(make_copy, options):
    env = CookieJarEnv(render_mode="rgb_array", **options)
    env.reset(seed=4)
    env.step(Action.RIGHT)
    env.render()
    again = make_copy(env)
    for action in (0, 3, 3, 4, 1, 2) * 5:
        mine, its = env.step(action), again.step(action)
        np.testing.assert_array_equal(mine[0], its[0])
        assert mine[1:4] == its[1:4]
    np.testing.assert_array_equal(env.render(), again.render())
    fresh = make_copy(CookieJarEnv(**options))
    with pytest.raises(ResetNeededError):
        fresh.step(0)


@pytest.mark.parametrize("action", [3, Action.RIGHT, np.int64(3), np.array(3, np.int32), 3.0])
def test_actions_of_every_kind_of_number(action):
    env = gym.make("CookieJar-v0", render_mode="rgb_array")
    env.reset()
    assert env.step(action)[4]["event"] == "walk"


@pytest.mark.parametrize("action", [10, "up", None, np.array([1, 2]), [1]])
def test_an_illegal_action_is_refused_and_changes_nothing(action):
    env = CookieJarEnv()
    env.reset()
    before = env.get_state()
    with pytest.raises(ActionError, match="expected an action among 0 up"):
        env.step(action)
    assert env.get_state() == before
