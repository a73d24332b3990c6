import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.spaces import Discrete
from gymnasium.utils import EzPickle, RecordConstructorArgs
from gymnasium.wrappers import (
    ClipReward,
    DelayObservation,
    FlattenObservation,
    FrameStackObservation,
    NormalizeReward,
    RecordEpisodeStatistics,
    RecordVideo,
    RescaleObservation,
    StickyAction,
    TimeAwareObservation,
    TimeLimit,
    TransformReward,
)
from needs import TAXI, needs_package

import cookie_jar.envs
from cookie_jar.agents import PPO, AgentError, QLearning
from cookie_jar.agents.env_spec import EnvRecord, env_key, same_env, spec_json


class Corridor(gym.Env, EzPickle):
    """A walk to the goal; a step against the slip goes the other way."""

    observation_space, action_space = Discrete(5), Discrete(2)

    def __init__(self, slip=0.1, goals=(4,), bonus=None):
        EzPickle.__init__(self, slip=slip, goals=goals, bonus=bonus)
        self.slip, self.goals, self.bonus, self.wins = slip, goals, bonus, 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = 0
        return 0, {}

    def step(self, action):
        right = (action == 1) != (self.np_random.random() < self.slip)
        self.place = min(4, max(0, self.place + (1 if right else -1)))
        won = self.place in self.goals
        self.wins += won
        return self.place, 1.0 if won else -0.1, won, False, {}


class RandomCorridor(Corridor):
    def __init__(self):
        super().__init__(slip=float(np.random.default_rng().random()))


class Doubled(gym.Wrapper):
    def step(self, action):
        obs, reward, *rest = self.env.step(action)
        return obs, 2 * reward, *rest


class Recorded(Doubled, RecordConstructorArgs):
    def __init__(self, env, x=1):
        RecordConstructorArgs.__init__(self, x=x)
        Doubled.__init__(self, env)


ENVS = {
    "SpecTestCorridor-v0": {"entry_point": f"{__name__}:Corridor", "max_episode_steps": 30},
    "SpecTestClass-v0": {"entry_point": Corridor, "max_episode_steps": 30},
    "SpecTestRandom-v0": {"entry_point": RandomCorridor, "max_episode_steps": 30},
    "SpecTestWrapped-v0": {"entry_point": lambda: Doubled(Corridor()), "max_episode_steps": 30},
    "SpecTestFunction-v0": {"entry_point": lambda f=None: Corridor(), "max_episode_steps": 30},
    "SpecTestBare-v0": {"entry_point": Corridor, "order_enforce": False, "disable_env_checker": True},
}


@pytest.fixture(autouse=True, scope="module")
def registered():
    for env_id, options in ENVS.items():
        gym.register(env_id, **options)
    yield
    for env_id in ENVS:
        del gym.registry[env_id]


def corridor(**options):
    return gym.make("SpecTestCorridor-v0", **options)


def corner(**options):
    return gym.make("CookieJarCorner-v0", **options)


def unlimited():
    return corridor(max_episode_steps=-1)


def changed(env, **attributes):
    """The environment with other values of attributes, as users set them."""
    for name, value in attributes.items():
        setattr(env.unwrapped, name, value)
    return env


def hacked_limit():
    env = corridor()
    env._max_episode_steps = 7
    return env


