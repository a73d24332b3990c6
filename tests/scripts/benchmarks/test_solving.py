import gymnasium as gym
import numpy as np
import pytest
from needs import TAXI, needs_c

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import tabular_model, value_iteration
from cookie_jar.scripts.benchmarks.c_library import c_library
from cookie_jar.scripts.benchmarks.solving import values_in_c


@needs_c
@pytest.mark.parametrize("env_id", ["CookieJar-v0", "CookieJarClumsy-v0", "CookieJarHints-v0", TAXI])
@pytest.mark.parametrize("gamma", [0.5, 0.99])
def test_sweeps_in_c_find_the_same_values(env_id, gamma):
    model = tabular_model(gym.make(env_id))
    found, exact = values_in_c(c_library("solving"), model, gamma), value_iteration(model, gamma).values
    np.testing.assert_allclose(found, exact, rtol=0, atol=2e-15 * np.abs(exact).max())
