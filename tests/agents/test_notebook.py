import sys
from types import ModuleType

import pytest

from cookie_jar.agents import QLearning, notebook


@pytest.fixture(autouse=True)
def _outside(monkeypatch):
    for name in notebook.VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_a_kernel_and_what_it_starts_are_recognised(monkeypatch):
    assert not notebook.in_notebook()
    monkeypatch.setenv("JPY_PARENT_PID", "7")
    assert notebook.in_notebook()
    monkeypatch.delenv("JPY_PARENT_PID")
    monkeypatch.setitem(sys.modules, "ipykernel.kernelapp", ModuleType("kernelapp"))
    assert notebook.in_notebook()


def test_learning_in_a_notebook_tells_its_end_in_one_line(monkeypatch, capsys):
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Interactive")
    QLearning("CookieJarCorner-v0", seed=0).learn(300, progress_bar=True)
    assert capsys.readouterr().out == "learning  300/300\n"