DESCRIBED = {
    "plain": corridor,
    "options": lambda: corridor(slip=0.3, goals=[2, 4]),
    "tuple": lambda: corridor(goals=(2, 4)),
    "another limit": lambda: corridor(max_episode_steps=5),
    "no limit": lambda: corner(max_episode_steps=-1),
    "a limit on top": lambda: TimeLimit(corridor(), 9),
    "a longer limit on top": lambda: TimeLimit(corner(), 500),
    "a limit by hand": lambda: TimeLimit(unlimited(), 9),
    "a changed limit": hacked_limit,
    "no checker": lambda: corridor(disable_env_checker=True),
    "no guards": lambda: gym.make("SpecTestBare-v0", max_episode_steps=12),
    "a class": lambda: gym.make("SpecTestClass-v0"),
    "included wrapper": lambda: gym.make("SpecTestWrapped-v0"),
    "included and another wrapper": lambda: ClipReward(gym.make("SpecTestWrapped-v0"), -0.1, 0.5),
    "clip": lambda: ClipReward(corridor(), -0.05, 0.5),
    "clip with NumPy numbers": lambda: ClipReward(corridor(), np.float64(-0.05), np.int64(1)),
    "sticky": lambda: StickyAction(corridor(), 0.3),
    "delay": lambda: DelayObservation(corner(observation="factors"), 1),
    "two wrappers": lambda: StickyAction(ClipReward(corner(), -0.01, 0.5), 0.2),
    "statistics": lambda: RecordEpisodeStatistics(corridor()),
    "kitchen": lambda: corner(likes="raisin", happiness={"act": -0.02}, clumsiness=0.1),
    "lake": lambda: gym.make("FrozenLake-v1", desc=["SFF", "FHF", "FFG"], is_slippery=False),
    "clipped lake": lambda: ClipReward(gym.make("FrozenLake-v1"), 0, 0.5),
    "stack": lambda: FlattenObservation(FrameStackObservation(gym.make("CartPole-v1"), 2)),
    "time": lambda: TimeAwareObservation(gym.make("CartPole-v1")),
}
if hasattr(gym.wrappers, "RepeatAction"):  # since Gymnasium 1.3
    DESCRIBED |= {
        "sticky with a tuple": lambda: StickyAction(corridor(), 0.3, (1, 3)),
        "repeat in limit": lambda: TimeLimit(gym.wrappers.RepeatAction(unlimited(), 2), 4),
        "limit in repeat": lambda: gym.wrappers.RepeatAction(corridor(max_episode_steps=4), 2),
    }
NOT_DESCRIBED = {
    "a function": (lambda: TransformReward(corridor(), lambda reward: 3 * reward), "argument func"),
    "an unrecorded wrapper": (lambda: Doubled(corridor()), "Doubled does not inherit from .*RecordConstr"),
    "a foreign wrapper": (lambda: Recorded(corridor()), "Recorded' cannot be created from a file"),
    "kept statistics": (lambda: NormalizeReward(corridor()), "NormalizeReward' cannot be created"),
    "infinity": (lambda: ClipReward(corridor(), -np.inf, 1), "min_reward .* finite"),
    "a random map": (lambda: gym.make("FrozenLake-v1", desc=None, map_name=None), "random or .*: P, desc"),
    "random options": (lambda: gym.make("SpecTestRandom-v0"), "construction is random or .*: slip"),
    "a changed option": (lambda: changed(corridor(), slip=0.9), "changed afterwards: slip"),
    "a changed container": (lambda: changed(corridor(), goals={1, 2}), "changed afterwards: goals"),
    "a changed model": (lambda: changed(gym.make("FrozenLake-v1"), P=corridor_model()), "afterwards: P"),
    "its class": (lambda: TimeLimit(Corridor(), 20), "not created by gymnasium.make"),
    "a set": (lambda: corridor(goals={2, 4}), "argument goals .* type set"),
    "numbers as keys": (lambda: corridor(bonus={1: 2}), "argument bonus .* type dict"),
    "a function as an option": (
        lambda: gym.make("SpecTestFunction-v0", f=print),
        "argument f .* type builtin",
    ),
    "a large map": (lambda: gym.make("FrozenLake-v1", desc=lake(100)), "up to 8,192 numbers and characters"),
    "a large number": (lambda: corridor(bonus=10**12), "whole numbers up to"),
    "a long limit": (lambda: corridor(max_episode_steps=2_000_000), "time limit of at most"),
}


def lake(size):
    return ["S" + "F" * (size - 1), *["F" * size] * (size - 2), "F" * (size - 1) + "G"]


def corridor_model():
    """Transitions for 16 states and 4 actions that walk in a circle."""
    return {s: {a: [(1.0, (s + 1) % 16, float(s == 14), s == 14)] for a in range(4)} for s in range(16)}


def trained(env):
    """A briefly trained agent of a suitable kind."""
    if isinstance(env.observation_space, Discrete):
        return QLearning(env, seed=0).learn(200)
    return PPO(env, n_envs=2, n_steps=8, net_arch=[8], seed=0).learn(40)


