import pytest

from cookie_jar.scripts.comparison.algorithms import DEFAULT_ALGORITHMS, match_hints, settings_of
from cookie_jar.scripts.comparison.effort import effort_text, search_effort

HINTS = "CookieJarHints-v0"


@pytest.mark.parametrize("name", DEFAULT_ALGORITHMS)
def test_the_effort_is_known_for_each_row_of_a_comparison(name):
    for env_id in ("CookieJar-v0", "CookieJarCorner-v0", HINTS):
        effort = search_effort(name, env_id)
        if name.endswith("-state") or name == "ppo-network-masks":  # settings of another search
            assert effort is None
        else:
            assert effort.draws == 15
            assert 4 <= effort.dimensions <= 8
            searched = {"gamma", "learning_rate"}
            assert searched <= {*settings_of(name, env_id)}


def test_efforts_in_words():
    settings = settings_of("sb3-ppo", HINTS)
    text = "15 draws of 7 hyperparameters, 2.1 for each"
    assert effort_text("sb3-ppo", HINTS, settings) == text
    assert effort_text("sb3-ppo", HINTS, match_hints("sb3-ppo", HINTS, settings)) == text
    assert (
        effort_text("sb3-ppo", HINTS, settings | {"gamma": 0.123}) == ""
    )  # those of a sweep, or of the past
    assert effort_text("sb3-ppo-state", HINTS, settings_of("sb3-ppo-state", HINTS)) == "not searched"


@pytest.mark.parametrize("env_id", ["CookieJarClumsy-v0", "FrozenLake-v1", "CookieJarPicturesJar-v0"])
def test_settings_that_are_for_all_other_environments_were_not_searched(env_id):
    assert search_effort("sb3-ppo", env_id) is None
    assert search_effort("labels", env_id) is None
