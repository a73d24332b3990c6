"""Functions are compiled also where Numba finds no writable folder for its cache."""

import importlib

import pytest
from numba.core.caching import CacheImpl


def double(number):
    return 2 * number


@pytest.mark.parametrize("module", ["agents.compiled", "envs.compiled", "envs.cookies.renderer"])
def test_functions_are_compiled_without_a_place_for_the_cache(module, monkeypatch):
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    function = importlib.import_module(f"cookie_jar.{module}").compiled(double)
    assert function(3) == 6
    assert function.signatures  # compiled, and not run by Python
