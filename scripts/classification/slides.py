"""What the figures of classifiers share: size and type for a slide, a colour per kind, pictures in axes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.figures import (
    BLUE,
    COLOURS,
    GREEN,
    INK,
    SOFT_INK,
    label,
    new_figure,
    style_axes,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 12.0, 6.75  # inches of a slide, 16:9
TITLE, TEXT, SMALL = 20, 14, 12  # points
RAISIN, CHOCOLATE, PLAIN = "#8250a8", "#5b3620", "#e0982f"
KIND_COLOURS = (RAISIN, CHOCOLATE, PLAIN)  # by number of `Cookie`; further kinds have the colours of lines
TRAINING, HELD_OUT = GREEN, BLUE  # a training part, and pictures that were not used for learning

Pictures = NDArray[np.uint8]


def kind_colours(kinds: Sequence[str]) -> list[str]:
    """Return the colour of each kind: always the same for the three kinds of cookies."""
    if len(kinds) <= len(KIND_COLOURS):
        return list(KIND_COLOURS[: len(kinds)])
    return [COLOURS[number % len(COLOURS)] for number in range(len(kinds))]


def new_slide(title: str, subtitle: str = "", *, height: float = HEIGHT) -> "Figure":
    """Return an empty figure of the size of a slide, with a title that states the result."""
    figure = new_figure(WIDTH, height, dpi=130)
    layout: Any = figure.get_layout_engine()
    layout.set(w_pad=0.12, h_pad=0.1, wspace=0.03, hspace=0.03)
    room = "\n" if subtitle else ""
    figure.suptitle(label(title) + room, x=0.012, ha="left", fontsize=TITLE, fontweight="bold", color=INK)
    if subtitle:
        figure.text(0.013, 1 - 0.56 / height, label(subtitle), fontsize=TEXT, color=SOFT_INK, va="top")
    return figure


def style(axes: Any, title: str = "", *, grid: Any = "y", x: str = "", y: str = "") -> None:
    """Apply the style of slides to axes."""
    style_axes(axes, title, title_size=TEXT, grid=grid)
    axes.tick_params(labelsize=SMALL)
    axes.set_xlabel(label(x), fontsize=TEXT)
    axes.set_ylabel(label(y), fontsize=TEXT)
    axes.set_axisbelow(True)


def show_picture(axes: Any, picture: NDArray[Any], title: str = "", *, colour: str | None = None) -> None:
    """Show a picture without smoothing, with a title above, and in a frame if a colour is given."""
    axes.imshow(picture, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(colour is not None)
    if colour is not None:
        axes.spines[:].set_color(colour)
        axes.spines[:].set_linewidth(3)
    if title:
        axes.set_title(label(title), fontsize=SMALL, color=INK)


def tiled(pictures: Sequence[Pictures] | Pictures, columns: int, gap: int = 2) -> Pictures:
    """Return pictures [n, S, S, 3] side by side in rows, on white."""
    size, rows = pictures[0].shape[0], -(-len(pictures) // columns)
    step = size + gap
    sheet = np.full((rows * step - gap, columns * step - gap, 3), 255, np.uint8)
    for number, picture in enumerate(pictures):
        top, left = number // columns * step, number % columns * step
        sheet[top : top + size, left : left + size] = picture
    return sheet


def diverging(values: NDArray[Any], limit: float | None = None) -> Pictures:
    """Return numbers [S, S] as colours: blue below 0, white at 0, red above; `limit` is the strongest."""
    from matplotlib import colormaps

    most = float(np.abs(values).max()) if limit is None else limit
    scaled = np.clip(0.5 + values / (2 * most), 0, 1) if most > 0 else np.full(values.shape, 0.5)
    colours: Pictures = np.asarray(np.round(colormaps["RdBu_r"](scaled)[..., :3] * 255), np.uint8)
    return colours
