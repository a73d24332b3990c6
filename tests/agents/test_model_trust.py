"""Which tables are believed. A right one is refused with probability below 1e-10 in each check."""

import gc
import random
import re
import warnings
from copy import deepcopy

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Box, Discrete
from gymnasium.utils import EzPickle
from needs import CLIFF, TAXI, needs_fickle_taxi, needs_new_gymnasium
from toys import Corridor, corridor, with_outcomes, with_table

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import PPO, AgentError, AgentWarning, Evaluator, Optimal, QLearning, tabular_model
from cookie_jar.agents.fingerprint import Position
from cookie_jar.agents.model_trust import Offer, find_model
from cookie_jar.envs import CookieJarEnv
from cookie_jar.envs.arrays import frozen

FICKLE = {"fickle_passenger": True}
BELIEVED = [
    ("CookieJar-v0", {}),
    ("CookieJarClumsy-v0", {}),
    ("CookieJarHints-v0", {}),
    ("CookieJarHouse-v0", {"random_start": True}),
    ("CookieJarCorner-v0", {"observation": "factors"}),
    ("CookieJarCorner-v0", {"observation": "pixels"}),
    ("CookieJarRandom-v0", {"levels": (3, 3)}),
    ("FrozenLake-v1", {}),
    ("FrozenLake-v1", {"is_slippery": False}),
    pytest.param("FrozenLake-v1", {"success_rate": 0.5}, marks=needs_new_gymnasium),
    pytest.param("FrozenLake-v1", {"reward_schedule": (10, -1, -0.1)}, marks=needs_new_gymnasium),
    ("FrozenLake-v1", {"desc": None, "map_name": None}),
    ("FrozenLake-v1", {"desc": ["SFG", "FFH", "SFF"]}),
    ("FrozenLake8x8-v1", {}),
    (TAXI, {}),
    pytest.param(TAXI, {"is_rainy": True}, marks=needs_fickle_taxi),
    (CLIFF, {}),
    (CLIFF, {"is_slippery": True}),
]


@pytest.mark.parametrize(("env_id", "options"), BELIEVED)
def test_right_tables_are_believed(env_id, options):
    assert find_model(gym.make(env_id, **options)).reason == ""


@needs_fickle_taxi
@pytest.mark.parametrize(
    "options",
    [
        FICKLE,
        pytest.param(FICKLE | {"fickle_probability": 1.0}, marks=needs_new_gymnasium),
        FICKLE | {"is_rainy": True},
    ],
)
def test_a_taxi_with_a_fickle_passenger_has_no_model(options):
    # Each of some 100 episodes with a passenger shows it with probability 0.3: missed below 1e-15.
    env = gym.make(TAXI, **options)
    with pytest.warns(
        AgentWarning,
        match=rf"the table of {TAXI} is not used \(agents learn by stepping.*: action . in state",
    ):
        assert tabular_model(env) is None
    evaluator = Evaluator(env)
    assert not evaluator.exact
    assert evaluator.optimum is None
    assert "100 episodes" in evaluator.how
    with pytest.raises(AgentError, match="impossible in the table"):
        Optimal(env)
    with pytest.raises(AgentError, match="impossible in the table"):
        QLearning(env, use_model=True)
    assert set(QLearning(env, seed=0).learn(100).resume_state()) == {"episode", "env_random", "acts"}


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        (gym.make("CartPole-v1"), "offers no table"),
        (gym.make("CookieJarRandom-v0"), "offers no table"),
        (gym.wrappers.TransformReward(gym.make("CookieJar-v0"), float), "wrapper TransformReward may change"),
        (with_outcomes((0.9, 0, 0.0, False)), "sum to 1, got 0.9"),
        (with_table(P=None), "got NoneType"),
        (with_table(initial_state_distrib="uniform"), "initial_state_distrib: expected numbers"),
        (with_table(observation_space=Discrete(5)), r"4 states, the observation space is Discrete\(5\)"),
        (with_table(action_space=Discrete(3)), r"2 actions, the action space is Discrete\(3\)"),
        (with_table(observation_space=Box(0, 3, ())), "do not name the states"),
        (with_table(tabular_model=5), "expected five arrays"),
        (with_table(tabular_model=True), "expected five arrays"),
        (corridor(reward=lambda env, r: 1 / 0), "ZeroDivisionError: division by zero"),
        (corridor(obs=lambda env, obs: [obs]), "is not that of a state"),
    ],
)
def test_the_reason_is_said(env, reason):
    finding = find_model(env)
    assert finding.offer is None
    assert re.search(reason, finding.reason)


