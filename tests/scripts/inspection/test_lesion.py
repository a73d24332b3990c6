import re

import numpy as np
import pytest
from PIL import Image

from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.inspection.lesion import default_draws, greedy_score, lesion_scores, way_numbers
from cookie_jar.scripts.inspection.lesion_draws import FRACTIONS, hit_probabilities
from cookie_jar.scripts.inspection.view import MemoryView


@pytest.fixture(autouse=True)
def _inside(inside):
    """Figures are written to an empty folder."""


def rows(shown):
    """Return the cells of each row of a printed table."""
    return [line.split() for line in shown.splitlines() if re.match(r" +\d+% ", line)]


@pytest.mark.parametrize("option", ["--draws", "--seeds"])
def test_the_table_goes_from_everything_to_nothing(trained, show, inside, option):
    shown = show("lesion", trained("corner"), option, "6", "--png", "lesion.png")
    found = rows(shown)
    assert len(found) == len(FRACTIONS)
    assert found[0] == ["0%", "100.0", "%", "100.0", "to", "100.0", "%", "0.0", "%", "1.45", "100.0", "%"]
    assert found[-1][:7] + found[-1][9:10] == ["100%", "0.0", "%", "0.0", "to", "0.0", "%", "-2.00"]
    text = " ".join(shown.split())
    assert "6 independent draws of the numbers for each fraction. happiness: the mean." in text
    assert "exact interval (Clopper and Pearson)" in text
    assert "at least one of 7 numbers: the best in each state that the greedy policy can reach" in text
    assert "With all numbers 0, all actions are equally good to the agent. It does not act at random" in text
    with Image.open(inside / "lesion.png") as picture:
        assert picture.size == (1050, 600)


def test_the_agent_is_as_before(trained):
    view = MemoryView(trained("corner"))
    before = view.parameters()
    returns, successes = lesion_scores(view, 2, Console(quiet=True))
    np.testing.assert_array_equal(view.parameters(), before)
    np.testing.assert_allclose(returns[0], 1.45)
    assert returns.shape == successes.shape == (len(FRACTIONS), 2)


def test_one_percent_of_a_table_rarely_hits_the_way(trained):
    """Of 400 numbers 7 make the way, so 4 forgotten numbers hit one of them with probability 6.8 %.

    A hit number is 0 then, no longer the best, and the episode fails. With 1,000 draws the standard error is
    0.8 %; the error probability of 4.5 of them is 7e-6.
    """
    view = MemoryView(trained("corner"))
    assert (view.size, way_numbers(view)) == (400, 7)
    hits = hit_probabilities(400, 7)
    assert hits[1] == pytest.approx(0.0684, abs=5e-5)
    returns, successes = lesion_scores(view, 1_000, Console(quiet=True))
    assert successes[1].mean() == pytest.approx(1 - hits[1], abs=4.5 * 0.008)
    assert 1.1 < returns[1].mean() < 1.35


@pytest.mark.parametrize("name", ["corner", "table", "network", "lake"])
def test_scores_that_are_not_computed_again_are_the_same(trained, name):
    view = MemoryView(trained(name))
    score, rng, start = greedy_score(view), np.random.default_rng(0), view.parameters()
    for part in np.linspace(0, 0.3, 60):
        view.set_parameters(start * (rng.random(view.size) >= part))
        assert score() == view.score


def test_networks_and_other_environments_can_lose_numbers_too(trained, show):
    network, lake = (show("lesion", trained(name), "--draws", "2") for name in ("network", "lake"))
    assert rows(network)[-1][-3].startswith("-2.")
    assert "way hit" not in network
    assert "95 % interval: of the mean success, by Student's t." in lake
    assert "way hit" in lake


def test_without_success_happiness_has_the_interval(trained, show):
    shown = show("lesion", trained("cart"), "--draws", "2")
    assert re.match(r" *forgotten +happiness +95 % interval\n", shown.lstrip("\n"))
    assert "of the mean happiness, by Student's t" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("name", "draws"), [("corner", 1_000), ("table", 1_000), ("network", 100), ("cart", 20)]
)
def test_there_are_as_many_draws_as_are_cheap(trained, name, draws):
    assert default_draws(MemoryView(trained(name))) == draws


def test_one_draw_is_too_few(trained, refuse):
    message = refuse(memory.main, ["lesion", trained("corner"), "--draws", "1"])
    assert "--draws/--seeds: expected at least 2, got 1" in message
