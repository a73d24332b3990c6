import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    PPO,
    ActorCritic,
    Reinforce,
    evaluate,
    optimum,
    tabular_model,
    value_iteration,
)
from cookie_jar.agents.batch import Batch
from cookie_jar.agents.losses import log_softmax

KINDS = [Reinforce, ActorCritic, PPO]


def exact_gradient(model, logits):
    """dJ/dlogits [S, A] of the expected undiscounted return J, and J (Sutton et al. 2000, theorem 1)."""
    states = len(model.start)
    policy = np.exp(log_softmax(logits))
    follow = np.zeros((states, states))
    goes_on = np.where(model.terminated, 0.0, model.probability) * policy[:, :, None]
    np.add.at(follow, (np.arange(states)[:, None, None], model.next_state), goes_on)
    reward = (model.probability * model.reward).sum(axis=2)
    values = np.linalg.solve(np.eye(states) - follow, (policy * reward).sum(axis=1))
    visits = np.linalg.solve(np.eye(states) - follow.T, model.start)
    following = (model.probability * np.where(model.terminated, 0.0, values[model.next_state])).sum(axis=2)
    advantages = reward + following - values[:, None]
    return visits[:, None] * policy * advantages, model.start @ values


def test_the_estimate_is_the_exact_gradient_on_average():
    env = gym.make("CookieJarCorner-v0", max_episode_steps=1_000)  # no episode runs out of time
    agent = Reinforce(env, gamma=1.0, ent_coef=0.0, vf_coef=0.0, n_envs=2_000, n_steps=1_000, seed=0)
    rng = np.random.default_rng(1)
    policy, value = agent.network.policy.layers[0].table, agent.network.value.layers[0].table
    model = tabular_model(env)
    good = value_iteration(
        model
    ).optimal_actions  # a policy that succeeds soon, so that returns differ little
    policy.value[...] = 3 * good + 0.3 * rng.standard_normal(good.shape)
    value.value[...] = rng.standard_normal(value.value.shape)  # no baseline shifts the mean
    logits = policy.value.astype(np.float64)
    exact, expected_return = exact_gradient(model, logits)
    for state, action in ((0, 3), (1, 4), (2, 2)):  # the formula itself, by finite differences
        logits[state, action] += 1e-5
        assert (exact_gradient(model, logits)[1] - expected_return) / 1e-5 == pytest.approx(
            exact[state, action], rel=1e-3
        )
        logits[state, action] -= 1e-5

    estimates = []
    for _ in range(16):
        batch = agent.collect()
        agent.loss(batch)
        found = np.zeros_like(exact)
        found[policy.rows] = policy.gradient
        estimates.append(-found * len(batch.actions) / agent.n_envs)  # from a mean of samples to one episode
    mean = np.mean(estimates, axis=0)
    error = np.std(estimates, axis=0, ddof=1) / np.sqrt(len(estimates))
    visited = error > 0
    # None of 400 numbers is 8 standard errors off: for Student's t of 15 degrees, chance 4e-4 in all.
    assert (np.abs(mean - exact)[visited] < 8 * error[visited]).all()
    assert np.abs(exact[~visited]).max(initial=0) < 1e-3
    assert (np.abs(exact)[visited] > 16 * error[visited]).sum() >= 2  # a wrong sign or factor would be seen


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("policy", ["table", "network"])
def test_it_learns_the_corner(kind, policy):
    env = gym.make("CookieJarCorner-v0")
    agent = kind(env, policy=policy, seed=0).learn(100_000, callback_interval=100_000)
    score = evaluate(tabular_model(env), agent.policy, 200)
    assert score.mean_return > 1.42  # the optimum is 1.45
    exploring = evaluate(tabular_model(env), agent.probabilities(agent.states()), 200).mean_return
    assert np.mean(agent.episode_returns[-200:]) == pytest.approx(exploring, abs=0.1)


@pytest.mark.parametrize("kind", [ActorCritic, PPO])
def test_it_learns_other_environments(kind):
    env = gym.make("FrozenLake-v1", is_slippery=False)
    agent = kind(env, seed=0, n_envs=16).learn(60_000)
    assert evaluate(tabular_model(env), agent.policy, 100).mean_return == 1.0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("env_id", ["CookieJarCorner-v0", "CookieJarClumsy-v0"])
def test_the_same_seed_gives_the_same_numbers(kind, env_id):
    first, again, other = (kind(env_id, seed=seed).learn(5_000) for seed in (3, 3, 4))
    for name, array in first.arrays().items():
        np.testing.assert_array_equal(array, again.arrays()[name])
    assert any((array != other.arrays()[name]).any() for name, array in first.arrays().items())


