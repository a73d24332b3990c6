import io
import os
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from cycler import cycler
from matplotlib.colors import to_hex
from PIL import Image

from cookie_jar.scripts.common.console import printable
from cookie_jar.scripts.common.figures import (
    GRID,
    INK,
    PAPER,
    FigureError,
    label,
    new_figure,
    own_style,
    reference_line,
    style_axes,
    to_png,
    to_svg,
)

SETTINGS = {  # of users
    "latex": {"text.usetex": True},
    "font": {"font.family": "no such font", "font.size": 30},
    "file": {"savefig.bbox": "tight", "savefig.transparent": True, "savefig.dpi": 30, "svg.fonttype": "path"},
    "style": {"axes.facecolor": "black", "lines.linewidth": 9, "axes.prop_cycle": cycler("color", ["red"])},
    "formatter": {"axes.formatter.use_locale": True, "axes.unicode_minus": False},
    "xkcd": {"path.sketch": (1, 100, 2)},
}


@own_style()
def make_figure():
    figure = new_figure(4, 3, background=PAPER)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1])
    reference_line(axes, 0.5, "half")
    style_axes(axes, "A title")
    return figure


@pytest.fixture
def figure():
    return make_figure()


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


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_figures_do_not_depend_on_the_user_s_settings(figure, settings):
    png, svg = to_png(figure), to_svg(figure)
    with matplotlib.rc_context(settings):
        again = make_figure()
        assert (to_png(again), to_svg(again)) == (png, svg)


@pytest.mark.parametrize(
    "backend", ["module://matplotlib_inline.backend_inline", "no-such-backend", "agg", ""]
)
def test_figures_do_not_depend_on_the_backend(backend):
    code = (
        "import os, sys; from cookie_jar.scripts.common.figures import new_figure, own_style, to_png\n"
        "with own_style(): figure = new_figure(1, 1)\n"
        "to_png(figure); assert 'matplotlib.pyplot' not in sys.modules; print(os.environ['MPLBACKEND'])"
    )
    variables = os.environ | {"MPLBACKEND": backend}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=variables)
    assert (result.returncode, result.stdout, result.stderr) == (0, f"{backend}\n", "")


@pytest.mark.parametrize("write", [to_png, to_svg])
def test_a_figure_that_cannot_be_drawn_is_one_message(figure, write):
    figure.text(0, 0, r"$\foo$")
    with pytest.raises(FigureError, match="the figure cannot be drawn: ValueError: "):
        write(figure)


@pytest.mark.parametrize("text", [r"$\foo$", "$x_1$ and $", "a$b", r"\alpha$", "\x1b[31m$"])
def test_a_label_is_no_formula(text):
    figure = new_figure(2, 1)
    style_axes(figure.add_subplot(), text)
    figure.axes[0].set_xlabel(label(text))
    shown = printable(text)
    assert to_svg(figure).count(f">{shown}</text>") == 2
