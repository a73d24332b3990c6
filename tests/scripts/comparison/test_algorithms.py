import pytest
import yaml

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison import algorithms
from cookie_jar.scripts.comparison.algorithms import (
    ALGORITHMS,
    DEFAULT_ALGORITHMS,
    FOLDER,
    STATE,
    available,
    budget,
    check_available,
    check_known,
    default_algorithms,
    installation,
    observation_of,
    obstacle,
    settings_of,
    supports,
)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_settings_have_the_format_of_rl_zoo(name):
    entries = yaml.safe_load((FOLDER / f"{name}.yml").read_text())
    assert "default" in entries
    for env_id, settings in entries.items():
        assert settings["n_timesteps"] == budget(env_id)
    assert "env_wrapper" not in settings_of(name, "CookieJar-v0")


def test_each_file_of_settings_has_an_algorithm():
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
    assert budget("CookieJar-v0") == 100_000


def test_sb3_observes_factors_in_a_fixed_kitchen():
    for env_id in ("CookieJar-v0", "CookieJarClumsy-v0"):
        assert settings_of("sb3-ppo", env_id)["env_kwargs"] == {"observation": "factors"}
    for env_id in ("FrozenLake-v1", "CookieJarRandom-v0"):  # factors do not contain walls
        assert not {"env_kwargs", "env_wrapper"} & set(settings_of("sb3-ppo", env_id))


TWINS = [name for name in ALGORITHMS if name.endswith(STATE)]


def test_every_guest_observes_factors_in_one_row_and_state_numbers_in_another():
    guests = {name for name in DEFAULT_ALGORITHMS if name.startswith("sb3")}
    assert len(guests) == 10
    assert guests == {name for name in guests for name in (name.removesuffix("-state"), f"{name}-state")} & {
        *ALGORITHMS
    }
    assert {*TWINS} < {*DEFAULT_ALGORITHMS}


@pytest.mark.parametrize("name", TWINS)
def test_a_row_for_state_numbers_has_the_settings_of_its_twin(name):
    twin = name.removesuffix("-state")
    assert ALGORITHMS[name].kind == ALGORITHMS[twin].kind
    for env_id in ("CookieJar-v0", "CookieJarCorner-v0", "CookieJarHints-v0", "CookieJarClumsy-v0"):
        mine, theirs = settings_of(name, env_id), settings_of(twin, env_id)
        assert theirs == mine | {"env_kwargs": {"observation": "factors"}}
        assert (observation_of(env_id, mine), observation_of(env_id, theirs)) == ("state", "factors")
        assert supports(name, env_id)
    for env_id in ("FrozenLake-v1", "CookieJarVector-v0", "CookieJarRandom-v0"):  # one row is enough
        assert obstacle(name, env_id) in (
            "does not show both state numbers and factors",
            "has no action masks",
        )
    assert obstacle(name, "CookieJarPicturesJar-v0") == "shows pictures"


def test_what_agents_observe_in_other_environments():
    assert observation_of("FrozenLake-v1", {}) == ""
    assert observation_of("CookieJarRandom-v0", {}) == "grid"
    assert observation_of("CookieJarPicturesJar-v0", {}) == "pictures"
    assert (
        observation_of("CookieJar-v0", {"env_kwargs": {"observation": ["x"] * 100}}) == "['x', 'x', 'x', 'x',"
    )


@pytest.mark.parametrize("name", ALGORITHMS)
def test_an_agent_that_cannot_learn_from_pictures_is_not_given_the_state_instead(name):
    assert obstacle(name, "CookieJarPictures-v0") == "shows pictures"
    learns = name in ("ppo", "ppo-network", "reinforce", "actor-critic", "labels", "taster", "sb3-ppo")
    assert obstacle(name, "CookieJarPicturesJar-v0") == ("" if learns else "shows pictures")
    assert "env_kwargs" not in settings_of(name, "CookieJarPicturesJar-v0")


def test_what_is_not_installed_is_left_out(monkeypatch):
    monkeypatch.setattr(algorithms, "is_installed", lambda kind: kind == "PPO")
    assert [name for name in available() if name.startswith("sb3")] == ["sb3-ppo", "sb3-ppo-state"]
    assert "expected-sarsa" not in available()
    assert check_available(["sb3-ppo", "sarsa", "sarsa"]) == ["sb3-ppo", "sarsa"]
    with pytest.raises(UsageError, match="--agents sb3-dqn: the extra sb3 is not installed") as dqn:
        check_available(["sb3-dqn"])
    assert 'pip install stable-baselines3 (or, in the source folder: pip install -e ".[sb3]")' in str(
        dqn.value
    )
    with pytest.raises(
        UsageError, match="the extra sb3-contrib is not installed; run: pip install sb3-contrib"
    ):
        check_available(["sb3-qrdqn"])
    both = installation(["sb3-dqn", "sb3-qrdqn"])
    assert "the extra sb3 and the extra sb3-contrib are not installed" in both
    assert '".[sb3,sb3-contrib]"' in both


def test_pictures_of_the_jar_have_algorithms_of_their_own():
    jar = "CookieJarPicturesJar-v0"
    assert {*default_algorithms([jar]), "sb3-ppo"} == {"labels", "taster", "sb3-ppo"}
    assert all(supports(name, jar) for name in default_algorithms([jar]))
    assert not supports("sb3-dqn", jar)
    assert not {"labels", "taster"} & set(default_algorithms([jar, "CookieJar-v0"]))
    assert obstacle("taster", "CookieJar-v0") == "does not show the pictures of the jar alone"
    assert obstacle("sb3-maskable-ppo", "CookieJarRandom-v0") == "has no action masks"
    assert settings_of("sb3-ppo", jar)["policy"] == "CnnPolicy"


def test_own_agents_use_action_masks_in_all_kitchens():
    for env_id in ("CookieJar-v0", "CookieJarHints-v0", "CookieJarRandom-v0", "CookieJarVector-v0"):
        assert supports("ppo-network-masks", env_id)
        assert settings_of("ppo-network-masks", env_id)["action_masks"] is True
    assert obstacle("ppo-network-masks", "FrozenLake-v1") == "has no action masks"


def test_unknown_names_are_refused():
    assert check_known(["ppo", "sarsa", "ppo"]) == ["ppo", "sarsa"]
    with pytest.raises(UsageError, match=r"expected some of q-learning, .* got 'nobody'"):
        check_known(["nobody"])
