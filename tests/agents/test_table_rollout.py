"""Learning in compiled loops on the tables of a model, against learning by steps with NumPy."""

import os
import subprocess
import sys
from dataclasses import replace

import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import PPO, ActorCritic, AgentError, NotFiniteError, Reinforce, tabular_model
from cookie_jar.agents.layers import Parameter
from cookie_jar.agents.model import SamplingTables
from cookie_jar.agents.network import Network
from cookie_jar.agents.optimizers import TABLE_OPTIMIZERS
from cookie_jar.agents.table_rollout import TableCollector

KINDS = [Reinforce, ActorCritic, PPO]


def pair(kind, env, **options):
    """Return an agent that learns on tables, and one that steps, with the same random weights in float64.

    In a deterministic kitchen, both draw the same random numbers for the same purposes.
    """
    agents = [kind(env, seed=3, use_model=use_model, **options) for use_model in (True, False)]
    for agent in agents:
        agent.network = Network(agent.inputs, int(agent.action_space.n), (), agent.rng, np.float64)
        rng = np.random.default_rng(1)
        for parameter in agent.network.parameters().values():
            parameter.value[...] = rng.standard_normal(parameter.value.shape)
        agent.weight_optimizer = TABLE_OPTIMIZERS[agent.optimizer](agent.network.parameters())
    steps = agents[1]
    # The batch of a rollout by steps has a row for its last observations, which need not be samples. With
    # such a row, the step of row-adam would also be one of a state without samples.
    update, steps.update = steps.update, lambda batch: update(batch.part(np.arange(len(batch.actions))))
    return agents


def assert_same_numbers(tables, steps, within=1e-12):
    mine, other = tables.arrays() | tables.optimizer_state(), steps.arrays() | steps.optimizer_state()
    assert mine.keys() == other.keys()
    for name, array in mine.items():
        np.testing.assert_allclose(array, other[name], rtol=within, atol=within, err_msg=name)


