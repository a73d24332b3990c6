"""Learning in one go, and in parts with saving and loading in between, gives the same bytes."""

import os
import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    PPO,
    ActorCritic,
    AgentError,
    DynaQ,
    ExpectedSarsa,
    NStepSarsa,
    QLambda,
    QLearning,
    Reinforce,
    Sarsa,
    SarsaLambda,
)

TABLES = (QLearning, Sarsa, ExpectedSarsa, NStepSarsa, SarsaLambda, QLambda, DynaQ)
KINDS = {kind.__name__: kind for kind in TABLES}
TOTAL = 600  # several episodes


def in_parts(kind, env_id, folder, cuts, **options):
    """The bytes after `TOTAL` steps, saved and loaded at each cut."""
    agent = kind(env_id, seed=3, exploration_steps=400, **options)
    file = folder / "agent.safetensors"
    for cut in [*sorted(cuts), TOTAL]:
        if cut > agent.num_timesteps:
            agent.learn(cut - agent.num_timesteps)
        agent.save(file)
        if cut != TOTAL:
            agent = kind.load(file, **options)
    return file.read_bytes()


IDS = ["CookieJarCorner-v0", "CookieJarClumsy-v0", "CookieJarHints-v0", "FrozenLake-v1"]


@pytest.mark.parametrize(
    ("kind", "env_id"),
    [(kind, env_id) for kind in TABLES for env_id in (IDS if kind in TABLES[:3] else IDS[::3])],
)
@pytest.mark.parametrize("use_model", [True, False])
def test_parts_give_the_bytes_of_the_whole(kind, env_id, use_model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    whole = in_parts(kind, env_id, folder, [], use_model=use_model)

    @settings(max_examples=12)
    @given(st.lists(st.integers(1, TOTAL - 1), min_size=1, max_size=4))
    def check(cuts):
        assert in_parts(kind, env_id, folder, cuts, use_model=use_model) == whole

    check()


@pytest.mark.parametrize("use_model", [True, False])
def test_a_new_process_goes_on_as_the_old_one_would(tmp_path, use_model):
    whole = in_parts(QLearning, "CookieJarClumsy-v0", tmp_path, [], use_model=use_model)
    agent = QLearning("CookieJarClumsy-v0", seed=3, exploration_steps=400, use_model=use_model).learn(277)
    file = agent.save(tmp_path / "part")
    code = (
        "import sys, cookie_jar.envs; from cookie_jar.agents import QLearning;"
        f"QLearning.load(sys.argv[1], use_model={use_model}).learn({TOTAL - 277}).save(sys.argv[1])"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, str(file)], check=True, env=environment)
    assert file.read_bytes() == whole


def test_saving_disturbs_nothing(tmp_path):
    agent, undisturbed = (QLearning("CookieJarCorner-v0", seed=0, use_model=False) for _ in range(2))
    for _ in range(10):
        agent.learn(37).save(tmp_path / "agent")
    np.testing.assert_array_equal(agent.q_table, undisturbed.learn(370).q_table)


def test_what_was_learned_on_tables_can_go_on_by_steps(tmp_path):
    file = QLearning("CookieJarCorner-v0", seed=0).learn(100).save(tmp_path / "agent")
    agent = QLearning.load(file, use_model=False)
    agent.learn(100)  # a new episode begins
    assert agent.num_timesteps == 200


BAD_EPISODES = [[40, -1, 0.0, 0], [-1, -1, 0.0, 0], [0, 10, 0.0, 0], [0, -1, 0.0, -3], [0], "x"]


@pytest.mark.parametrize("episode", BAD_EPISODES)
def test_an_impossible_episode_is_refused(episode, tmp_path):
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(10)
    agent.resume_state = lambda: {"episode": episode}
    file = agent.save(tmp_path / "agent")
    with pytest.raises(AgentError, match=r"expected an episode|description is damaged"):
        QLearning.load(file)


ODD = [None, 3, "x", [], {}, [1, 2], float("nan"), 10**400, {"envs": []}, [[1]]]


def places(value, path=()):
    """The paths of all values in a state of dictionaries and lists, of each list the first three."""
    yield path
    items = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        items = enumerate(value[:3])
    for key, part in items:
        yield from places(part, (*path, key))


