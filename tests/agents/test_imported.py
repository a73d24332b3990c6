import json

import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError, ImportedPolicy, MemoryFileError, load
from cookie_jar.agents.memory import read_memory


def policy(observation="factors", seed=0, **options):
    """A policy with random weights."""
    env = gym.make("CookieJarCorner-v0", observation=observation)
    made = ImportedPolicy(env, **({"algorithm": "PPO", "net_arch": [5], "seed": 1} | options))
    rng = np.random.default_rng(seed)
    made.set_weights({n: rng.standard_normal(w.shape).astype(np.float32) for n, w in made.weights.items()})
    return made


def by_hand(made, observation, bend):
    """The outputs of one observation, computed number by number."""
    sizes = made.observation_space.nvec
    places = observation + np.cumsum([0, *sizes[:-1]])
    hidden = bend(made.weights["0.weight"][places].sum(axis=0) + made.weights["0.bias"])
    return hidden @ made.weights["1.weight"] + made.weights["1.bias"]


@pytest.mark.parametrize(
    ("activation", "bend"), [("tanh", np.tanh), ("relu", lambda x: np.where(x > 0, x, 0))]
)
def test_outputs_by_hand(activation, bend):
    made = policy(activation=activation)
    observations = made.env.unwrapped.state_observations
    expected = np.array([by_hand(made, observation, bend) for observation in observations])
    found = made.outputs(observations)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(made.best(observations), found.argmax(axis=1))


def test_probabilities_are_a_softmax_of_the_outputs():
    made = policy()
    observations = made.env.unwrapped.state_observations
    outputs = made.outputs(observations).astype(np.float64)
    expected = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(made.probabilities(observations), expected)


def test_with_an_epsilon_probabilities_are_epsilon_greedy():
    made = policy(algorithm="DQN", epsilon=0.2)
    observations = made.env.unwrapped.state_observations
    probabilities = made.probabilities(observations)
    best = made.best(observations)
    np.testing.assert_allclose(probabilities[np.arange(len(best)), best], 0.82)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_masked_actions_are_never_taken():
    made = policy(algorithm="MaskablePPO", masked=True)
    observations = made.env.unwrapped.state_observations
    made.masks[...] = 0
    made.masks[:, 4] = 1
    assert (made.best(observations) == 4).all()
    assert (made.sample(observations) == 4).all()
    assert (made.probabilities(observations)[:, 4] == 1).all()


def test_samples_follow_the_probabilities():
    made = policy()
    observation = made.env.unwrapped.state_observations[:1]
    expected = made.probabilities(observation)[0]
    drawn = np.bincount(made.sample(np.repeat(observation, 20_000, axis=0)), minlength=10) / 20_000
    # Hoeffding: one of ten shares is off by more than 0.02 with probability below 1e-5.
    np.testing.assert_allclose(drawn, expected, atol=0.02)


@pytest.mark.parametrize("options", [{}, {"masked": True, "algorithm": "MaskablePPO"}])
def test_the_file_keeps_its_names(tmp_path, options):
    made = policy(**options)
    arrays, description = read_memory(made.save(tmp_path / "agent"))
    names = {"0.weight", "0.bias", "1.weight", "1.bias"} | ({"masks"} if options else set())
    assert arrays.keys() == names
    assert description["algorithm"] == "Guest"
    settings = {"algorithm", "net_arch", "activation", "epsilon", "masked", "gamma", "seed"}
    assert description["hyperparameters"].keys() == settings
    assert json.dumps(description["hyperparameters"]["net_arch"]) == "[5]"
    again = load(tmp_path)
    observations = made.env.unwrapped.state_observations
    np.testing.assert_array_equal(again.outputs(observations), made.outputs(observations))


def test_weights_of_another_network_are_refused(tmp_path):
    policy().save(tmp_path / "agent")
    with pytest.raises(AgentError, match=r"expected 0\.weight"):
        ImportedPolicy.load(tmp_path / "agent", env="CookieJarCorner-v0")
    with pytest.raises(MemoryFileError, match="No such file"):
        ImportedPolicy.load(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"algorithm": "TRPO"}, "algorithm: expected one of PPO, A2C, DQN, QRDQN, MaskablePPO"),
        ({"activation": "gelu"}, "activation: expected one of tanh, relu"),
        ({"epsilon": 2}, "epsilon: expected a number from 0 to 1"),
        ({"net_arch": [4] * 9}, "net_arch: expected the units of up to 8 hidden layers"),
        ({"net_arch": [0]}, "net_arch"),
        ({"net_arch": [1 << 30]}, "net_arch"),
    ],
)
def test_impossible_hyperparameters_are_refused(options, message):
    with pytest.raises(AgentError, match=message):
        ImportedPolicy("CookieJarCorner-v0", **({"algorithm": "PPO"} | options))


def test_impossible_observations_are_refused():
    with pytest.raises(AgentError, match="not pictures"):
        policy("pixels")
    with pytest.raises(AgentError, match="masked: expected Discrete or MultiDiscrete observations"):
        policy("grid", masked=True)
    with pytest.raises(AgentError, match="expected a Discrete observation space"):
        _ = policy().policy
    assert policy("state").policy.shape == (40,)


def test_an_imported_policy_cannot_learn():
    with pytest.raises(AgentError, match="cannot be trained further; use `compare`"):
        policy().learn(10)


def test_weights_that_do_not_match_change_nothing():
    agent = policy("factors")
    before = {name: array.copy() for name, array in agent.weights.items()}
    given = {name: array + 1 for name, array in agent.weights.items()}
    first = next(iter(given))
    for bad in ({}, given | {first: np.zeros((1, 1))}, given | {first: np.full_like(given[first], np.nan)}):
        with pytest.raises(AgentError, match="expected finite numbers"):
            agent.set_weights(bad)
        assert all((agent.weights[name] == before[name]).all() for name in before)
    agent.set_weights(given)
    assert all((agent.weights[name] == given[name]).all() for name in given)