OPTIONS = [
    {},
    {"normalize_advantage": True, "ent_coef": 0.3, "vf_coef": 2.0},
    {"gamma": 0.5, "max_grad_norm": 1e-3},
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("optimizer", TABLE_OPTIMIZERS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_update_from_the_same_batch_changes_the_same_numbers(kind, optimizer, options):
    options = options | ({"batch_size": 100, "clip_range": 0.02} if kind is PPO else {})
    env = gym.make("CookieJarCorner-v0", max_episode_steps=50)
    tables, steps = pair(kind, env, optimizer=optimizer, n_envs=8, **options)
    for _ in range(3):  # later updates start from what the optimizer remembers
        batch = tables.collect()
        steps.collect()  # draws the same random numbers
        before = tables.get_parameters()
        for agent in (tables, steps):
            agent.update(batch)
        assert_same_numbers(tables, steps)
        assert any((array != before[name]).any() for name, array in tables.arrays().items())
    assert tables.rng.bit_generator.state == steps.rng.bit_generator.state
    for name, parameter in steps.network.parameters().items():
        mine = tables.network.parameters()[name]
        whole, other = np.zeros_like(mine.value), np.zeros_like(mine.value)
        whole[mine.rows], other[parameter.rows] = mine.gradient, parameter.gradient
        np.testing.assert_allclose(whole, other, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", KINDS)
def test_a_gradient_step_reports_the_loss(kind):
    tables, steps = pair(kind, "CookieJarCorner-v0", n_envs=8)
    batch = tables.collect()
    losses = [agent.gradient_step(batch) for agent in (tables, steps)]
    np.testing.assert_allclose(*losses, rtol=1e-12)


@pytest.mark.parametrize("max_episode_steps", [5, 200])  # with and without time-outs
@pytest.mark.parametrize("n_steps", [3, 40])
@pytest.mark.parametrize("kind", KINDS)
def test_a_rollout_has_the_same_samples(kind, n_steps, max_episode_steps):
    env = gym.make("CookieJarCorner-v0", max_episode_steps=max_episode_steps)
    tables, steps = pair(kind, env, n_envs=8, n_steps=n_steps)
    for _ in range(2):
        mine, other = tables.collect(), steps.collect()
        np.testing.assert_array_equal(mine.inputs[mine.index], other.inputs[other.index])
        np.testing.assert_array_equal(mine.actions, other.actions)
        for name in ("advantages", "targets", "old_log_probs"):
            np.testing.assert_allclose(
                getattr(mine, name), getattr(other, name), rtol=1e-12, atol=1e-13, err_msg=name
            )


@pytest.mark.parametrize("env_id", ["CookieJarCorner-v0", "CookieJar-v0", "FrozenLake"])
@pytest.mark.parametrize("kind", KINDS)
def test_both_loops_learn_the_same(kind, env_id):
    env = gym.make("FrozenLake-v1", is_slippery=False) if env_id == "FrozenLake" else gym.make(env_id)
    seen = []
    for agent in pair(kind, env, n_envs=8):
        episodes = []

        def note(agent, episodes=episodes):
            found = agent.episode_returns, agent.episode_lengths, agent.episode_ends
            episodes.extend(zip(*found, strict=True))

        agent.learn(3_000, note, callback_interval=700)
        seen.append((agent, episodes, agent.num_timesteps, agent.num_episodes))
    (tables, *counts), (steps, *others) = seen
    assert tables.tables() is not None
    assert steps.tables() is None
    assert counts == others
    assert counts[2] > 5
    assert_same_numbers(tables, steps, within=1e-9)


def collector(env, logits, number, n_steps=1):
    """Return a collector with the same logits [A] in all states."""
    tables = SamplingTables.of(env)
    states, actions = tables.model.next_state.shape[:2]
    parameters = (
        Parameter(np.tile(np.float32(logits), (states, 1))),
        Parameter(np.zeros((states, 1), np.float32)),
    )
    assert len(logits) == actions
    return TableCollector(tables, parameters, number, n_steps, False, np.random.default_rng(0))


NUMBER = 40_000
# Hoeffding: the share of NUMBER draws is off by more than OFF with probability 2 exp(-2 NUMBER OFF^2) < 1e-7.
OFF = 0.0145


def test_first_states_actions_and_outcomes_are_as_likely_as_they_should_be():
    """About 100 shares are compared; the seed is fixed, and others would fail with probability 1e-5."""
    env = gym.make("CookieJarCorner-v0", clumsiness=0.4, random_start=True)
    model = tabular_model(env)
    logits = np.linspace(-1, 1, 10)
    made = collector(env, logits, NUMBER)
    states = len(model.start)
    starts = made.observations.copy()
    np.testing.assert_allclose(np.bincount(starts, minlength=states) / NUMBER, model.start, atol=OFF)
    assert np.count_nonzero(model.start) > 1

    made.advance(1)
    actions = made.batch(0.9, 0.9).actions
    likely = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(np.bincount(actions, minlength=10) / NUMBER, likely, atol=OFF)

    follow = np.zeros(states)
    pairs = model.start[:, None, None] * likely[:, None] * model.probability
    np.add.at(follow, model.next_state, np.where(model.terminated, 0, pairs))
    follow += np.where(model.terminated, pairs, 0).sum() * model.start
    np.testing.assert_allclose(np.bincount(made.observations, minlength=states) / NUMBER, follow, atol=OFF)


def test_weights_that_are_changed_within_a_rollout_count_at_once():
    env = gym.make("CookieJarCorner-v0")
    agent = ActorCritic(env, seed=0, n_envs=4, n_steps=16).learn(4)
    agent.arrays()["policy.0.table"][:, 3] = 100
    batch = agent.collect()
    assert (batch.actions[4:] == 3).all()
    assert (batch.actions[:4] != 3).any()


class Quiet(PPO):
    """A subclass that may do anything."""


def test_what_the_compiled_loops_do_not_know_is_learned_by_steps():
    assert PPO("CookieJarCorner-v0").tables() is not None
    assert Quiet("CookieJarCorner-v0").tables() is None
    assert PPO("CookieJarCorner-v0", policy="network").tables() is None
    assert PPO(gym.make("CookieJarCorner-v0", observation="factors")).tables() is None
    agent = PPO("CookieJarCorner-v0", n_envs=4, n_steps=4)
    seen = []
    agent.update = seen.append
    assert agent.tables() is None
    agent.learn(16)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"use_model": 1}, "use_model: expected True, False or None, got 1"),
        ({"use_model": True, "policy": "network"}, "use_model: expected a table of Discrete observations"),
        ({"use_model": True, "action_masks": True}, "None or False with action_masks, got True"),
        (
            {"use_model": True, "exploration_bonus": 0.1, "final_learning_rate": 0.01},
            "use_model: expected None or False with final_learning_rate, exploration_bonus, got True",
        ),
    ],
)
def test_an_impossible_use_of_the_model_is_refused(options, message):
    with pytest.raises(AgentError, match=message):
        PPO("CookieJarCorner-v0", **options)


