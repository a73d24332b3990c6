import pytest


def test_an_old_module_has_no_other_names():
    from cookie_jar.scripts import runs

    with pytest.raises(AttributeError, match=r"'cookie_jar.scripts.runs' has no attribute 'other'"):
        _ = runs.other
