"""The vector observation with what other libraries do to a `Box`: the environment is used unchanged."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.wrappers import (
    ClipReward,
    FlattenObservation,
    FrameStackObservation,
    NormalizeObservation,
    NormalizeReward,
    RecordEpisodeStatistics,
    RescaleObservation,
)

import cookie_jar.envs  # noqa: F401 - registers the environments

SOURCES = [
    {"id": "CookieJarVector-v0"},
    {"id": "CookieJarRandom-v0", "observation": "vector"},
    {"id": "CookieJar-v0", "observation": "vector", "shuffle_cookies": True, "random_start": True},
]


@pytest.mark.parametrize("source", SOURCES)
def test_it_is_a_plain_box(source):
    space = gym.make(**source).observation_space
    assert isinstance(space, gym.spaces.Box)
    assert space.dtype == np.float32
    assert len(space.shape) == 1
    assert space.is_bounded()
    assert (space.low.min(), space.high.max()) == (0, 1)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "wrap",
    [
        lambda env: RescaleObservation(env, np.float32(-1), np.float32(1)),
        NormalizeObservation,
        FlattenObservation,
        lambda env: FrameStackObservation(env, 4),
        # the order of CleanRL's scripts
        lambda env: NormalizeReward(NormalizeObservation(RecordEpisodeStatistics(ClipReward(env, -1, 1)))),
    ],
)
def test_gymnasium_s_wrappers_take_it(source, wrap):
    env = wrap(gym.make(**source))
    obs, _ = env.reset(seed=0)
    for action in range(10):
        assert obs in env.observation_space
        assert np.isfinite(obs).all()
        obs, *_ = env.step(action)


def test_many_with_the_wrappers_of_vectors():
    envs = gym.make_vec("CookieJarVector-v0", 4, autoreset_mode="SAME_STEP")
    envs = gym.wrappers.vector.RecordEpisodeStatistics(envs)
    obs, _ = envs.reset(seed=0)
    for _ in range(3):
        obs, *_ = envs.step(envs.action_space.sample())
    assert (obs.shape, obs.dtype) == (envs.observation_space.shape, np.float32)
    assert obs.sum(axis=1).tolist() == [5.0] * 4  # five factors, each one-hot


def test_sb3_s_vec_normalize_takes_it():
    pytest.importorskip("stable_baselines3")
    from stable_baselines3 import PPO
    from stable_baselines3.common.env_util import make_vec_env
    from stable_baselines3.common.vec_env import VecNormalize

    env = VecNormalize(make_vec_env("CookieJarVector-v0", n_envs=2, seed=0))
    model = PPO("MlpPolicy", env, n_steps=16, batch_size=16, seed=0, device="cpu").learn(32)
    assert model.observation_space.dtype == np.float32
    assert np.isfinite(env.reset()).all()
