import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import (
    PPO,
    ActorCritic,
    AgentError,
    Evaluator,
    Optimal,
    QLearning,
    Random,
    evaluate,
    evaluation,
    tabular_model,
)
from cookie_jar.agents.evaluation import action_probabilities
from cookie_jar.agents.numbered import own_range, unseen_ranges, validation_ranges


def test_the_scale_goes_from_the_random_policy_to_the_optimum():
    env = gym.make("CookieJarCorner-v0")
    evaluator = Evaluator(env)
    assert evaluator.exact
    assert evaluator.optimum.mean_return == pytest.approx(1.45)
    assert evaluator.percent(evaluator.random.mean_return) == 0
    assert evaluator.percent(evaluator.greedy(Optimal(env)).mean_return) == pytest.approx(100)
    assert evaluator.horizon == 200


def test_an_environment_can_be_named_by_its_id():
    assert Evaluator("CookieJarCorner-v0").optimum == Evaluator(gym.make("CookieJarCorner-v0")).optimum


def test_a_policy_that_stays_is_evaluated_once(monkeypatch):
    calls = []
    monkeypatch.setattr(evaluation, "evaluate", lambda *args: calls.append(1) or evaluate(*args))
    agent = QLearning("CookieJarCorner-v0", seed=0)
    evaluator = Evaluator(agent.env)
    first = evaluator.greedy(agent), evaluator.stochastic(agent)
    calls.clear()
    assert (evaluator.greedy(agent), evaluator.stochastic(agent)) == first
    assert not calls
    agent.q_table[0, 6] = 1.0
    changed = evaluator.greedy(agent)
    assert len(calls) == 1
    assert changed == Evaluator(agent.env).greedy(agent)
    assert evaluator.stochastic(agent) == Evaluator(agent.env).stochastic(agent)


def test_the_exploring_policy_of_a_q_table_is_epsilon_greedy():
    agent = QLearning("CookieJarCorner-v0", seed=0, exploration_final_eps=0.5).learn(5_000)
    probabilities = action_probabilities(agent, np.arange(40))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_allclose(probabilities[np.arange(40), agent.policy], 0.55)
    expected = evaluate(tabular_model(agent.env), probabilities, 200)
    assert Evaluator(agent.env).stochastic(agent) == expected


def test_scores_have_a_stochastic_part_for_policy_gradient_agents_alone():
    table, actor = QLearning("CookieJarCorner-v0", seed=0), ActorCritic("CookieJarCorner-v0", seed=0)
    evaluator = Evaluator(table.env)
    assert evaluator.scores(table) == (evaluator.greedy(table), None)
    assert evaluator.scores(actor) == (evaluator.greedy(actor), evaluator.stochastic(actor))


def test_without_a_model_episodes_are_sampled_from_fixed_seeds():
    env = gym.make("CartPole-v1")
    evaluator, agent = Evaluator(env), ActorCritic(env, seed=0)
    assert not evaluator.exact
    assert evaluator.optimum is None
    assert np.isnan(evaluator.percent(100.0))
    assert "100 episodes" in evaluator.how
    assert 10 < evaluator.random.mean_return < 40
    before = agent.rng.bit_generator.state
    first = evaluator.stochastic(agent)
    assert agent.rng.bit_generator.state == before
    assert first[::2] == evaluator.stochastic(agent)[::2]  # success is NaN here
    assert np.isnan(first.success)


def test_sampled_episodes_agree_with_the_exact_evaluation():
    env = gym.make("CookieJarCorner-v0")
    hidden = gym.wrappers.RecordEpisodeStatistics(env)  # a wrapper that hides the model
    sampled, exact = Evaluator(hidden), Evaluator(env)
    assert not sampled.exact
    agent = Optimal(env)
    assert sampled.greedy(agent) == pytest.approx(exact.greedy(agent))  # all 100 episodes are the same
    # The mean of 100 random episodes: 5 standard errors, the deviation taken as 1 at most.
    assert sampled.random.mean_return == pytest.approx(exact.random.mean_return, abs=0.5)


def test_the_levels_of_an_environment_are_found():
    env = gym.make("CookieJarRandom-v0", levels=(3, 3))
    assert own_range(env, "levels") == (3, 3)
    assert validation_ranges(env) == {"levels": (1_000, 1_099)}
    assert unseen_ranges(env) == {"levels": (2_000, 2_099)}
    for other in (gym.make("CookieJarRandom-v0", levels=(0, 9_999)), gym.make("CartPole-v1")):
        assert validation_ranges(other) == unseen_ranges(other) == {}
    assert own_range(gym.make("CartPole-v1"), "levels") is None


