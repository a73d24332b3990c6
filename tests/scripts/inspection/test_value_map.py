import numpy as np
import pytest
from PIL import Image

from cookie_jar.agents import QLearning
from cookie_jar.scripts import memory


@pytest.fixture(autouse=True)
def _inside(inside):
    """Files are written to an empty folder."""


def pixels(file):
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("name", ["corner", "network"])
def test_state_values_are_drawn_on_the_kitchen(trained, show, name):
    show("show", trained(name), "--png", "map.png")
    picture = pixels("map.png")
    assert picture.shape == (400, 500, 3)  # 1 inch for each of 4 x 3 cells, and 1 more
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 50


def test_there_is_no_map_without_a_kitchen(trained, refuse, inside):
    assert "expected a kitchen" in refuse(memory.main, ["show", trained("lake"), "--png", "map.png"])
    assert not (inside / "map.png").exists()


def cell_colours(file):
    """The colours of large areas, without the walls and the paper."""
    colours, counts = np.unique(pixels(file).reshape(-1, 3), axis=0, return_counts=True)
    large = colours[counts > 4_000].tolist()
    return [colour for colour in large if colour not in ([255, 255, 255], [70, 102, 106])]


def test_nearly_equal_values_have_nearly_equal_colours(show, inside):
    agent = QLearning("CookieJarCorner-v0", seed=0)
    agent.q_table[:] = np.linspace(1.33, 1.355, 40)[:, None]
    agent.save("noise")
    show("show", "noise.safetensors", "--png", "noise.png")
    agent.q_table[0], agent.q_table[1:] = 0.0, 1.4
    agent.q_table[0, 0] = -1.0
    agent.save("spread")
    show("show", "spread.safetensors", "--png", "spread.png")

    noise, spread = cell_colours("noise.png"), cell_colours("spread.png")
    assert np.ptp(noise, axis=0).max() < 15
    assert np.ptp(spread, axis=0).max() > 80


def test_unknown_cells_have_no_colour(show, inside):
    QLearning("CookieJarCorner-v0", seed=0).save("new")
    show("show", "new.safetensors", "--png", "new.png")
    assert cell_colours("new.png") == [[247, 231, 202]]  # the floor
