"""Action masks: what they rule out never happens, and changes no gradient."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.spaces import Discrete
from needs import TAXI
from numerical import numerical_gradient

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import PPO, ActorCritic, AgentError, Reinforce, losses
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.masks import masked_logits

KINDS = [Reinforce, ActorCritic, PPO]
INDEX, ACTIONS = np.array([0, 2, 2, 1, 0]), np.array([1, 0, 3, 2, 1])
ADVANTAGES = np.array([0.5, -1.0, 2.0, 0.3, -0.2])
ALLOWED = np.array([[0, 1, 1, 0], [0, 0, 1, 0], [1, 1, 0, 1]], bool)


@pytest.fixture
def logits():
    return np.random.default_rng(0).standard_normal((3, 4))


@pytest.mark.parametrize("loss", ["policy gradient", "clipped", "entropy"])
def test_the_gradient_is_that_of_the_masked_loss(loss, logits):
    def masked():
        log_probs = losses.log_softmax(masked_logits(logits, ALLOWED))
        if loss == "entropy":
            return losses.entropy_loss(log_probs, INDEX)
        if loss == "clipped":
            return losses.clipped_loss(log_probs, INDEX, ACTIONS, ADVANTAGES, old, 0.2)
        return losses.policy_gradient_loss(log_probs, INDEX, ACTIONS, ADVANTAGES)

    old = losses.log_softmax(masked_logits(logits, ALLOWED))[INDEX, ACTIONS] + 0.1
    _, gradient = masked()
    assert (gradient[~ALLOWED] == 0).all()
    assert (gradient[[0, 2]] != 0).any(axis=1).all()
    np.testing.assert_allclose(gradient, numerical_gradient(lambda: masked()[0], logits), atol=1e-7)


def test_the_entropy_is_that_of_the_allowed_actions():
    log_probs = losses.log_softmax(masked_logits(np.zeros((1, 10)), np.arange(10)[None] < 4))
    assert losses.entropy_loss(log_probs, np.zeros(3, int))[0] == pytest.approx(-np.log(4))


@pytest.mark.parametrize("observation", ["state", "factors", "grid"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_masked_action_has_probability_0(kind, observation):
    env = gym.make("CookieJar-v0", observation=observation)
    agent = kind(env, seed=0, n_envs=8, net_arch=[8], filters=4, action_masks=True).learn(2_000)
    masks, observations = env.unwrapped.world.action_mask, env.unwrapped.state_observations
    probabilities = agent.probabilities(observations)
    np.testing.assert_array_equal(probabilities > 0, masks == 1)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    each = np.arange(len(observations))
    for _ in range(20):
        assert masks[each, agent.sample(observations)].all()
    assert masks[each, agent.best(observations)].all()
    assert masks[each, agent.predict(observations, deterministic=True)[0]].all()


@pytest.mark.parametrize("kind", KINDS)
def test_only_allowed_actions_are_learned_from(kind):
    agent = kind("CookieJarHints-v0", seed=0, n_envs=8, action_masks=True).learn(500)
    batch = agent.collect()
    assert batch.allowed[batch.index, batch.actions].all()
    assert batch.part(np.arange(4)).allowed.shape[1] == 10
    before = agent.arrays()["policy.0.table"].copy()
    agent.update(batch)
    changed = (agent.arrays()["policy.0.table"] != before)[batch.inputs[:, 0]]
    assert changed.any()
    assert not changed[~batch.allowed].any()  # RowAdam moves only what has a gradient, or had one


def test_masks_help_in_the_corner():
    # Without masks, the same agent reaches the optimum only after 2,500 steps.
    agent = PPO("CookieJarCorner-v0", seed=0, n_envs=16, action_masks=True).learn(2_500)
    evaluator = Evaluator(agent.env)
    assert evaluator.percent(evaluator.greedy(agent).mean_return) == pytest.approx(100)


class Masked(gym.Env):
    """Two states; the mask allows action s + 1 in state s, and its reward is 1."""

    observation_space, action_space = Discrete(2), Discrete(3)

    def __init__(self, mask=None):
        self.mask = mask

    def action_mask(self, state):
        return np.eye(3, dtype=np.int8)[state + 1] if self.mask is None else self.mask

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.state = int(self.np_random.integers(2))
        return self.state, {}

    def step(self, action):
        return self.state, float(action == self.state + 1), True, False, {}


def test_masks_by_state_number_are_used_as_in_taxi():
    agent = PPO(Masked(), seed=0, action_masks=True)
    np.testing.assert_array_equal(agent.probabilities(np.arange(2)), [[0, 1, 0], [0, 0, 1]])
    assert agent.best(np.arange(2)).tolist() == [1, 2]
    taxi = PPO(TAXI, seed=0, n_envs=2, action_masks=True).learn(200)
    state, info = taxi.env.reset(seed=1)
    np.testing.assert_array_equal(taxi.probabilities(np.array([state]))[0] > 0, info["action_mask"] == 1)


def test_where_nothing_is_allowed_everything_is():
    agent = PPO(Masked(mask=np.zeros(3, np.int8)), seed=0, action_masks=True)
    np.testing.assert_allclose(agent.probabilities(np.arange(2)), 1 / 3)


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ("CartPole-v1", "expected an environment with `observation_masks`, or with `action_mask`"),
        ("FrozenLake-v1", "expected an environment with `observation_masks`"),
        (lambda: gym.make("CookieJar-v0", observation="pixels"), "which actions change something; use state"),
        (lambda: gym.wrappers.FlattenObservation(gym.make("CookieJar-v0")), "got FlattenObservation"),
        (lambda: Masked(mask=np.zeros(2, int)), r"expected masks \[2, 3\] of 0 and 1"),
        (lambda: Masked(mask=np.full(3, 2)), r"expected masks \[2, 3\] of 0 and 1"),
        (lambda: Masked(mask="no"), r"expected masks \[2, 3\] of 0 and 1"),
    ],
)
def test_an_environment_without_masks_is_refused(env, message):
    with pytest.raises(AgentError, match=message):
        PPO(env if isinstance(env, str) else env(), action_masks=True)


def test_another_environment_brings_its_own_masks():
    agent = PPO("CookieJarHints-v0", seed=0, action_masks=True)
    agent.env = gym.make("CookieJarHints-v0", clumsiness=0.2)
    states = np.arange(agent.observation_space.n)
    np.testing.assert_array_equal(agent.allowed(states), agent.env.unwrapped.world.action_mask == 1)


@pytest.mark.parametrize("value", [1, "yes", None])
def test_action_masks_is_true_or_false(value):
    with pytest.raises(AgentError, match="action_masks: expected True or False"):
        PPO("CookieJarCorner-v0", action_masks=value)


def test_masks_can_be_switched_on_and_off():
    agent = Reinforce("CookieJarCorner-v0", seed=0).learn(100)
    agent.action_masks = True
    observations = np.arange(agent.observation_space.n)
    forbidden = agent.env.unwrapped.world.action_mask == 0
    assert not forbidden[observations, agent.learn(1_000).sample(observations)].any()
    agent.action_masks = False
    assert forbidden[observations, agent.learn(1_000).sample(observations)].any()
