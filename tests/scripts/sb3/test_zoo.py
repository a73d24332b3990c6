import os
import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from needs import needs_package

from cookie_jar.scripts.comparison.algorithms import FOLDER
from cookie_jar.scripts.sb3.zoo import Factors

# Importing rl_zoo3 would patch Gymnasium for all tests that follow, so it is imported in other processes.
needs_zoo = needs_package("rl_zoo3")


def test_the_wrapper_observes_factors():
    wrapped = Factors(gym.make("CookieJarHints-v0"))
    plain = gym.make("CookieJarHints-v0", observation="factors")
    assert wrapped.observation_space == plain.observation_space
    np.testing.assert_array_equal(wrapped.reset(seed=1)[0], plain.reset(seed=1)[0])
    for action in (0, 3, 4, 5, 6):
        np.testing.assert_array_equal(wrapped.step(action)[0], plain.step(action)[0])


def test_the_wrapper_leaves_other_environments_as_they_are():
    lake = gym.make("FrozenLake-v1", is_slippery=False)
    assert Factors(lake).observation_space == lake.observation_space
    assert Factors(lake).reset(seed=1)[0] == 0


@needs_zoo
def test_models_are_found_where_rl_zoo_has_patched_gymnasium():
    code = "import gymnasium, rl_zoo3, cookie_jar.envs; from cookie_jar.agents.model import *\n"
    code += "env = gymnasium.make('CookieJar-v0'); assert 'Patched' in str(env)\n"
    code += "print(len(tabular_model(env).start), time_limit(env))"
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1615", "200"]


@needs_zoo
@pytest.mark.slow
def test_rl_zoo_trains_with_the_shipped_settings(tmp_path):
    command = [sys.executable, "-m", "rl_zoo3.train", "--algo", "ppo", "--env", "CookieJar-v0"]
    command += ["--gym-packages", "cookie_jar.envs", "--conf-file", str(FOLDER / "sb3-ppo.yml")]
    command += ["-n", "3000", "--eval-freq", "2000", "--eval-episodes", "2", "-f", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    assert list(tmp_path.rglob("CookieJar-v0.zip"))
