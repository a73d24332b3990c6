import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple
from needs import needs_new_gymnasium

from cookie_jar.agents import PPO, ActorCritic, AgentError, QLearning
from cookie_jar.agents.checks import (
    check_size,
    checked_array,
    checked_env,
    checked_observations,
    checked_reset,
    checked_step,
    discrete,
)


def test_discrete_spaces():
    space = Discrete(3)
    assert discrete(space, "action") is space
    for bad in (Discrete(3, start=1), MultiDiscrete([3]), Box(0, 1)):
        with pytest.raises(AgentError, match="expected a Discrete action space that starts at 0"):
            discrete(bad, "action")


@pytest.mark.parametrize(
    ("space", "good"),
    [
        (Discrete(3), 2),
        (Discrete(3), [0, 2, 1]),
        (MultiDiscrete([2, 3]), [1, 2]),
        (MultiDiscrete([2, 3]), [[1, 2], [0, 0]]),
        (Box(0, 1, (2,)), [0.5, 1.0]),
    ],
)
def test_observations_of_a_space_or_a_batch(space, good):
    found = checked_observations(space, good)
    assert isinstance(found, np.ndarray)
    assert found.tolist() == good


@pytest.mark.parametrize(
    ("space", "bad"),
    [
        (Discrete(3), 3),
        (Discrete(3), -1),
        (Discrete(3), 0.0),
        (Discrete(3), [[0]]),
        (MultiDiscrete([2, 3]), [2, 0]),
        (MultiDiscrete([2, 3]), [1, 2, 0]),
        (Box(0, 1, (2,)), [0.5]),
    ],
)
def test_observations_of_other_spaces_are_refused(space, bad):
    with pytest.raises(AgentError, match="expected one observation of"):
        checked_observations(space, bad)


THREE, TWO = Discrete(3), Discrete(2)
WRAPPERS = "gymnasium.wrappers."


@pytest.mark.parametrize(
    ("space", "role", "advice"),
    [
        (Box(-1, 1, (2,)), "action", f"use {WRAPPERS}DiscretizeAction, or Stable-Baselines3"),
        (MultiDiscrete([2, 3]), "action", f"use {WRAPPERS}TransformAction"),
        (MultiBinary(2), "action", f"use {WRAPPERS}TransformAction"),
        (Discrete(3, start=1), "action", f"use {WRAPPERS}TransformAction"),
        (Discrete(3, start=1), "observation", f"use {WRAPPERS}TransformObservation"),
        (Dict({"a": Discrete(2)}), "observation", f"use {WRAPPERS}FlattenObservation"),
        (Tuple([Discrete(2)]), "observation", f"use {WRAPPERS}FlattenObservation"),
        (Box(0, 255, (36, 48, 3), np.uint8), "observation", r"use PPO \(--agent ppo\)"),
        (MultiDiscrete([2, 3]), "observation", r"use PPO \(--agent ppo\)"),
    ],
)
def test_a_refusal_names_what_helps(space, role, advice):
    with pytest.raises(AgentError, match=f"expected a Discrete {role} space .*; {advice}") as caught:
        discrete(space, role)
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()


@needs_new_gymnasium
def test_the_wrappers_that_are_named_do_help():
    wrappers = gym.wrappers
    PPO(wrappers.DiscretizeAction(gym.make("Pendulum-v1"), bins=3), n_envs=2, n_steps=4).learn(16)
    shifted = Stepping(actions=Discrete(3, start=1))
    QLearning(wrappers.TransformAction(shifted, lambda action: action + 1, Discrete(3))).learn(20)
    late = Stepping(observations=Discrete(3, start=1))
    QLearning(wrappers.TransformObservation(late, lambda obs: obs - 1, Discrete(3))).learn(20)
    parts = Stepping(observations=Dict({"a": Discrete(3), "b": Box(0, 1, (2,))}))
    PPO(wrappers.FlattenObservation(parts), n_envs=2, n_steps=4).learn(16)


class Stepping(gym.Env):
    """An environment whose steps return one part that is replaced.

    Args:
        part: The number of the part: observation, reward, terminated, truncated or info.
        value: Its value.
    """

    def __init__(self, part=None, value=None, observations=THREE, actions=TWO):
        self.observation_space, self.action_space = observations, actions
        self.part, self.value = part, value

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        return self.observation_space.sample(), {}

    def step(self, action):
        self.steps += 1
        parts = [self.observation_space.sample(), 1.0, self.steps == 5, False, {}]
        if self.part is not None:
            parts[self.part] = self.value
        return tuple(parts)


AGENTS = [QLearning, lambda env: ActorCritic(env, n_envs=2, n_steps=4)]


