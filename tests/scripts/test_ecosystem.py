"""Libraries that collect episodes work with the environments and the agents."""

import gymnasium as gym
import pytest

from cookie_jar.agents import QLearning


@pytest.mark.filterwarnings("ignore")  # of minari itself, about what a data set does not say of itself
def test_minari_collects_episodes(tmp_path, monkeypatch):
    minari = pytest.importorskip("minari")
    pytest.importorskip("h5py")
    pytest.importorskip("jax")
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    env = minari.DataCollector(gym.make("CookieJarCorner-v0"))
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(5_000)
    for seed in range(3):
        obs, _ = env.reset(seed=seed)
        terminated = truncated = False
        while not (terminated or truncated):
            obs, _, terminated, truncated, _ = env.step(int(agent.predict(obs, deterministic=True)[0]))
    env.create_dataset("cookie-jar/corner-v0", algorithm_name="QLearning")
    data = minari.load_dataset("cookie-jar/corner-v0")
    assert (data.total_episodes, data.total_steps) == (3, 21)
    assert [episode.rewards.sum().round(2) for episode in data.iterate_episodes()] == [1.45, 1.45, 1.45]
    assert data.recover_environment().spec.id == "CookieJarCorner-v0"