class Raising(Corridor):
    """Has a table that cannot be computed."""

    @property
    def tabular_model(self):
        raise RuntimeError("no\nmodel")


def test_a_table_that_raises_is_not_believed():
    assert find_model(Raising()).reason == "RuntimeError: no model"


@pytest.mark.parametrize(
    "name", ["unshaped_model", "state_observations", "levels", "validation_levels", "test_levels", "world"]
)
@pytest.mark.parametrize("value", [5, "x", (0, 9), None, np.zeros(3)])
def test_attributes_of_other_libraries_do_not_break_anything(name, value):
    env = with_table(**{name: value})
    evaluator = Evaluator(env)
    assert evaluator.exact
    assert evaluator.optimum.mean_return == 1.0
    assert QLearning(env, seed=0).learn(300).policy[:3].tolist() == [1, 1, 1]


@pytest.mark.parametrize("value", [5, True, 1.5, "x"])
@pytest.mark.filterwarnings("ignore::cookie_jar.agents.AgentWarning")
def test_attributes_that_are_no_tables_do_not_break_other_agents(value, tmp_path):
    env = with_table(tabular_model=value)
    for agent in (PPO(env, seed=0, n_envs=2, n_steps=8), QLearning(env, seed=0)):
        agent.learn(32).save(tmp_path / "agent")
        assert type(agent).load(tmp_path / "agent", env=env).num_timesteps == 32


def test_the_environment_is_not_moved():
    random.seed(0)
    for env in (gym.make("FrozenLake-v1"), gym.make(TAXI), Corridor(), gym.make("CookieJarClumsy-v0")):
        env.reset(seed=1)
        env.step(1)
        env.action_space.seed(7)
        position, samples = Position(env), deepcopy(env.action_space)
        state = random.getstate()
        assert find_model(env).offer is not None
        assert not position.is_left(env)
        assert random.getstate() == state
        assert [env.action_space.sample() for _ in range(9)] == [samples.sample() for _ in range(9)]
        Evaluator(gym.wrappers.RecordEpisodeStatistics(env))
        assert not position.is_left(env)


def test_the_warning_comes_once_and_at_the_caller():
    env = with_table(P=None)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert tabular_model(env) is None
        assert tabular_model(env, unshaped=True) is None
        QLearning(env, seed=0)
    assert [(warning.category, warning.filename) for warning in seen] == [(AgentWarning, __file__)]
    with pytest.warns(AgentWarning):
        QLearning(with_table(P=None), seed=0)


def test_an_environment_without_a_table_is_not_warned_about():
    assert tabular_model(gym.make("CartPole-v1")) is None  # warnings are errors here


def test_a_table_that_is_changed_is_checked_again():
    env = gym.make("FrozenLake-v1", is_slippery=False)
    before = tabular_model(env)
    env.unwrapped.P[14][2] = [(1.0, 15, 5.0, True)]
    assert tabular_model(env).reward.max() == 5.0 != before.reward.max()
    env.unwrapped.P[14][2] = [(0.5, 15, 5.0, True)]
    with pytest.warns(AgentWarning, match="sum to 1"):
        assert tabular_model(env) is None


def test_arrays_that_may_change_do_not_count_by_identity():
    offer = find_model(gym.make("CookieJarCorner-v0")).offer
    own = offer.model.reward.copy()
    view = own.view()
    view.setflags(write=False)
    viewed = offer._replace(model=offer.model._replace(reward=view))
    before = viewed.key()
    assert before == viewed.key()
    own += 1
    assert before != viewed.key()