def test_reinforce_plays_whole_episodes():
    agent = Reinforce("CookieJarCorner-v0", n_envs=4, seed=0)
    agent.learn(1)
    batch = agent.collect()
    # An episode has at most 200 steps; steps of environments whose episode is over do not count.
    assert isinstance(batch, Batch)
    assert 4 * 7 <= len(batch.actions) <= 4 * 200


def test_grids_go_through_a_convolution():
    env = gym.make("CookieJarCorner-v0", observation="grid")
    agent = PPO(env, seed=0, n_envs=16)
    assert "trunk.0.weight" in agent.arrays()
    score = evaluate(tabular_model(env), agent.learn(60_000).policy, 200)
    assert score.mean_return > 1.4


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("kind", "env_id"),
    [
        *((kind, env_id) for kind in KINDS for env_id in ("CookieJarCorner-v0", "CookieJar-v0")),
        *(
            (kind, env_id)
            for kind in (ActorCritic, PPO)
            for env_id in ("CookieJarClumsy-v0", "CookieJarHints-v0")
        ),
        *((kind, "factors") for kind in (ActorCritic, PPO)),
    ],
)
def test_the_defaults_learn_what_is_possible(kind, env_id, seed):
    from cookie_jar.agents.evaluation import Evaluator

    options = {"observation": "factors"} if env_id == "factors" else {}
    env = gym.make("CookieJarHints-v0" if env_id == "factors" else env_id, **options)
    agent, evaluator = kind(env, seed=seed).learn(1_000_000, callback_interval=100_000), Evaluator(env)
    assert evaluator.percent(evaluator.greedy(agent).mean_return) >= 99


CART_POLE = {"n_envs": 8, "n_steps": 128, "batch_size": 256, "n_epochs": 10, "learning_rate": 0.0003}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("kind", "options"), [(ActorCritic, {}), (PPO, CART_POLE | {"normalize_advantage": True})]
)
def test_cart_pole_is_solved(kind, options, seed):
    """Learn until 100 greedy episodes from fixed seeds have a mean return of 475, as Gymnasium asks."""
    from cookie_jar.agents.evaluation import Evaluator

    agent = kind("CartPole-v1", seed=seed, **options)
    evaluator = Evaluator(agent.env)
    while evaluator.greedy(agent).mean_return < 475:
        assert agent.num_timesteps < 1_000_000
        agent.learn(25_000, callback_interval=25_000)


@pytest.mark.slow
def test_what_is_learned_on_some_levels_holds_on_others():
    from cookie_jar.agents.evaluation import ALL_LEVELS, Evaluator
    from cookie_jar.agents.numbered import unseen_ranges

    aided = gym.make("CookieJarRandom-v0", hints=True, random_start=True)
    options = {"n_envs": 512, "batch_size": 4_096, "ent_coef": 0.002, "normalize_advantage": True}
    agent = PPO(aided, seed=0, **options).learn(1_000_000, callback_interval=100_000)
    env = gym.make("CookieJarRandom-v0")
    seen = Evaluator(env, max_levels=ALL_LEVELS)
    unseen = Evaluator(env, **unseen_ranges(env), max_levels=ALL_LEVELS)
    scores = [part.percent(part.stochastic(agent).mean_return) for part in (seen, unseen)]
    assert min(scores) >= 40
    assert scores[0] == pytest.approx(scores[1], abs=5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_ppo_learns_from_pictures_with_its_defaults(seed):
    agent = PPO(gym.make("CookieJarCorner-v0", observation="pixels"), seed=seed).learn(40_000)
    model = tabular_model(gym.make("CookieJarCorner-v0"))
    assert evaluate(model, agent.policy, 200).mean_return >= 0.99 * optimum(model, 200).mean_return


def test_an_agent_with_pictures_is_saved_and_loaded(tmp_path):
    agent = PPO(gym.make("CookieJarCorner-v0", observation="pixels"), seed=0, n_envs=2, filters=2).learn(64)
    again = PPO.load(agent.save(tmp_path / "agent"))
    assert again.inputs.scaled
    pictures = agent.states()
    assert (again.values(pictures) == agent.values(pictures)).all()
    raw = PPO(agent.env, seed=0, n_envs=2, filters=2, pictures=False)  # as earlier versions
    again = PPO.load(raw.save(tmp_path / "raw"))
    assert not again.inputs.scaled
    assert (again.values(pictures) == raw.values(pictures)).all()
