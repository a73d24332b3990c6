import json
import sys
from pathlib import Path

import gymnasium as gym
import pytest
from gymnasium.wrappers import ClipReward, FlattenObservation, FrameStackObservation, TimeLimit

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError, MemoryFileError, UnregisteredError
from cookie_jar.agents.env_loading import env_of, make_env, make_from_json
from cookie_jar.agents.env_spec import spec_json

FILE = Path("agent.safetensors")


def fields_of(env=None):
    return json.loads(spec_json(gym.make("CookieJarCorner-v0") if env is None else env))


def changed_spec(**fields):
    return json.dumps(fields_of() | fields)


def with_wrapper(name="ClipReward", module="gymnasium.wrappers.transform_reward", kwargs=None, **fields):
    """A spec of CartPole with a wrapper."""
    wrapper = {"name": name, "entry_point": f"{module}:{name}", "kwargs": {} if kwargs is None else kwargs}
    return json.dumps(fields_of(gym.make("CartPole-v1")) | {"additional_wrappers": [wrapper]} | fields)


def test_an_environment_is_made_anew_with_its_options():
    env = gym.make("CookieJarCorner-v0", likes="raisin", max_episode_steps=33)
    again = make_from_json(FILE, spec_json(env), {})
    assert spec_json(again) == spec_json(env)
    assert again.spec.max_episode_steps == 33
    assert again.spec.kwargs["likes"] == "raisin"


def test_a_file_without_an_environment_asks_for_one():
    with pytest.raises(AgentError, match=r"contains no environment that.*pass the environment: load"):
        make_from_json(FILE, None, {})
    about = {"env": "<Doubled<X-v0>>", "reason": "its wrapper is strange"}
    with pytest.raises(
        AgentError, match=r"trained in <Doubled<X-v0>>, which cannot .*: its wrapper is strange"
    ):
        make_from_json(FILE, None, about)


def test_only_registered_ids_are_made():
    with pytest.raises(UnregisteredError, match="'Nowhere-v7', which is not registered; import the package"):
        make_from_json(FILE, changed_spec(id="Nowhere-v7"), {})
    env = make_from_json(FILE, changed_spec(entry_point="os:system"), {})  # the registered entry point counts
    assert type(env.unwrapped).__name__ == "CookieJarEnv"