@pytest.mark.parametrize("kind", AGENTS)
@pytest.mark.parametrize(
    ("part", "values"),
    [
        (0, [None, 3, -1, 0.5, "a", [0], {}, [[1, 2], [3]]]),
        (1, [None, "1", np.zeros(2), 1j, float("nan"), float("inf"), 10**400]),
        (2, [None, "False", 2, np.zeros(2), 0.5]),
        (3, [None, "False", 2]),
        (4, [None, [1], "info", {"happiness": "word"}, {"happiness": None}, {"happiness": float("nan")}]),
    ],
)
def test_steps_that_are_not_as_gymnasium_says_are_refused(kind, part, values):
    for value in values:
        with pytest.raises(AgentError) as caught:
            kind(Stepping(part, value)).learn(50)
        assert len(str(caught.value)) < 300
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("kind", AGENTS)
@pytest.mark.parametrize(
    ("part", "value"),
    [(0, np.int32(1)), (0, np.array(1)), (1, 1), (1, np.float32(1)), (1, np.ones(1)), (1, True)]
    + [(part, value) for part in (2, 3) for value in (1, np.True_, np.ones(1, bool), np.int64(1))],
)
def test_numbers_of_other_types_are_right(kind, part, value):
    plain = value.item() if hasattr(value, "item") else value
    plain = {0: int, 1: float, 2: bool, 3: bool}[part](plain)
    agent, wanted = kind(Stepping(part, value)), kind(Stepping(part, plain))
    for each in (agent, wanted):
        each.set_random_seed(0)
        each.env.observation_space.seed(0)
        each.learn(40)
    assert agent.num_episodes == wanted.num_episodes
    assert all(np.isfinite(array).all() for array in agent.arrays().values())


@pytest.mark.parametrize("result", [None, 1, (0, {}, 1), (0, None), [0, {}], {}])
def test_a_reset_returns_an_observation_and_a_dict(result):
    with pytest.raises(AgentError, match=r"expected \(observation, info\)"):
        checked_reset(Stepping(), result)
    assert checked_reset(Stepping(), (0, {})) == (0, {})


def test_the_old_step_with_four_parts_is_refused():
    with pytest.raises(AgentError, match=r"expected \(observation, reward, terminated, truncated, info\)"):
        checked_step(Stepping(), (0, 1.0, False, {}))
    assert checked_step(Stepping(), (0, 1.0, np.True_, 0, {})) == (0, 1.0, True, False, {})


class Duck:
    """Steps, but is no `gymnasium.Env`."""

    observation_space, action_space = Discrete(2), Discrete(2)

    def step(self, action):
        """Do nothing."""

    def reset(self):
        """Do nothing."""


class Ducks(Duck):
    num_envs = 2


class Spaceless(gym.Env):
    pass


@pytest.mark.parametrize(
    ("env", "advice"),
    [
        (None, 'such as "CartPole-v1"'),
        (5, "got 5"),
        (gym.Env, "call it to create"),
        (lambda: Stepping(), "call it to create"),
        (Ducks(), "pass a single environment"),
        (Duck(), "subclass gymnasium.Env"),
        (Spaceless(), "expected a Gymnasium space as observation_space"),
        ("a:b:c", "cannot be created"),
        ("no_such_module:X-v0", "cannot be created; ModuleNotFoundError"),
    ],
)
def test_what_is_no_environment_is_refused_with_what_to_pass(env, advice):
    with pytest.raises(AgentError, match=advice) as caught:
        checked_env(env)
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()


def test_a_vector_environment_is_refused():
    envs = gym.make_vec("CartPole-v1", 2)
    with pytest.raises(AgentError, match="pass a single environment, and `n_envs`"):
        PPO(envs)
    envs.close()


def test_huge_arrays_are_refused():
    check_size("it", 1 << 29)
    with pytest.raises(AgentError, match=r"it: expected up to 4 GiB, needs 8.0 GiB"):
        check_size("it", 1 << 30)
    with pytest.raises(AgentError, match="q_table: expected up to 4 GiB"):
        QLearning(Stepping(observations=Discrete(10**12)))
    with pytest.raises(AgentError, match="the weights of the network"):
        PPO(Stepping(observations=Box(0, 1, (5_000, 5_000))), net_arch=[64], n_envs=1, n_steps=1)
    with pytest.raises(AgentError, match="n_envs: expected up to 10,000 copies"):
        PPO(Stepping(), n_envs=100_000, n_steps=1).learn(1)


def test_an_array_is_replaced_by_one_of_its_kind():
    mine = np.zeros(2, np.float32)
    assert checked_array("it", mine, [1, 2]).dtype == np.float32
    for bad in ([1], [1, np.nan], "ab", None, [[1], [1, 2]], np.array(["1", "2"]), [1, 1e300], [1, 1j]):
        with pytest.raises(AgentError, match="it: expected finite numbers"):
            checked_array("it", mine, bad)
    with pytest.raises(AgentError, match="int64"):
        checked_array("it", np.zeros(2, np.int64), [0.5, 1.0])
