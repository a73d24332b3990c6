import io

import numpy as np
import pytest
from PIL import Image

from cookie_jar.scripts.inspection.figures import draw_landscape, draw_learning_rates, draw_lesion
from cookie_jar.scripts.inspection.learning_rates import Curves
from cookie_jar.scripts.inspection.loss_landscape import Landscape, principal_path


def pixels(png):
    with Image.open(io.BytesIO(png)) as picture:
        return np.array(picture.convert("RGB"))


def landscape(bend=0.0):
    """A valley, and a path down into it."""
    path = principal_path(np.array([[3.0, 3.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, bend]]))
    across, up = np.linspace(-5, 1, 9), np.linspace(-4, 2, 9)
    surface = across[None, :] ** 2 + up[:, None] ** 2
    return Landscape(across, up, surface, path, (path.points**2).sum(axis=1))


def test_a_landscape_shows_its_surface_and_its_path():
    first = pixels(draw_landscape("valley", landscape(), "height"))
    assert first.shape == (728, 1560, 3)
    steeper = landscape()._replace(surface=2 * landscape().surface ** 1.5)
    for changed in (landscape(bend=1.0), steeper):
        assert (pixels(draw_landscape("valley", changed, "height")) != first).any()


def test_learning_rates_show_every_seed():
    steps = np.array([0.0, 10.0, 100.0])
    curves = {
        rate: Curves(steps, np.array([[0.0, 20.0, 90.0], [0.0, 10.0, 80.0]])) for rate in (0.1, 1.0, 10)
    }
    first = pixels(draw_learning_rates("three", curves))
    assert first.shape == (750, 1350, 3)
    other = curves | {1.0: Curves(steps, np.array([[0.0, 20.0, 90.0], [0.0, 10.0, 70.0]]))}
    assert (pixels(draw_learning_rates("three", other)) != first).any()


def test_a_figure_compares_three_learning_rates():
    with pytest.raises(ValueError, match="longer"):
        draw_learning_rates("one", {0.1: Curves(np.array([0.0, 1.0]), np.zeros((1, 2)))})


def test_a_lesion_shows_the_width_of_its_intervals_and_the_exact_probability():
    fractions, means = (0.0, 0.5, 1.0), np.array([100.0, 40.0, 0.0])
    narrow, wide, exact = (
        pixels(draw_lesion(fractions, means, np.array([means - half, means + half]), "success, %", missed))
        for half, missed in ((1, None), (9, None), (1, means + 5))
    )
    assert narrow.shape == (600, 1050, 3)
    assert (narrow != wide).any()
    assert (narrow != exact).any()