def replaced(value, path, new):
    """A copy of a state with another value at a path."""
    if not path:
        return new
    changed = value.copy()
    changed[path[0]] = replaced(value[path[0]], path[1:], new)
    return changed


@pytest.mark.filterwarnings("ignore::cookie_jar.agents.AgentWarning")  # some states cannot be repeated
@pytest.mark.parametrize("use_model", [True, False])
@pytest.mark.parametrize("kind", [QLearning, PPO])
def test_a_changed_state_is_refused_or_starts_a_new_episode(kind, use_model):
    agent = kind("CookieJarClumsy-v0", seed=0, use_model=use_model).learn(45)
    state, refused = agent.resume_state(), 0
    for path in places(state):
        for odd in ODD:
            random = agent.rng.bit_generator.state
            try:
                agent.set_resume_state(replaced(state, path, odd))
            except AgentError:
                refused += 1
                assert agent.rng.bit_generator.state == random
    assert refused > 40


GRADIENT_TOTAL = 500
GRADIENT_KINDS = [Reinforce, ActorCritic, PPO]
WORLDS = {
    "CookieJarCorner-v0": {},
    "CookieJarClumsy-v0": {},  # random steps
    "CookieJarHints-v0": {"observation": "factors"},  # random starts, a network
    "CookieJarRandom-v0": {"levels": (3, 5), "max_episode_steps": 30},  # random kitchens, a convolution
    "FrozenLake-v1": {},  # copies of an environment, random steps
    "CartPole-v1": {},  # copies, measurements
}


def gradient_in_parts(kind, env_id, folder, cuts, **options):
    """The bytes after `GRADIENT_TOTAL` steps, saved and loaded at each cut."""
    options |= {} if kind is Reinforce else {"n_steps": 32}
    agent = kind(gym.make(env_id, **WORLDS[env_id]), seed=3, n_envs=4, net_arch=[8], **options)
    file = folder / "agent.safetensors"
    for cut in [*sorted(cuts), GRADIENT_TOTAL]:
        if cut > agent.num_timesteps:
            agent.learn(cut - agent.num_timesteps)
        agent.save(file)
        if cut != GRADIENT_TOTAL:
            agent = kind.load(file)
    return file.read_bytes()


