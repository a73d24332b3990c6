import gymnasium as gym
import numpy as np
import pytest

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import AgentError, load
from cookie_jar.agents.imported_pictures import ImportedPicturePolicy

JAR = "CookieJarPicturesJar-v0"


@pytest.fixture
def policy():
    imported = ImportedPicturePolicy(JAR, algorithm="PPO", seed=0)
    rng = np.random.default_rng(0)
    imported.set_weights({name: rng.normal(0, 0.05, w.shape) for name, w in imported.weights.items()})
    return imported


def test_a_policy_is_saved_and_loaded(policy, tmp_path):
    policy.save(tmp_path / "agent")
    loaded = load(tmp_path)
    assert isinstance(loaded, ImportedPicturePolicy)
    obs = np.stack([gym.make(JAR).reset(seed=seed)[0] for seed in range(3)])
    probabilities = policy.probabilities(obs)
    np.testing.assert_array_equal(loaded.probabilities(obs), probabilities)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert (loaded.predict(obs, deterministic=True)[0] == probabilities.argmax(axis=1)).all()
    assert set(policy.predict(obs)[0]) <= {0, 1, 2}


def test_weights_of_other_shapes_are_refused(policy):
    with pytest.raises(AgentError, match="finite numbers"):
        policy.set_weights({name: weight[:1] for name, weight in policy.weights.items()})


def test_it_cannot_be_trained_further(policy):
    with pytest.raises(AgentError, match="cannot be trained further"):
        policy.learn(1)


@pytest.mark.parametrize("env", ["CookieJar-v0", "CookieJarPicturesCorner-v0", "CartPole-v1"])
def test_observations_other_than_pictures_are_refused(env):
    with pytest.raises(AgentError, match="expected pictures of at least 36 x 36 pixels"):
        ImportedPicturePolicy(env, algorithm="PPO")
