from functools import cache
from pathlib import Path

import pytest

from cookie_jar.agents import QLearning
from cookie_jar.scripts import memory, train
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.viewer import main_loop

CORNER = ["--env", "CookieJarCorner-v0"]
RUNS = {  # the options of small runs that tests look at
    "corner": [*CORNER, "--timesteps", "5000"],
    "sarsa": [*CORNER, "--timesteps", "5000", "--agent", "sarsa"],
    "expected-sarsa": [*CORNER, "--timesteps", "5000", "--agent", "expected-sarsa"],
    "raisin": [*CORNER, "--timesteps", "200", "--likes", "raisin"],
    "lake": ["--env", "FrozenLake-v1", "--timesteps", "3000"],
    "table": [*CORNER, "--agent", "actor-critic", "--timesteps", "60000"],
    "network": [
        *CORNER, "--agent", "ppo", "--policy", "network", "--net-arch", "16", "--timesteps", "30000",
    ],
    "cart": ["--env", "CartPole-v1", "--agent", "reinforce", "--timesteps", "300"],
}  # fmt: skip


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A function from the name of a run to its folder; each run is trained once, when it is asked for."""
    parent = tmp_path_factory.mktemp("runs")

    @cache
    def folder(name):
        assert run(train.main, [*RUNS[name], "--run-dir", str(parent), "--name", name]) == 0
        return str(parent / name)

    return folder


@pytest.fixture(scope="session")
def corner_run(trained):
    """The folder of a run in the corner kitchen, with its timeline; tests leave it as it is."""
    return Path(trained("corner"))


@pytest.fixture
def corner_memory(tmp_path, monkeypatch):
    """A folder with a memory alone, below the current one."""
    monkeypatch.chdir(tmp_path)
    QLearning("CookieJarCorner-v0", seed=0).learn(5_000).save(tmp_path / "run" / "agent")
    return tmp_path / "run"


@pytest.fixture
def inside(tmp_path, monkeypatch):
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def undrawn(monkeypatch):
    """Figures are made, but not rendered: that takes longer than training a small agent."""

    def save(figure, file, **options):
        file.write("figure" if options["format"] == "svg" else b"figure")

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", save)


@pytest.fixture
def display(monkeypatch):
    """Programs that look for a display find one."""
    monkeypatch.setattr(main_loop, "has_display", lambda: True)


@pytest.fixture
def show(capsys, monkeypatch):
    """A function that runs a command of `memory` and returns its output."""
    monkeypatch.setenv("COLUMNS", "120")

    def call(*words):
        capsys.readouterr()
        assert run(memory.main, list(words)) == 0
        return capsys.readouterr().out

    return call


@pytest.fixture
def refuse(capsys):
    """A function that runs a program with a mistake and returns its one message."""

    def call(main, words):
        capsys.readouterr()
        assert run(main, list(words)) == 2
        error = capsys.readouterr().err
        assert error.startswith("error: ")
        return error

    return call