@pytest.mark.parametrize("env_id", WORLDS)
@pytest.mark.parametrize("kind", GRADIENT_KINDS)
def test_parts_of_gradient_descent_give_the_bytes_of_the_whole(kind, env_id, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    whole = gradient_in_parts(kind, env_id, folder, [])

    @settings(max_examples=3)
    @given(st.lists(st.integers(1, GRADIENT_TOTAL - 1), min_size=1, max_size=2))
    def check(cuts):
        assert gradient_in_parts(kind, env_id, folder, cuts) == whole

    check()


OPTIONS = {"action_masks": True, "exploration_bonus": 0.1, "final_learning_rate": 1e-4}


@pytest.mark.parametrize("observation", ["state", "grid"])
def test_masks_schedule_and_bonus_give_the_bytes_of_the_whole(observation, tmp_path):
    env = gym.make("CookieJar-v0", observation=observation)
    options = OPTIONS | {"n_envs": 4, "n_steps": 8, "net_arch": [8], "filters": 2, "learning_rate_steps": 500}
    whole = PPO(env, seed=3, **options).learn(600).save(tmp_path / "whole")
    file = PPO(env, seed=3, **options).learn(252).save(tmp_path / "part")
    file = PPO.load(file).learn(148).save(file)
    PPO.load(file).learn(200).save(file)
    assert file.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("kind", GRADIENT_KINDS)
def test_parts_without_a_model_give_the_bytes_of_the_whole(kind, tmp_path):
    """A file without the key "loop", as those of earlier versions, goes on by steps."""
    whole = gradient_in_parts(kind, "CookieJarClumsy-v0", tmp_path, [], use_model=False)
    assert gradient_in_parts(kind, "CookieJarClumsy-v0", tmp_path, [101, 202], use_model=False) == whole
    assert gradient_in_parts(kind, "CookieJarClumsy-v0", tmp_path, [101, 202]) != whole


@pytest.mark.parametrize("use_model", [True, False])
def test_with_the_other_loop_new_episodes_begin(use_model, tmp_path):
    file = PPO("CookieJarCorner-v0", seed=0, use_model=not use_model).learn(1_000).save(tmp_path / "agent")
    with pytest.warns(UserWarning, match="cannot be repeated: new episodes start"):
        agent = PPO.load(file, use_model=use_model)
    assert agent.resume_state() == {}
    assert agent.learn(1_000).resume_state()["beginning"].keys() >= {"states" if use_model else "envs"}


def test_an_unknown_loop_is_refused(tmp_path):
    agent = PPO("CookieJarCorner-v0", seed=0)
    agent.encoding = lambda: {"loop": "later"}
    with pytest.raises(AgentError, match="loop: expected 'fused', got 'later'; update Cookie Jar"):
        PPO.load(agent.save(tmp_path / "agent"))


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_what_the_optimizer_remembers_is_saved(optimizer, tmp_path):
    agent = ActorCritic("CookieJarCorner-v0", seed=0, optimizer=optimizer).learn(5_000)
    loaded = ActorCritic.load(agent.save(tmp_path / "agent"))
    assert loaded.optimizer_state().keys() == agent.optimizer_state().keys()
    for name, array in agent.optimizer_state().items():
        np.testing.assert_array_equal(loaded.optimizer_state()[name], array)
    assert bool(agent.optimizer_state()) == (optimizer != "sgd")


@pytest.mark.parametrize(
    "change",
    [
        {"position": -1},
        {"position": 10**9},
        {"position": "x"},
        {"random": {}},
        {"beginning": {}},
        {"beginning": {"envs": {"states": [99] * 64}, "totals": [], "lengths": []}},
        {"beginning": {"states": [99] * 64, "totals": [0.0] * 64, "lengths": [0] * 64}},
        {"beginning": {"states": [0] * 64, "totals": [0.0] * 64, "lengths": [200] * 64}},
        {"beginning": {"states": [0.5] * 64, "totals": [0.0] * 64, "lengths": [0] * 64}},
        {"beginning": {"states": [0] * 63, "totals": [0.0] * 63, "lengths": [0] * 63}},
    ],
)
def test_an_impossible_rollout_is_refused(change, tmp_path):
    use_model = False if "envs" in change.get("beginning", {}) else None
    agent = PPO("CookieJarCorner-v0", seed=0, use_model=use_model).learn(1_000)
    state = agent.resume_state() | change
    agent.resume_state = lambda: state
    with pytest.raises(AgentError, match=r"expected|description is damaged"):
        PPO.load(agent.save(tmp_path / "agent"))


def test_weights_that_were_changed_by_hand_begin_new_episodes(tmp_path):
    agent = PPO("CookieJarCorner-v0", seed=0).learn(1_000)
    agent.arrays()["policy.0.table"][:] += np.linspace(-3, 3, 10)
    with pytest.warns(UserWarning, match="cannot be repeated: new episodes start"):
        loaded = PPO.load(agent.save(tmp_path / "agent"))
    assert loaded.resume_state() == {}


def test_in_another_environment_a_new_episode_begins(tmp_path):
    file = PPO("CookieJarCorner-v0", seed=0).learn(1_000).save(tmp_path / "agent")
    other = gym.make("CookieJarCorner-v0", happiness={"cookie_disliked": -2.0})
    agent = PPO.load(file, env=other)
    assert agent.resume_state() == {}
    agent.learn(1_000)


def test_a_resumed_agent_sees_the_same_pictures(tmp_path):
    small = {"n_envs": 3, "n_steps": 5, "n_epochs": 1, "filters": 2, "net_arch": (4,), "seed": 0}
    whole = PPO("CookieJarPicturesJar-v0", **small).learn(90).save(tmp_path / "whole")
    part = PPO("CookieJarPicturesJar-v0", **small).learn(45).save(tmp_path / "part")
    assert PPO.load(part).learn(45).save(part).read_bytes() == whole.read_bytes()
