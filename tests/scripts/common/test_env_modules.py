"""Runs in environments that a module of the user registers."""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import gymnasium as gym
import pytest

import cookie_jar.scripts
from cookie_jar.agents import QLearning
from cookie_jar.scripts import card, compare, hill, memory, play, sweep, train, watch
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.common.env_modules import imported, module_options
from cookie_jar.scripts.comparison.run_trial import run_chunk
from cookie_jar.scripts.comparison.trials import Trial

MODULE = """
import gymnasium as gym
from gymnasium.spaces import Discrete

class Corridor(gym.Env):
    observation_space, action_space = Discrete(6), Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = 0
        return 0, {}

    def step(self, action):
        self.place = max(0, self.place + (1 if action else -1))
        return self.place, float(self.place == 5), self.place == 5, False, {}

gym.register("CorridorOfTests-v0", f"{__name__}:Corridor", max_episode_steps=30)
"""
BROKEN = {
    "absent": "ModuleNotFoundError: No module named 'absent_module'",
    "syntax": "SyntaxError",
    "raises": "RuntimeError: one two",
    "exits": "SystemExit: 3",
}


def forget():
    sys.modules.pop("corridor_of_tests", None)
    gym.registry.pop("CorridorOfTests-v0", None)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, with the module."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "corridor_of_tests.py").write_text(MODULE)
    yield tmp_path
    forget()


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory):
    """A run in the environment of the module."""
    parent = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(parent)
        (parent / "corridor_of_tests.py").write_text(MODULE)
        options = ["--env", "corridor_of_tests:CorridorOfTests-v0", "--run-dir", str(parent)]
        assert run(train.main, [*options, "--timesteps", "50", "--name", "x"]) == 0
    forget()
    return parent / "x"


@pytest.fixture
def corridor_run(trained_once, folder):
    """A copy of the run, whose environment is not registered."""
    shutil.copytree(trained_once, folder / "runs" / "x")
    return "runs/x"


PROGRAMS = {
    "train": (train.main, ["--resume", "runs/x", "--timesteps", "5"]),
    "memory show": (memory.main, ["show", "runs/x"]),
    "memory diff": (memory.main, ["diff", "runs/x", "runs/x"]),
    "memory edit": (memory.main, ["edit", "runs/x", "0", "1", "2.0", "-o", "runs/e"]),
    "card": (card.main, ["runs/x"]),
    "watch": (watch.main, ["runs/x"]),
    "hill": (hill.main, ["runs/x"]),
    "play": (play.main, ["runs/x"]),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_says_how_to_load_a_run_of_a_module(name, corridor_run, capsys):
    main, words = PROGRAMS[name]
    capsys.readouterr()
    assert run(main, words) == 2
    hint = "trained in 'CorridorOfTests-v0', which is not registered; add --env-module corridor_of_tests\n"
    assert capsys.readouterr().err.endswith(hint)
    assert "corridor_of_tests" not in sys.modules
    run(main, [*words, "--env-module", "corridor_of_tests"])
    assert "not registered" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["train", "memory show", "memory edit", "card"])
def test_a_program_loads_a_run_of_a_module(name, corridor_run):
    main, words = PROGRAMS[name]
    assert run(main, [*words, "--env-module", "corridor_of_tests"]) == 0


def test_train_prints_the_option_in_the_next_command(corridor_run, capsys):
    env = ["--env-module", "corridor_of_tests", "--env", "CorridorOfTests-v0"]
    assert run(train.main, [*env, "--timesteps", "5", "--name", "y"]) == 0
    assert "watch runs/y --env-module corridor_of_tests" in capsys.readouterr().out
    assert module_options(gym.make("CookieJarCorner-v0")) == []


def test_a_worker_process_imports_the_module():
    trial = Trial("CorridorOfTests-v0", "q-learning", 0, 50, {}, 1)
    [failed], [record] = run_chunk([trial]), run_chunk([trial], ["corridor_of_tests"])
    assert "CorridorOfTests" in failed.error
    assert record.error is None


