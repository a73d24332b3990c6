import pytest

from cookie_jar.agents import QLearning
from cookie_jar.scripts import memory, train
from cookie_jar.scripts.common.console import run


@pytest.fixture
def show(capsys):
    def call(*words):
        assert run(memory.main, list(words)) == 0
        return capsys.readouterr().out

    return call


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A run of the corner kitchen with its timeline; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("runs")
    options = ["--env", "CookieJarCorner-v0", "--timesteps", "5000", "--run-dir", str(folder), "--name"]
    assert run(train.main, [*options, "run"]) == 0
    return folder / "run"


@pytest.fixture
def learned(tmp_path, monkeypatch):
    """A memory alone, in the working directory."""
    monkeypatch.chdir(tmp_path)
    QLearning("CookieJarCorner-v0", seed=0).learn(5_000).save(tmp_path / "run" / "agent")
    return tmp_path / "run"