def test_an_environment_without_validation_levels_is_validated_in_its_test_levels():
    env = gym.make("CookieJarPicturesJar-v0")
    assert validation_ranges(env) == unseen_ranges(env) == {"pictures": (1_000_000, 1_999_999)}
    levels = gym.make("CookieJarRandom-v0", levels=(1_000, 1_000))
    assert (validation_ranges(levels), unseen_ranges(levels)) == ({}, {"levels": (2_000, 2_099)})


def test_the_mean_over_levels_is_the_mean_of_the_levels():
    env = gym.make("CookieJarRandom-v0")
    parts = [Evaluator(env, (level, level)).optimum for level in (5, 6)]
    both = Evaluator(env, (5, 6))
    assert both.optimum == pytest.approx(tuple(np.mean(parts, axis=0)))
    assert both.how == "exact, without sampling noise, mean of 2 levels (5 to 6)"


def test_as_many_levels_are_evaluated_as_are_asked_for(monkeypatch):
    env = gym.make("CookieJarRandom-v0")
    three = Evaluator(env, (0, 4), max_levels=3)
    assert three.how == "exact, without sampling noise, mean of 3 of 5 levels (0 to 4)"
    parts = [Evaluator(env, (level, level)) for level in (0, 2, 4)]
    assert {part.how for part in parts} == {"exact, without sampling noise"}
    assert three.random == pytest.approx(tuple(np.mean([part.random for part in parts], axis=0)))
    for wrong in (0, 2.5, True):
        with pytest.raises(AgentError, match="max_levels: expected a whole number of at least 1, got"):
            Evaluator(env, max_levels=wrong)


def test_the_random_policy_is_the_zero():
    env = gym.make("CookieJarCorner-v0")
    agent = Random(env, seed=0)
    probabilities = np.full((40, 10), 0.1)
    assert Evaluator(env).random == evaluate(tabular_model(agent.env), probabilities, 200)


@pytest.mark.parametrize("changed", [False, True])
def test_an_environment_that_cannot_be_copied_is_made_anew_if_it_was_not_changed(changed):
    env = gym.make("CartPole-v1")
    env.unwrapped.clock = open(__file__)  # noqa: SIM115 - files cannot be copied, as a clock of pygame
    if changed:
        env.unwrapped.gravity = 25.0
        with pytest.raises(AgentError, match="expected an environment that can be copied"):
            Evaluator(env)
    else:
        assert Evaluator(env).random.length > 1
    env.unwrapped.clock.close()


@pytest.mark.parametrize(
    ("env_id", "best"), [("CookieJarPicturesJar-v0", 1.0), ("CookieJarPicturesCorner-v0", 1.45)]
)
def test_pictures_have_the_exact_optimum_of_an_agent_that_knows_the_state(env_id, best):
    evaluator = Evaluator(gym.make(env_id))
    assert not evaluator.exact
    assert evaluator.optimum.mean_return == pytest.approx(best)
    exact = Evaluator(gym.make(env_id, observation="factors"))
    assert (evaluator.random, evaluator.optimum) == (exact.random, exact.optimum)
    assert evaluator.percent(evaluator.optimum.mean_return) == 100
    assert evaluator.how.endswith("random and optimum exact, the optimum knows the state")
    assert (evaluator.numbered, exact.numbered) == ("pictures", "")


@pytest.mark.slow
def test_unseen_pictures_are_others_than_those_of_training():
    env = gym.make("CookieJarPicturesJar-v0", pictures=(0, 0))
    assert unseen_ranges(env) == {"pictures": (1_000_000, 1_999_999)}
    agent = PPO(env, n_envs=2, n_steps=8, n_epochs=1, filters=2, net_arch=(4,), seed=0).learn(16)
    seen, unseen = Evaluator(env).greedy(agent), Evaluator(env, **unseen_ranges(env)).greedy(agent)
    assert seen != unseen
    with pytest.raises(AgentError, match="pictures: expected the first and the last"):
        Evaluator(env, pictures=3)


def test_a_wrapper_for_pictures_leaves_the_optimum_unknown(monkeypatch):
    monkeypatch.setattr(evaluation, "EPISODES", 2)
    env = gym.wrappers.FilterObservation(gym.make("CookieJarPicturesCorner-v0"), ["factors"])
    evaluator = Evaluator(env)
    assert not evaluator.exact
    assert evaluator.optimum is None