@pytest.mark.slow
@pytest.mark.parametrize(("main", "agents"), [(compare.main, "--agents"), (sweep.main, "--agent")])
def test_compare_and_sweep_run_in_an_environment_of_a_module(main, agents, capsys):
    words = ["--env-module", "corridor_of_tests", "--env", "CorridorOfTests-v0", agents, "q-learning"]
    assert run(main, [*words, "--timesteps", "50", "--seeds", "1", "--checks", "1", "--jobs", "1"]) == 0
    assert "corridor_of_tests" in capsys.readouterr().out or main is compare.main


@pytest.mark.parametrize("name", BROKEN)
def test_a_module_that_cannot_be_imported_gives_one_line(name, folder, capsys):
    (folder / "absent.py").write_text("import absent_module")
    (folder / "syntax.py").write_text("def x(:")
    (folder / "raises.py").write_text("raise RuntimeError('one\\ntwo')")
    (folder / "exits.py").write_text("import sys; sys.exit(3)")
    for words in (["--env", f"{name}:X-v0"], ["--env-module", name]):
        assert run(train.main, words) == 2
        error = capsys.readouterr().err
        assert f"cannot import '{name}'; {BROKEN[name]}" in error
        assert error.count("\n") == 1
    assert not (folder / "runs").exists()


@pytest.mark.parametrize("name", ["", " ", "a/b", "../x", "no_such_module_here", "a\0b"])
def test_names_that_are_no_modules_are_refused(name):
    with pytest.raises(argparse.ArgumentTypeError, match="cannot import"):
        imported(name)


def test_the_current_folder_comes_last_on_the_path_after_an_import(folder):
    imported("corridor_of_tests")
    assert sys.path[-1] == str(folder)
    imported("corridor_of_tests")
    assert sys.path.count(str(folder)) == 1


def test_a_run_that_needs_python_says_so(folder, capsys):
    text = "gym.register('CorridorOfTests-v0', lambda: Corridor(), max_episode_steps=30)\n"
    text += "Corridor.__init__ = lambda self: setattr(self, 'salt', __import__('os').urandom(8))\n"
    (folder / "corridor_of_tests.py").write_text(MODULE.replace("gym.register", "0 and gym.register") + text)
    env = ["--env", "corridor_of_tests:CorridorOfTests-v0"]
    assert run(train.main, [*env, "--timesteps", "5", "--name", "x"]) == 0
    assert "can only be loaded in Python, with load(path, env=...): a new env" in capsys.readouterr().out
    assert run(card.main, ["runs/x", "--env-module", "corridor_of_tests"]) == 2
    assert "in Python, pass the environment: load(path, env=...)" in capsys.readouterr().err
    env = gym.make("CorridorOfTests-v0")
    assert QLearning.load("runs/x/agent", env=env).num_timesteps == 5


def test_a_class_that_raises_gives_one_line(folder, capsys):
    bad = MODULE + "Corridor.__init__ = lambda self: 1 / 0\n"
    (folder / "corridor_of_tests.py").write_text(bad)
    assert run(train.main, ["--env", "corridor_of_tests:CorridorOfTests-v0"]) == 2
    error = capsys.readouterr().err
    assert "the environment cannot be created; ZeroDivisionError: division by zero" in error
    assert error.count("\n") == 1


CALL = "import sys; from cookie_jar.scripts.cli import main; sys.exit(main())"
CALLS = {  # -P leaves the current folder out of the path, as for an installed console script
    "console script": ["-P", "-c", CALL, "train"],
    "module": ["-m", "cookie_jar.scripts.train"],
    "file": [str(Path(cookie_jar.scripts.__file__).parent / "train.py")],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CALLS)
def test_a_module_of_the_current_folder_is_found_however_a_program_is_called(name, folder):
    options = ["--env", "corridor_of_tests:CorridorOfTests-v0", "--timesteps", "50", "--name", "x"]
    for words in (options, ["--resume", "runs/x", "--timesteps", "9", "--env-module", "corridor_of_tests"]):
        done = subprocess.run([sys.executable, *CALLS[name], *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
