from itertools import pairwise

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Discrete
from needs import CLIFF, TAXI

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    AgentError,
    ExpectedSarsa,
    MemoryFileError,
    QLearning,
    Sarsa,
    evaluate,
    optimum,
    tabular_model,
    uniform_policy,
)

KINDS = [QLearning, Sarsa, ExpectedSarsa]


class Script(gym.Env):
    """Plays back a fixed list of (next_obs, reward, terminated, truncated), whatever is done."""

    observation_space = Discrete(3)
    action_space = Discrete(1)

    def __init__(self, steps):
        self.steps, self.resets = steps, []

    def reset(self, *, seed=None, options=None):
        self.resets.append(seed)
        return 0, {}

    def step(self, action):
        return *self.steps.pop(0), {}


@pytest.mark.parametrize(
    ("terminated", "truncated", "expected"),
    [
        (False, False, 0.0 + 0.5 * (1 + 0.9 * 2 - 0)),
        (True, False, 0.5 * 1),
        (False, True, 0.5 * (1 + 0.9 * 2)),  # a time-out is not an end
        (True, True, 0.5 * 1),  # both flags: it did end
    ],
)
def test_what_one_step_writes_into_the_table(terminated, truncated, expected):
    agent = QLearning(Script([(1, 1.0, terminated, truncated)]), learning_rate=0.5, gamma=0.9, seed=0)
    agent.q_table[1] = 2.0
    agent.learn(1)
    assert agent.q_table[:, 0].tolist() == pytest.approx([expected, 2.0, 0.0])
    assert agent.num_episodes == (terminated or truncated)


def test_the_environment_is_seeded_once_and_only_reset_at_ends():
    env = Script(
        [(1, 0.0, False, False), (0, 0.0, True, False), (1, 0.0, False, True), (2, 0.0, False, False)]
    )
    QLearning(env, seed=3).learn(4)
    assert isinstance(env.resets[0], int)
    assert env.resets[1:] == [None, None, None]  # the first episode and two more


class Fork(gym.Env):
    """Two states, two actions; a fixed list of (next_obs, reward, terminated, truncated)."""

    observation_space = Discrete(2)
    action_space = Discrete(2)
    step, reset = Script.step, Script.reset

    def __init__(self, steps):
        self.steps, self.resets = steps, []


def test_what_sarsa_and_expected_sarsa_write():
    greedy = {"learning_rate": 0.5, "gamma": 0.9, "exploration_initial_eps": 0, "exploration_final_eps": 0}
    for kind, following in ((Sarsa, 3.0), (ExpectedSarsa, 3.0)):
        agent = kind(Fork([(1, 1.0, False, False)]), **greedy, seed=0)
        agent.q_table[:] = [[0.5, 0.0], [2.0, 3.0]]
        agent.learn(1)
        assert agent.q_table[0].tolist() == [pytest.approx(0.5 + 0.5 * (1 + 0.9 * following - 0.5)), 0.0]
    random = greedy | {"exploration_initial_eps": 1, "exploration_final_eps": 1}
    agent = ExpectedSarsa(Fork([(1, 1.0, False, False)]), **random, seed=0)
    agent.q_table[1] = [2.0, 3.0]
    agent.learn(1)
    assert sorted(agent.q_table[0].tolist()) == [0.0, pytest.approx(0.5 * (1 + 0.9 * 2.5))]


def test_sarsa_takes_the_action_that_it_counted():
    steps = [(1, 0.0, False, False), (0, 0.0, False, False)] * 50
    always_random = {"exploration_initial_eps": 1, "exploration_final_eps": 1}
    agent = Sarsa(Fork(steps), **always_random, learning_rate=1, gamma=1, seed=0)
    agent.q_table[:] = [[1.0, 2.0], [3.0, 4.0]]
    taken, step = [], agent.env.step
    agent.env.step = lambda action: taken.append(action) or step(action)
    table = agent.q_table.copy()
    agent.learn(100)
    obs = 0
    for action, next_action in pairwise(taken):  # learning rate and gamma 1, no reward: values are handed on
        table[obs, action] = table[1 - obs, next_action]
        obs = 1 - obs
    agent_table = agent.q_table.copy()
    agent_table[obs, taken[-1]] = table[obs, taken[-1]]  # its own last target is not in the list
    np.testing.assert_array_equal(agent_table, table)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("env_id", ["CookieJarCorner-v0", "CookieJar-v0"])
@pytest.mark.parametrize("seed", range(3))
def test_tables_and_steps_give_the_same_numbers(kind, env_id, seed):
    on_tables = kind(env_id, seed=seed).learn(20_000)
    by_steps = kind(env_id, seed=seed, use_model=False).learn(20_000, callback_interval=777)
    np.testing.assert_array_equal(on_tables.q_table, by_steps.q_table)
    assert on_tables.rng.bit_generator.state == by_steps.rng.bit_generator.state
    assert on_tables.num_episodes == by_steps.num_episodes > 0


