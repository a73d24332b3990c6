"""Functions are compiled also where Numba finds no writable folder for its cache."""

import pytest
from numba.core.caching import CacheImpl

from cookie_jar.agents import compiled as of_agents
from cookie_jar.envs import compiled as of_envs
from cookie_jar.envs.cookies import renderer  # before the test, so that it finds the folder of its cache


def double(number):
    return 2 * number


@pytest.mark.parametrize("module", [of_agents, of_envs, renderer])
def test_functions_are_compiled_without_a_place_for_the_cache(module, monkeypatch):
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    function = module.compiled(double)
    assert function(3) == 6
    assert function.signatures  # compiled, and not run by Python
