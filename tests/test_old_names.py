"""Names that users have written down in an earlier version, and files that hold such names, still work."""

import importlib
import re
import subprocess
import sys
import warnings
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
import yaml
from before import BEFORE, SNAPSHOT, STEPS, TRAINED

import cookie_jar.envs
from cookie_jar.scripts import card
from cookie_jar.scripts.comparison import algorithms

OLD_NAMES = {  # names that users have written down, and the new names that a DeprecationWarning gives
    ("cookie_jar.envs", "show_episode"): None,
    ("cookie_jar.envs.rules", "make_rules"): "cookie_jar.envs.config.make_config",
    ("cookie_jar.scripts.runs", "load_run"): "cookie_jar.agents.load",
    ("cookie_jar.scripts.guests.zoo", "Factors"): "cookie_jar.scripts.sb3.zoo.Factors",
}


@pytest.fixture(autouse=True)
def inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_card_is_written_as_before(inside):
    card.main([str(TRAINED / "q-learning"), "-o", "card.md"])
    headers = [
        yaml.safe_load(file.read_text().split("---\n")[1])
        for file in (inside / "card.md", BEFORE / "card.md")
    ]
    new, old = headers
    assert (new["library_name"], new["model-index"]) == (old["library_name"], old["model-index"])
    assert {*old["tags"]} - {*new["tags"]} == {"deep-reinforcement-learning"}  # a table is none


@pytest.mark.parametrize("write", [False, True], ids=["kept", "written now"])
def test_the_example_of_a_card_works(inside, write):
    """As a user would run it: in a program of its own, with the warnings that are shown by default."""
    if write:
        card.main([str(TRAINED / "q-learning"), "-o", "card.md"])
    text = (Path("card.md") if write else BEFORE / "card.md").read_text()
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    code = example.replace("FOLDER", TRAINED.joinpath("q-learning").as_posix())
    code += "\nprint(type(agent).__name__, agent.num_timesteps)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.split()[-2:] == ["QLearning", str(STEPS)]


def old(module, name):
    """Return the object that an old name stands for now."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize(("place", "new"), OLD_NAMES.items(), ids=[".".join(place) for place in OLD_NAMES])
def test_an_old_name_still_works(place, new):
    """In a program of its own, where nothing has been imported before."""
    module, name = place
    for use in (f"from {module} import {name}", f"import {module}\n{name} = {module}.{name}"):
        code = f"import warnings\nwarnings.simplefilter('always')\n{use}\nassert callable({name})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ("DeprecationWarning" in done.stderr) == (new is not None)
        assert new is None or f"{module}.{name} has moved: use {new}" in done.stderr


def test_what_old_names_stand_for_does_what_it_did():
    load_run = old("cookie_jar.scripts.runs", "load_run")
    agent = load_run(f"{TRAINED / 'q-learning'}@500", render_mode="rgb_array")
    assert SNAPSHOT <= agent.num_timesteps <= 500
    assert agent.env.render_mode == "rgb_array"
    make_rules = old("cookie_jar.envs.rules", "make_rules")
    assert make_rules(clumsiness=0.25).clumsiness == 0.25
    show_episode = old("cookie_jar.envs", "show_episode")
    assert show_episode is cookie_jar.envs.show_episode


def test_settings_that_name_the_old_wrapper_are_read(monkeypatch):
    """RL Zoo imports the wrapper by its name; a comparison makes `env_kwargs` of it."""
    [entry] = yaml.safe_load((BEFORE / "settings" / "ppo.yml").read_text()).values()
    factors = old(*entry["env_wrapper"].rsplit(".", 1))
    wrapped, plain = (
        factors(gym.make("CookieJarCorner-v0")),
        gym.make("CookieJarCorner-v0", observation="factors"),
    )
    assert wrapped.observation_space == plain.observation_space
    np.testing.assert_array_equal(wrapped.reset(seed=0)[0], plain.reset(seed=0)[0])
    monkeypatch.setattr(algorithms, "FOLDER", BEFORE / "settings")
    read_now = algorithms.settings_of("ppo", "CookieJarCorner-v0")
    assert read_now == {
        "env_kwargs": {"observation": "factors"},
        "learning_rate": 0.003,
        "n_envs": 8,
        "policy": "network",
    }
