import pytest

from cookie_jar.agents import load
from cookie_jar.scripts.sb3.zoo import Factors


def test_an_old_module_gives_the_new_function_with_a_warning():
    from cookie_jar.scripts import runs

    with pytest.warns(DeprecationWarning, match=r"load_run has moved: use cookie_jar\.agents\.load"):
        assert runs.load_run is load


def test_an_old_path_in_a_file_of_settings_is_found():
    from importlib import import_module

    module = import_module("cookie_jar.scripts.guests.zoo")
    with pytest.warns(DeprecationWarning, match=r"use cookie_jar\.scripts\.sb3\.zoo\.Factors"):
        assert module.Factors is Factors


def test_an_old_module_has_no_other_names():
    from cookie_jar.scripts import runs

    with pytest.raises(AttributeError, match=r"'cookie_jar.scripts.runs' has no attribute 'other'"):
        _ = runs.other
