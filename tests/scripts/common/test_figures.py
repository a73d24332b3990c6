import io

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from cookie_jar.scripts.common.figures import (
    GRID,
    INK,
    PAPER,
    new_figure,
    reference_line,
    style_axes,
    to_png,
    to_svg,
)


@pytest.fixture
def figure():
    figure = new_figure(4, 3, background=PAPER)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1])
    reference_line(axes, 0.5, "half")
    style_axes(axes, "A title")
    return figure


def test_a_png_has_the_size_and_the_background_of_the_figure(figure):
    with Image.open(io.BytesIO(to_png(figure))) as picture:
        assert picture.size == (600, 450)
        assert to_hex(np.array(picture.convert("RGB"))[0, 0] / 255) == PAPER


def test_the_same_figure_gives_the_same_files(figure):
    assert to_png(figure) == to_png(figure)
    assert to_svg(figure) == to_svg(figure)


def test_letters_of_an_svg_stay_letters(figure):
    svg = to_svg(figure)
    assert ">A title</text>" in svg
    assert ">half</text>" in svg


def test_axes_have_no_frame_at_the_top_and_the_right(figure):
    [axes] = figure.axes
    assert [side for side, line in axes.spines.items() if line.get_visible()] == ["left", "bottom"]
    assert axes.get_title(loc="left") == "A title"
    assert axes.xaxis.label.get_color() == INK
    assert to_hex(axes.get_ygridlines()[0].get_color()) == GRID
    assert not axes.get_xgridlines()[0].get_visible()


def test_no_figure_changes_matplotlib_s_settings(figure):
    before = dict(matplotlib.rcParams)
    to_svg(figure)
    to_png(figure)
    assert dict(matplotlib.rcParams) == before
