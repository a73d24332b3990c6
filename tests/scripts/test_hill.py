import numpy as np
import pytest
from PIL import Image

from cookie_jar.scripts import hill
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.inspection.view import MemoryView


def test_both_figures_are_drawn_and_the_run_is_as_before(trained, inside, capsys):
    folder = trained("table")
    before = MemoryView(folder).parameters()
    options = ["--grid", "5", "--seeds", "2", "--timesteps", "3000"]
    files = ["--png", "surface.png", "--rates-png", "rates.png"]
    assert run(hill.main, [folder, *options, *files]) == 0
    shown = capsys.readouterr().out
    for name, size in (("surface.png", (1560, 728)), ("rates.png", (1350, 750))):
        assert f"wrote {name}" in shown
        with Image.open(inside / name) as picture:
            assert picture.size == size
    np.testing.assert_array_equal(MemoryView(folder).parameters(), before)


@pytest.mark.parametrize(
    ("name", "words", "message"),
    [
        ("cart", [], "expected an environment with an exact model"),
        ("corner", [], "needs a policy-gradient run (reinforce, actor-critic or ppo), got a Q-table"),
        ("table", ["--grid", "2"], "--grid: expected at least 5"),
        ("table", ["--factor", "1"], "--factor: expected more than 1"),
        ("table", ["--seeds", "-1"], "--seeds: expected at least 0"),
        ("table", ["--timesteps", "0"], "--timesteps: expected at least 1"),
    ],
)
def test_a_mistake_gives_one_clear_message(trained, refuse, name, words, message):
    assert message in refuse(hill.main, [trained(name), *words])


def test_a_run_is_needed(refuse):
    assert "RUN: expected the folder of a run, got nowhere" in refuse(hill.main, ["nowhere"])