def episodes(agent, env):
    """All that happens in episodes of the greedy policy."""
    happened = []
    for seed in range(4):
        obs, _ = env.reset(seed=seed)
        for _ in range(40):
            action = int(agent.predict(np.asarray(obs), deterministic=True)[0])
            obs, reward, terminated, truncated, _ = env.step(action)
            happened.append((np.asarray(obs).tolist(), float(reward), terminated, truncated))
            if terminated or truncated:
                break
    return happened


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_loaded_agent_has_the_environment_that_it_learned_in(name, tmp_path):
    env = DESCRIBED[name]()
    agent = trained(env)
    again = type(agent).load(agent.save(tmp_path / "agent"))
    assert str(again.env) == str(env)  # the same wrappers in the same order
    assert spec_json(again.env) == spec_json(env)
    assert episodes(again, again.env) == episodes(agent, env)
    assert EnvSpec.from_json(spec_json(env)).id == env.spec.id


@pytest.mark.parametrize("name", NOT_DESCRIBED)
def test_an_agent_in_another_environment_is_saved_and_asks_for_it(name, tmp_path):
    make, reason = NOT_DESCRIBED[name]
    env = make()
    agent = trained(env)
    path = agent.save(tmp_path / "agent")
    with pytest.raises(AgentError, match=rf"(?s){reason}.*pass the environment: load\(path, env=\.\.\.\)"):
        type(agent).load(path)
    again = type(agent).load(path, env=env)
    np.testing.assert_array_equal(again.q_table, agent.q_table)
    again.learn(10)


def test_learning_goes_on_exactly_in_the_environment_that_is_passed(tmp_path):
    def make():
        return TransformReward(corridor(), lambda reward: 3 * reward)

    whole = PPO(make(), n_envs=2, n_steps=8, seed=0).learn(150)
    path = PPO(make(), n_envs=2, n_steps=8, seed=0).learn(100).save(tmp_path / "part")
    rest = PPO.load(path, env=make()).learn(50)
    for name, array in whole.arrays().items():
        np.testing.assert_array_equal(rest.arrays()[name], array)


def test_a_change_during_training_is_noticed(tmp_path):
    agent = QLearning(corridor(), seed=0).learn(50)
    QLearning.load(agent.save(tmp_path / "before"))
    agent.env.unwrapped.slip = 0.5
    with pytest.raises(AgentError, match="changed afterwards: slip"):
        QLearning.load(agent.save(tmp_path / "after"))


def test_a_counter_that_rarely_changes_is_no_change(tmp_path):
    env = corridor(slip=0.0)
    for seed in range(3):
        env.reset(seed=seed)
        for _ in range(4):
            env.step(1)
    assert env.unwrapped.wins == 3
    assert EnvRecord(env).saved().spec is not None


@pytest.mark.parametrize("env_id", [*cookie_jar.envs.IDS, "FrozenLake-v1", TAXI, "CartPole-v1"])
def test_ordinary_environments_have_gymnasiums_spec(env_id):
    env = gym.make(env_id)
    assert EnvRecord(env).saved() == (env.spec.to_json(), {})


@needs_package("moviepy")
def test_observers_and_the_render_mode_are_left_out(tmp_path):
    plain = spec_json(corner())
    shown = RecordVideo(corner(render_mode="rgb_array"), str(tmp_path / "videos"))
    assert EnvRecord(shown).saved().spec == plain
    assert EnvRecord(corner(render_mode="rgb_array_list")).saved().spec == plain


def test_the_module_of_a_foreign_environment_is_recorded():
    assert EnvRecord(corridor()).saved().about == {"module": __name__}
    assert EnvRecord(gym.make("SpecTestClass-v0")).saved().about == {"module": __name__}


def test_keys_are_equal_for_equal_environments():
    assert env_key(corner()) == env_key(corner())
    assert env_key(corner()) != env_key(ClipReward(corner(), 0, 1))
    assert env_key(Corridor()) is None
    assert same_env(env_key(corner()), env_key(corner(render_mode="rgb_array")))
    assert not same_env(env_key(corner()), env_key(corner(max_episode_steps=9)))
    assert not same_env(None, None)


def test_numpy_arrays_are_described_as_lists():
    env = RescaleObservation(gym.make("MountainCar-v0"), np.float32(-1), np.float32(1))
    assert '"min_obs": -1.0' in spec_json(env)