@pytest.mark.parametrize("env_id", ["CookieJarClumsy-v0", "CookieJarHints-v0", "FrozenLake-v1"])
def test_on_tables_chance_is_that_of_the_environment(env_id):
    # The mean return of the random policy by both ways; off by more than 5 standard errors of the difference
    # with probability below 1e-6 each.
    returns = {}
    for use_model in (True, False):
        seen = []
        agent = QLearning(env_id, seed=5, exploration_final_eps=1, use_model=use_model)
        agent.learn(
            150_000 if use_model else 75_000, lambda agent, seen=seen: seen.extend(agent.episode_returns)
        )
        returns[use_model] = np.array(seen)
    error = sum(seen.var() / len(seen) for seen in returns.values()) ** 0.5
    assert returns[True].mean() == pytest.approx(returns[False].mean(), abs=5 * error)
    model = tabular_model(agent.env, unshaped=True)
    exact = evaluate(model, uniform_policy(model), agent.env.spec.max_episode_steps)
    error = (returns[True].var() / len(returns[True])) ** 0.5
    assert returns[True].mean() == pytest.approx(exact.mean_return, abs=5 * error)


@pytest.mark.parametrize("kind", [Sarsa, ExpectedSarsa])
@pytest.mark.parametrize("seed", range(10))
def test_the_relatives_learn_the_exact_optimum_too(kind, seed):
    for env_id, steps in (("CookieJarCorner-v0", 10_000), ("CookieJar-v0", 200_000)):
        agent = kind(env_id, seed=seed, exploration_steps=steps // 2).learn(steps)
        model = tabular_model(agent.env)
        assert evaluate(model, agent.policy, 200).mean_return == pytest.approx(
            optimum(model, 200).mean_return
        )


def test_the_house_is_learned():
    agent = QLearning("CookieJarHouse-v0", seed=0).learn(20_000_000, callback_interval=1_000_000)
    model = tabular_model(agent.env)
    assert evaluate(model, agent.policy, 200).mean_return == pytest.approx(0.90)


@pytest.mark.parametrize(("env_id", "steps"), [("CookieJarCorner-v0", 5_000), ("CookieJar-v0", 100_000)])
@pytest.mark.parametrize("seed", range(10))
def test_it_learns_the_exact_optimum(env_id, steps, seed):
    agent = QLearning(env_id, seed=seed).learn(steps)
    model = tabular_model(agent.env)
    learned = evaluate(model, agent.policy, 200)
    assert learned == pytest.approx(optimum(model, 200), abs=1e-9)


@pytest.mark.parametrize("use_model", [True, False])
@pytest.mark.parametrize(
    ("env_id", "steps"),
    [
        ("FrozenLake-v1", 100_000),
        pytest.param(TAXI, 300_000, marks=pytest.mark.slow),
        (CLIFF, 100_000),
    ],
)
def test_it_learns_other_environments(env_id, steps, use_model):
    agent = QLearning(env_id, learning_rate=0.05, seed=0, use_model=use_model).learn(steps)
    model, limit = tabular_model(agent.env), agent.env.spec.max_episode_steps or 1_000
    best = optimum(model, limit).mean_return
    assert evaluate(model, agent.policy, limit).mean_return > best - 0.15 * abs(best)


def test_chunks_do_not_change_what_is_learned():
    whole = QLearning("CookieJarCorner-v0", seed=1).learn(3_000, callback_interval=3_000)
    parts = QLearning("CookieJarCorner-v0", seed=1).learn(3_000, callback_interval=7)
    np.testing.assert_array_equal(whole.q_table, parts.q_table)
    assert whole.rng.bit_generator.state == parts.rng.bit_generator.state
    other = QLearning("CookieJarCorner-v0", seed=2).learn(3_000)
    assert not np.array_equal(whole.q_table, other.q_table)


def test_ties_are_broken_at_random_while_learning():
    # All 10 actions are tied at first; 200 draws miss one of them with probability below 1e-8.
    agent = QLearning(
        "CookieJar-v0",
        seed=0,
        exploration_initial_eps=0,
        exploration_final_eps=0,
        learning_rate=0,
        use_model=False,
    )
    counted = []
    step = agent.env.step
    agent.env.step = lambda action: counted.append(action) or step(action)
    agent.learn(200)
    assert set(counted) == set(range(10))


@pytest.mark.parametrize("use_model", [True, False])
def test_callbacks_stop_and_see_the_episodes(use_model):
    agent = QLearning("CookieJarCorner-v0", seed=0, use_model=use_model)
    lengths, ends = [], []

    def callback(seen):
        assert seen is agent
        lengths.extend(agent.episode_lengths)
        ends.extend(agent.episode_ends)
        assert len(agent.episode_returns) == len(agent.episode_lengths)
        return agent.num_timesteps < 2_000

    agent.learn(10_000, callback)
    assert agent.num_timesteps == 2_000
    assert len(lengths) == agent.num_episodes
    assert 2_000 - 200 < sum(lengths) <= 2_000
    assert ends == np.cumsum(lengths).tolist()


def test_returns_are_true_happiness_also_with_hints():
    agent = QLearning("CookieJarHints-v0", seed=0)
    returns = []
    agent.learn(20_000, lambda agent: returns.extend(agent.episode_returns))
    hundredths = np.array(returns) * 100
    np.testing.assert_allclose(hundredths, hundredths.round(), atol=1e-6)  # hints are no whole hundredths
    assert len(returns) == agent.num_episodes > 100


def test_predict():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(5_000)
    action, state = agent.predict(0, deterministic=True)
    assert (int(action), state) == (agent.policy[0], None)
    assert np.asarray(action).shape == ()
    actions, _ = agent.predict(np.array([0, 1, 2]), deterministic=True)
    assert actions.tolist() == agent.policy[:3].tolist()
    sampled, _ = agent.predict(np.zeros(4_000, int))
    # A share of 0.955 greedy actions; off by more than 0.04 with probability below 1e-5 (Hoeffding).
    assert (sampled == agent.policy[0]).mean() == pytest.approx(0.955, abs=0.04)
    for bad in (40, -1, 0.5, "x", [[0]], None):
        with pytest.raises(AgentError, match=r"expected one observation of Discrete\(40\)"):
            agent.predict(bad)


def test_sb3_s_evaluation_accepts_it():
    evaluation = pytest.importorskip("stable_baselines3.common.evaluation")
    from stable_baselines3.common.monitor import Monitor

    agent = QLearning("CookieJar-v0", seed=0).learn(100_000)
    mean, deviation = evaluation.evaluate_policy(agent, Monitor(gym.make("CookieJar-v0")), n_eval_episodes=5)
    assert (mean, deviation) == (pytest.approx(1.37), pytest.approx(0))


def test_save_and_load(tmp_path):
    agent = QLearning("CookieJarClumsy-v0", learning_rate=0.3, seed=4).learn(3_000)
    path = agent.save(tmp_path / "agent")
    assert path == tmp_path / "agent.safetensors"
    again = QLearning.load(tmp_path / "agent")
    np.testing.assert_array_equal(again.q_table, agent.q_table)
    assert again.env.unwrapped.world is agent.env.unwrapped.world
    assert again.rng.bit_generator.state == agent.rng.bit_generator.state
    for name in (*QLearning.hyperparameters, "num_timesteps", "num_episodes"):
        assert getattr(again, name) == getattr(agent, name)
    assert again.save(tmp_path / "again").read_bytes() == path.read_bytes()


def test_load_refuses_what_does_not_fit(tmp_path):
    path = QLearning("CookieJarCorner-v0", seed=0).save(tmp_path / "agent")
    with pytest.raises(AgentError, match=r"expected q_table of float64 \[1615, 10\]"):
        QLearning.load(path, env="CookieJar-v0")
    with pytest.raises(AgentError, match=r"new = QLearning\.load"):
        QLearning("CookieJarCorner-v0").load(path)
    with pytest.raises(MemoryFileError, match="No such file"):
        QLearning.load(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"learning_rate": 1.5}, "learning_rate: expected a number from 0 to 1, got 1.5"),
        ({"gamma": float("nan")}, "gamma"),
        ({"exploration_steps": "half"}, "exploration_steps"),
    ],
)
def test_bad_hyperparameters(options, message):
    with pytest.raises(AgentError, match=message):
        QLearning("CookieJar-v0", **options)