def test_no_module_is_imported_because_of_a_file(tmp_path, monkeypatch):
    (tmp_path / "from_a_file.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(tmp_path)
    about = {"module": "from_a_file"}
    for text in (
        changed_spec(id="from_a_file:Nowhere-v7"),
        with_wrapper("Evil", "from_a_file"),
        with_wrapper("Evil", "gymnasium.wrappers.from_a_file"),
    ):
        with pytest.raises(AgentError, match=r"not registered; import from_a_file first|cannot be created"):
            make_from_json(FILE, text, about)
    assert "from_a_file" not in sys.modules


@pytest.mark.parametrize("module", [7, "", "a b", "os; rm", "\x1b[2J", "x" * 200, ["os"], None])
def test_a_module_that_is_no_name_is_not_shown(module):
    with pytest.raises(UnregisteredError, match="import the package that registers") as caught:
        make_from_json(FILE, changed_spec(id="Nowhere-v7"), {"module": module})
    assert caught.value.module is None


@pytest.mark.parametrize(
    "name", ["RecordVideo", "NormalizeObservation", "TransformReward", "HumanRendering", "vector", "no_such"]
)
def test_wrappers_that_write_keep_or_call_something_are_refused(name):
    with pytest.raises(AgentError, match=f"{name}' cannot be created from a file"):
        make_env(with_wrapper(name, "gymnasium.wrappers.rendering", {"video_folder": "somewhere"}))


@pytest.mark.parametrize(
    "kwargs", [{"no_such": 1}, {"clumsiness": "x"}, {"kitchen": "no map"}, {"likes": [1]}, {"levels": {}}]
)
def test_options_that_the_environment_refuses_give_one_clear_error(kwargs):
    with pytest.raises(AgentError, match="CookieJarCorner-v0 cannot be created with the saved arguments"):
        make_env(changed_spec(kwargs=kwargs))


@pytest.mark.parametrize(
    ("name", "module", "kwargs"),
    [
        ("FrameStackObservation", "stateful_observation", {"stack_size": 2**30}),
        ("RepeatAction", "stateful_action", {"num_repeats": 2**30}),
        ("MaxAndSkipObservation", "stateful_observation", {"skip": 2**30}),
        ("ResizeObservation", "transform_observation", {"shape": [10**5, 10**5]}),
        ("TimeLimit", "common", {"max_episode_steps": 10**7}),
        ("TimeLimit", "common", {}),
        ("TimeLimit", "common", {"max_episode_steps": True}),
        ("ClipReward", "transform_reward", {"env": 1}),
        ("StickyAction", "stateful_action", {"repeat_action_probability": 7}),
    ],
)
def test_arguments_of_wrappers_are_bounded(name, module, kwargs):
    with pytest.raises(AgentError, match=r"expected|cannot be created"):
        make_env(with_wrapper(name, f"gymnasium.wrappers.{module}", kwargs))


@pytest.mark.parametrize(
    "text",
    [
        with_wrapper(kwargs={"min_reward": "x", "max_reward": 1}),
        json.dumps(fields_of(gym.make("Blackjack-v1")) | {"id": "FrozenLake-v1", "kwargs": {"desc": ["G"]}}),
    ],
)
def test_arguments_that_make_a_step_fail_are_refused(text):
    with pytest.raises(AgentError, match=r"with the saved arguments; \w+Error: .*pass the environment"):
        make_from_json(FILE, text, {})


def test_stacked_stacks_are_bounded():
    stack = json.loads(with_wrapper("FrameStackObservation", "gymnasium.wrappers.x", {"stack_size": 4_000}))
    with pytest.raises(AgentError, match="observations of up to 4,194,304 numbers, got 64,000,000"):
        make_env(json.dumps(stack | {"additional_wrappers": stack["additional_wrappers"] * 2}))


def test_an_environment_that_is_now_registered_with_a_wrapper_is_refused():
    text = spec_json(gym.make("CookieJarCorner-v0"))
    gym.register("Loading-v0", lambda **options: TimeLimit(gym.make("CookieJarCorner-v0"), 7))
    try:
        with pytest.raises(AgentError, match=r"Loading-v0: expected the wrappers \[\], now registered with"):
            make_env(json.dumps(json.loads(text) | {"id": "Loading-v0"}))
    finally:
        del gym.registry["Loading-v0"]


def test_specs_of_earlier_versions_are_read():
    """They have no limit in the text if the environment had none."""
    fields = fields_of()
    for name in ("order_enforce", "disable_env_checker", "additional_wrappers"):
        del fields[name]
    assert make_env(json.dumps(fields)).spec.max_episode_steps == 200
    assert make_env(json.dumps(fields | {"max_episode_steps": None})).spec.max_episode_steps is None


def test_the_render_mode_is_chosen_by_the_caller_and_keeps_the_wrappers():
    env = ClipReward(gym.make("CookieJarCorner-v0", render_mode="human"), 0, 1)
    description = {"env": spec_json(env)}
    assert env_of(FILE, description).render_mode is None
    shown = env_of(FILE, description, "rgb_array")
    assert shown.render_mode == "rgb_array"
    assert spec_json(shown) == spec_json(env)
    assert make_env(changed_spec(kwargs={"kitchen": "corner", "render_mode": "human"})).render_mode is None


def test_a_render_mode_that_the_environment_does_not_have_is_left_out():
    assert make_env(spec_json(gym.make("Blackjack-v1")), "svg").render_mode is None


def test_stacked_frames_are_made_anew():
    env = FlattenObservation(FrameStackObservation(gym.make("CartPole-v1"), 3))
    assert make_env(spec_json(env)).observation_space == env.observation_space


def test_an_invalid_file_is_a_memory_file_error():
    with pytest.raises(MemoryFileError, match="time limit"):
        make_env(changed_spec(max_episode_steps=0))
