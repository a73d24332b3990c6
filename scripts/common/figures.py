"""The style that all matplotlib figures share: sizes, axes, colours, PNG and SVG; no global state."""

import io
from typing import Any, Literal

from matplotlib import rc_context
from matplotlib.figure import Figure

INK, SOFT_INK, PAPER, GRID = "#30261f", "#6f655b", "#fffaf0", "#eee6da"
GREEN, SAND, BLUE, BROWN, RUST = "#1e785c", "#d9a066", "#30508c", "#8b7a6c", "#c2410c"
COLOURS = (  # colours of lines that are compared, in this order
    *("#1e785c", "#d98324", "#3b6fb6", "#b3446c", "#7a5cb0", "#5f8f2d", "#c1463a", "#2f9aa8", "#a07b3b"),
    *("#8a4f9e", "#4c5a78", "#c9699a"),
)
DASHED = (0, (4, 4))  # the line style of references, such as the optimum


def new_figure(width: float, height: float, *, dpi: int = 150, background: str = "white") -> Figure:
    """Return an empty figure of a size in inches, without a window."""
    return Figure(figsize=(width, height), dpi=dpi, layout="constrained", facecolor=background)


def style_axes(
    axes: Any,
    title: str = "",
    *,
    ink: str = INK,
    title_size: float = 12,
    weight: Literal["bold", "normal"] = "bold",
    grid: Literal["x", "y", "both"] | None = "y",
    grid_colour: str = GRID,
    grid_alpha: float = 1.0,
) -> None:
    """Apply the shared style to axes: title at the left, no frame at the top and the right, a light grid."""
    if title:
        axes.set_title(title, loc="left", fontsize=title_size, fontweight=weight, color=ink)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(ink)
    axes.tick_params(colors=ink)
    axes.xaxis.label.set_color(ink)
    axes.yaxis.label.set_color(ink)
    if grid is not None:
        axes.grid(axis=grid, color=grid_colour, alpha=grid_alpha)


def reference_line(
    axes: Any, value: float, label: str = "", *, colour: str = BROWN, side: str = "left"
) -> None:
    """Draw a dashed horizontal line with a label at one side, such as the return of the optimum."""
    axes.axhline(value, color=colour, linewidth=1, linestyle=DASHED)
    if label:
        x, shift = (0.005, 0) if side == "left" else (1, -4)
        axes.annotate(
            label, (x, value), xycoords=("axes fraction", "data"), xytext=(shift, 3),
            textcoords="offset points", ha=side, color=colour,
        )  # fmt: skip


def to_png(figure: Figure) -> bytes:
    """Return the figure as a PNG with the background and the resolution of the figure."""
    data = io.BytesIO()
    figure.savefig(data, format="png")
    return data.getvalue()


def to_svg(figure: Figure) -> str:
    """Return the figure as an SVG without a background; text remains text.

    Equal figures give equal SVGs, so that files can be compared.
    """
    data = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "cookie-jar"}):
        figure.savefig(data, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return data.getvalue()