def test_bad_environments_and_steps():
    with pytest.raises(AgentError, match="expected a Discrete observation space"):
        QLearning("CartPole-v1")
    env = gym.make("CookieJar-v0")
    env.action_space = gym.spaces.Box(0, 1)
    with pytest.raises(AgentError, match="expected a Discrete action space"):
        QLearning(env)
    with pytest.raises(AgentError, match="at least 1"):
        QLearning("CookieJar-v0").learn(0)


def test_the_progress_bar_shows(capsys):
    QLearning("CookieJarCorner-v0", seed=0).learn(2_000, progress_bar=True)
    assert "learning" in capsys.readouterr().out


class Stray(Script):
    """Sends an observation that it does not have."""

    def step(self, action):
        return 100_000_000, 0.0, False, False, {}


def test_observations_outside_of_the_space_are_refused():
    with pytest.raises(
        AgentError, match=r"expected whole numbers of Discrete\(3\) as observations, got 1000"
    ):
        QLearning(Stray([]), seed=0).learn(1)


def test_the_table_can_be_replaced_by_one_of_its_shape():
    agent = QLearning("CookieJarCorner-v0", seed=0)
    agent.q_table = np.ones((40, 10), int)
    assert agent.q_table.dtype == np.float64
    agent.learn(1_000)
    for bad in (np.zeros((16, 10)), np.zeros((40, 12)), np.full((40, 10), np.nan)):
        with pytest.raises(AgentError, match=r"q_table: expected finite numbers \[40, 10\]"):
            agent.q_table = bad