def test_a_demanded_model_must_be_there():
    agent = PPO(gym.wrappers.TransformReward(gym.make("CookieJarCorner-v0"), float), use_model=True)
    with pytest.raises(AgentError, match="expected an environment with a tabular model"):
        agent.learn(10)


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_that_are_not_finite_are_noticed(kind):
    agent = kind("CookieJarCorner-v0", optimizer="sgd", learning_rate=1e30, max_grad_norm=1e30, seed=0)
    with pytest.raises(NotFiniteError, match=r"expected finite numbers, got .* steps; a lower learning rate"):
        agent.learn(100_000)


def test_a_gradient_that_is_not_finite_changes_nothing():
    agent = ActorCritic("CookieJarCorner-v0", seed=0, n_envs=4)
    agent.arrays()["value.0.table"][:] = np.nan
    before = agent.arrays()["policy.0.table"].copy()
    with pytest.raises(NotFiniteError, match="gradient: expected finite numbers, got nan after 64 steps"):
        agent.learn(100)
    np.testing.assert_array_equal(agent.arrays()["policy.0.table"], before)


def test_a_batch_of_another_table_is_refused():
    agent = ActorCritic("CookieJarCorner-v0", seed=0)
    batch = agent.collect()
    for change in (
        {"inputs": batch.inputs + 40},
        {"index": batch.index - 1},
        {"actions": batch.actions + 10},
    ):
        with pytest.raises(AgentError, match="expected a batch of a table with 40 states and 10 actions"):
            agent.gradient_step(replace(batch, **change))
    with pytest.raises(AgentError, match="expected a batch with as many actions"):
        agent.gradient_step(replace(batch, actions=batch.actions[1:]))


WITHOUT_COMPILATION = """
import sys
import cookie_jar.envs
from cookie_jar.agents import PPO, ActorCritic, Reinforce
for kind in (Reinforce, ActorCritic, PPO):
    agent = kind("CookieJarClumsy-v0", seed=3, n_envs=2, n_steps=20).learn(101)
    agent.save(f"{sys.argv[1]}/{kind.__name__}")
"""


def test_without_compilation_the_numbers_are_the_same(tmp_path):
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-c", WITHOUT_COMPILATION, str(tmp_path)]
    subprocess.run(command, check=True, env=environment)
    for kind in KINDS:
        loaded = kind.load(tmp_path / kind.__name__)
        agent = kind("CookieJarClumsy-v0", seed=3, n_envs=2, n_steps=20).learn(101)
        assert loaded.num_episodes == agent.num_episodes
        for name, array in agent.arrays().items():
            np.testing.assert_allclose(loaded.arrays()[name], array, rtol=1e-5, atol=1e-7, err_msg=name)


@pytest.mark.parametrize(("order", "size"), [([0, 640], 2), ([-1], 1), ([0], 0)])
def test_gradient_steps_take_only_samples_of_the_batch(order, size):
    agent = PPO("CookieJar-v0", n_envs=64, n_steps=10, seed=0, use_model=True)
    with pytest.raises(AgentError, match="expected numbers below 640 in steps of at least one sample"):
        agent.gradient_steps(agent.collect(), np.array(order), size)