def test_the_arrays_of_a_refused_table_are_kept_as_long_as_the_verdict():
    class Wrong(CookieJarEnv):
        @property
        def tabular_model(self):  # new arrays each time, whose identities may be used again
            model = super().tabular_model
            return model._replace(reward=frozen(model.reward + 1))

    env = Wrong(kitchen="corner")
    with pytest.warns(AgentWarning, match="impossible in the table"):
        assert tabular_model(env) is None
    gc.collect()
    assert any(isinstance(other, Offer) and other.model.reward.max() > 1.5 for other in gc.get_objects())


@needs_fickle_taxi
def test_an_attribute_that_is_changed_is_noticed():
    env = gym.make(TAXI)
    assert tabular_model(env) is not None
    env.unwrapped.fickle_passenger, env.unwrapped.fickle_probability = True, 1.0
    with pytest.warns(AgentWarning, match="impossible in the table"):
        assert tabular_model(env) is None
    env = gym.make(CLIFF)
    env.unwrapped.step = corridor().step
    with pytest.warns(AgentWarning):
        assert tabular_model(env) is None


def test_a_known_table_is_not_checked_twice():
    class Counted(Corridor):
        count = 0

        def step(self, action):
            Counted.count += 1
            return super().step(action)

    first, second = Counted(), Counted()
    assert tabular_model(first) is not None
    counted = Counted.count
    first.reset(seed=3)
    first.step(1)
    assert all(tabular_model(env) is not None for env in (first, second))
    assert Counted.count == counted + 1


class Rebuilt(Corridor, EzPickle):
    """Is copied by its constructor."""

    def __init__(self):
        super().__init__()
        EzPickle.__init__(self)


class Reborn(Corridor):
    """Forgets its slipperiness when it is copied."""

    slip = 0.0

    def __deepcopy__(self, memo):
        return Reborn()


def test_what_a_copy_forgets_is_found():
    env = Rebuilt()
    assert tabular_model(env) is not None
    env.P[1][1] = [(1.0, 3, 1.0, True)]
    assert tabular_model(env).next_state[1, 1, 0] == 3
    env = Reborn()
    env.slip = 0.3
    assert find_model(env).reason == "a copy of the environment has another slip"
    env = Reborn()
    env.P[1][1] = [(1.0, 3, 1.0, True)]
    assert find_model(env).reason == "a copy of the environment has another table"


def test_an_environment_that_cannot_be_copied_has_no_model_without_a_spec():
    env = with_table(handle=(number for number in ()))
    assert "the environment cannot be copied; TypeError: cannot pickle 'generator'" in find_model(env).reason
    lake = gym.make("FrozenLake-v1")
    lake.unwrapped.handle = (number for number in ())
    assert find_model(lake).reason == ""  # made again
    lake = gym.make("FrozenLake-v1", desc=None, map_name=None)  # another map each time
    lake.unwrapped.handle = (number for number in ())
    assert find_model(lake).reason == "a copy of the environment has another table"


def test_a_drawn_environment_is_checked_without_a_window():
    env = gym.make("FrozenLake-v1", render_mode="rgb_array")
    env.reset(seed=0)
    env.render()
    assert find_model(env).reason == ""
    assert env.unwrapped.render_mode == "rgb_array"


def test_a_huge_table_is_refused_at_once_and_the_agent_steps():
    env = with_table(observation_space=Discrete(600_000))
    env.P = dict.fromkeys(range(600_000), env.P[0])
    env.initial_state_distrib = np.eye(1, 600_000)[0]
    with pytest.warns(AgentWarning, match=r"P: 600,000 states x 2 actions x 1 outcomes"):
        agent = QLearning(env, seed=0).learn(100)
    assert agent.num_timesteps == 100
    assert not Evaluator(env).exact