def test_another_environment_is_learned_on_its_own_tables():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(3_000)
    agent.env = gym.make("CookieJarCorner-v0", likes="raisin")
    agent.learn(5_000)
    model = tabular_model(agent.env)
    assert evaluate(model, agent.policy, 200).mean_return == pytest.approx(1.45)
    with pytest.raises(AgentError, match="expected an environment with Discrete"):
        agent.env = gym.make("CookieJar-v0")


def test_an_interrupted_step_leaves_the_agent_where_its_environment_is():
    agent = QLearning("CookieJarCorner-v0", seed=0, use_model=False)
    step, count = agent.env.step, []

    def interrupted(action):
        count.append(action)
        if len(count) == 50:
            raise KeyboardInterrupt
        return step(action)

    agent.env.step = interrupted
    with pytest.raises(KeyboardInterrupt):
        agent.learn(1_000)
    assert agent.num_timesteps == 49
    assert agent.resume_state()["episode"][0] == agent.env.unwrapped.world.number(
        agent.env.unwrapped.get_state()
    )
    assert agent.resume_state()["acts"] == count[:49]
    agent.learn(10)


def test_all_values_start_from_the_initial_value():
    agent = QLearning("CookieJarCorner-v0", initial_value=-1.5, seed=0)
    assert (agent.q_table == -1.5).all()
    agent.learn(1)
    assert (agent.q_table != -1.5).sum() == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("env", ["CookieJarCorner-v0", "CookieJarClumsy-v0"])
def test_visits_count_the_actions_and_a_saved_agent_goes_on_with_them(kind, env, tmp_path):
    whole, half = (kind(env, exploration_bonus=0.05, exploration_initial_eps=0.1, seed=3) for _ in range(2))
    whole.learn(900)
    half.learn(400)
    assert half.visits.sum() == 400
    resumed = kind.load(half.save(tmp_path / "half")).learn(500)
    for agent in (half.learn(500), resumed):
        np.testing.assert_array_equal(agent.visits, whole.visits)
        np.testing.assert_array_equal(agent.q_table, whole.q_table)


def test_stepping_counts_as_the_tables_do():
    options = {"exploration_bonus": 0.05, "exploration_initial_eps": 0.1, "seed": 3}
    tables, steps = (QLearning("CookieJarCorner-v0", use_model=use, **options) for use in (True, False))
    for agent in (tables, steps):
        agent.learn(500)
    np.testing.assert_array_equal(steps.visits, tables.visits)
    np.testing.assert_array_equal(steps.q_table, tables.q_table)


def test_without_a_bonus_nothing_is_counted_or_saved():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(100)
    assert agent.optimizer_state() == {}
    assert not agent.visits.any()


def found_after(steps, **options):
    """Return how many of 10 seeds find the optimum of the corner within some steps."""
    env = gym.make("CookieJarCorner-v0")
    model = tabular_model(env)
    best = optimum(model, 200).mean_return
    agents = [QLearning(env, seed=seed, **options).learn(steps) for seed in range(10)]
    return sum(evaluate(model, agent.policy, horizon=200).mean_return > best - 1e-9 for agent in agents)


def test_untouched_zeros_explore_not_epsilon():
    """Acts cost happiness, so 0 is optimistic: without any epsilon, all of 10 fixed seeds find the cookie."""
    never = {"exploration_initial_eps": 0.0, "exploration_final_eps": 0.0}
    assert found_after(1_000, **never) == 10
    assert found_after(1_000) < 5  # the usual epsilon is slower
    assert found_after(1_000, initial_value=-1.0, **never) < 8  # nothing looks better than what was tried
    assert found_after(1_000, initial_value=-1.0, exploration_bonus=0.5, **never) == 10


@pytest.mark.parametrize("episode", [None, 3, [], [1, 2], "abcd", [0, 0, "x", 0], [0, 0, 10**400, 0]])
def test_an_episode_that_is_none_is_refused(episode):
    agent = QLearning("CookieJar-v0", seed=0).learn(10)
    with pytest.raises(AgentError, match="expected an episode in"):
        agent.set_resume_state({"episode": episode})
