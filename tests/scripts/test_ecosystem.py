"""The tools of others work with what is made here."""

import os
import subprocess
import sys
from importlib.util import find_spec

import gymnasium as gym
import numpy as np
import pytest
import yaml

from cookie_jar.agents import QLearning
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison import algorithms
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS, FOLDER, settings_of
from cookie_jar.scripts.sb3.zoo import Factors


@pytest.mark.parametrize("name", ALGORITHMS)
def test_settings_are_of_the_form_of_rl_zoo(name):
    entries = yaml.safe_load((FOLDER / f"{name}.yml").read_text())
    budgets = {env_id: settings["n_timesteps"] for env_id, settings in entries.items()}
    assert budgets == {
        env_id: settings["n_timesteps"]
        for env_id, settings in yaml.safe_load((FOLDER / "q-learning.yml").read_text()).items()
    }
    assert "default" in entries
    assert "env_wrapper" not in settings_of(name, "CookieJar-v0")


def test_no_file_of_settings_is_without_a_contender():
    assert {path.stem for path in FOLDER.glob("*.yml")} == set(ALGORITHMS)


@pytest.mark.parametrize(
    "text", [b"", b"default:", b"default: {gamma: 0.9}", b"default: {n_timesteps: many}", b"a: [", b"\xff"]
)
def test_settings_that_cannot_be_read_give_one_clear_message(text, tmp_path, monkeypatch):
    monkeypatch.setattr(algorithms, "FOLDER", tmp_path)
    (tmp_path / "ppo.yml").write_bytes(text)
    with pytest.raises(UsageError, match=r"ppo\.yml: expected settings by environment"):
        settings_of("ppo", "CookieJar-v0")


def test_numbers_with_an_exponent_are_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(algorithms, "FOLDER", tmp_path)
    (tmp_path / "q-learning.yml").write_text("default:\n  n_timesteps: 1e5\n")
    assert algorithms.budget("CookieJar-v0") == 100_000


def test_the_wrapper_shows_the_factors():
    wrapped = Factors(gym.make("CookieJarHints-v0"))
    plain = gym.make("CookieJarHints-v0", observation="factors")
    assert wrapped.observation_space == plain.observation_space
    np.testing.assert_array_equal(wrapped.reset(seed=1)[0], plain.reset(seed=1)[0])
    for action in (0, 3, 4, 5, 6):
        np.testing.assert_array_equal(wrapped.step(action)[0], plain.step(action)[0])
    assert Factors(gym.make("FrozenLake-v1", is_slippery=False)).reset(seed=1)[0] == 0  # others as they are


@pytest.mark.skipif(find_spec("rl_zoo3") is None, reason="rl_zoo3 is not installed")
def test_models_are_found_where_rl_zoo_has_patched_gymnasium():
    code = "import gymnasium, rl_zoo3, cookie_jar.envs; from cookie_jar.agents.model import *\n"
    code += "env = gymnasium.make('CookieJar-v0'); assert 'Patched' in str(env)\n"
    code += "print(len(tabular_model(env).start), time_limit(env))"
    command = [sys.executable, "-W", "ignore", "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == [
        "1615",
        "200",
    ]


@pytest.mark.slow
def test_rl_zoo_trains_with_the_shipped_settings(tmp_path):
    if find_spec("rl_zoo3") is None:  # importing it would patch Gymnasium for all tests that follow
        pytest.skip("rl_zoo3 is not installed")
    command = [sys.executable, "-m", "rl_zoo3.train", "--algo", "ppo", "--env", "CookieJar-v0"]
    command += ["--gym-packages", "cookie_jar.envs", "--conf-file", str(FOLDER / "sb3-ppo.yml")]
    command += ["-n", "3000", "--eval-freq", "2000", "--eval-episodes", "2", "-f", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    assert list(tmp_path.rglob("CookieJar-v0.zip"))


@pytest.mark.filterwarnings("ignore")  # of minari itself, about what a data set does not say of itself
def test_minari_collects_episodes(tmp_path, monkeypatch):
    minari = pytest.importorskip("minari", reason="minari is not installed: pip install 'minari[hdf5]'")
    pytest.importorskip("h5py", reason="h5py is not installed: pip install 'minari[hdf5]'")
    pytest.importorskip("jax", reason="jax is not installed: pip install 'minari[create]'")
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
