import re

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from cookie_jar.scripts import memory
from cookie_jar.scripts.inspection.lesion import FRACTIONS, lesion_scores, mean_half_widths
from cookie_jar.scripts.inspection.view import MemoryView


def test_the_table_goes_from_everything_to_nothing(trained, show, inside):
    shown = show("lesion", trained("corner"), "--seeds", "6", "--png", "lesion.png")
    rows = [line.split() for line in shown.splitlines() if re.match(r" +\d+% ", line)]
    assert len(rows) == len(FRACTIONS)
    assert rows[0][:2] == ["0%", "1.45"]
    assert rows[-1][:2] == ["100%", "-2.00"]
    with Image.open(inside / "lesion.png") as picture:
        assert picture.size == (1050, 600)


def test_the_agent_is_as_before(trained):
    view = MemoryView(trained("corner"))
    before = view.parameters()
    scores = lesion_scores(view, 2, Console(quiet=True))
    np.testing.assert_array_equal(view.parameters(), before)
    np.testing.assert_allclose(scores[0], 1.45)
    assert scores.shape == (len(FRACTIONS), 2)


def test_networks_and_other_environments_can_lose_numbers_too(trained, show):
    assert re.search(r"^ +100% +-2\.\d\d", show("lesion", trained("network"), "--seeds", "2"), re.M)
    assert re.search(r"^ +100% +0\.\d\d", show("lesion", trained("lake"), "--seeds", "2"), re.M)


def test_the_interval_is_student_s():
    scores = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])
    assert mean_half_widths(scores)[0] == pytest.approx(1.9632, abs=1e-4)  # 2.7764 * 1.5811 / sqrt(5)


def test_one_seed_is_too_few(trained, refuse):
    message = refuse(memory.main, ["lesion", trained("corner"), "--seeds", "1"])
    assert "--seeds: expected at least 2, got 1" in message
