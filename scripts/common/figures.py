"""The style that all matplotlib figures share: sizes, axes, colours, PNG and SVG; no global state.

Figures are the same whatever the user's settings of matplotlib are (backend, matplotlibrc, LaTeX, fonts).
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal

from cookie_jar.scripts.common.console import UsageError, printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BACKEND = "MPLBACKEND"  # environment variable that matplotlib reads when it is imported
GLOBAL = ("backend", "backend_fallback", "interactive", "toolbar")  # settings of windows, not of figures
INK, SOFT_INK, PAPER, GRID = "#30261f", "#6f655b", "#fffaf0", "#eee6da"
GREEN, SAND, BLUE, BROWN, RUST = "#1e785c", "#d9a066", "#30508c", "#8b7a6c", "#c2410c"
COLOURS = (  # colours of lines that are compared, in this order
    *("#1e785c", "#d98324", "#3b6fb6", "#b3446c", "#7a5cb0", "#5f8f2d", "#c1463a", "#2f9aa8", "#a07b3b"),
    *("#8a4f9e", "#4c5a78", "#c9699a"),
)
DASHED = (0, (4, 4))  # the line style of references, such as the optimum


class FigureError(UsageError):
    """A figure cannot be drawn."""


@contextmanager
def own_style() -> Iterator[None]:
    """Draw with the default settings of matplotlib; also a decorator of the functions that draw.

    Raises:
        FigureError: If matplotlib cannot be imported.
    """
    with _as_figure_error():
        library = _matplotlib()
    defaults = {name: value for name, value in dict.items(library.rcParamsDefault) if name not in GLOBAL}
    with library.rc_context(defaults):
        yield


@contextmanager
def _as_figure_error() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # of matplotlib, fonts, and the user's settings
        raise FigureError(f"the figure cannot be drawn: {type(error).__name__}: {error}") from error


def _matplotlib() -> Any:
    """Import matplotlib, also where MPLBACKEND names a backend that is not installed.

    Jupyter sets it to its own backend, also for programs of other environments that a cell starts.
    """
    if "matplotlib" in sys.modules:
        return sys.modules["matplotlib"]
    backend = os.environ.pop(BACKEND, None)
    try:
        import matplotlib
    finally:
        if backend is not None:
            os.environ[BACKEND] = backend
    if backend:
        with suppress(ValueError):
            matplotlib.rcParams["backend"] = backend
    return matplotlib


def new_figure(width: float, height: float, *, dpi: int = 150, background: str = "white") -> "Figure":
    """Return an empty figure of a size in inches, without a window."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=dpi, layout="constrained", facecolor=background)
    FigureCanvasAgg(figure)
    return figure


def label(text: str) -> str:
    """Return a foreign text as a label of a figure: printable, short, without formulas in dollar signs."""
    return printable(text, 100).replace("$", r"\$")


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
        axes.set_title(label(title), loc="left", fontsize=title_size, fontweight=weight, color=ink)
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
    """Draw a dashed horizontal line, such as the return of the optimum.

    Its label is above the line at the left, or beside the axes at the right, where no curve crosses it.
    """
    axes.axhline(value, color=colour, linewidth=1, linestyle=DASHED)
    if label:
        x, shift, vertical = (0.005, (0, 3), "baseline") if side == "left" else (1, (5, 0), "center")
        axes.annotate(
            label, (x, value), xycoords=("axes fraction", "data"), xytext=shift,
            textcoords="offset points", ha="left", va=vertical, color=colour,
        )  # fmt: skip


@own_style()
def to_png(figure: "Figure") -> bytes:
    """Return the figure as a PNG with the background and the resolution of the figure.

    Raises:
        FigureError: If the figure cannot be drawn.
    """
    data = io.BytesIO()
    with _as_figure_error():
        figure.savefig(data, format="png")
    return data.getvalue()


@own_style()
def to_svg(figure: "Figure") -> str:
    """Return the figure as an SVG without a background; text remains text.

    Equal figures give equal SVGs, so that files can be compared.

    Raises:
        FigureError: If the figure cannot be drawn.
    """
    data = io.StringIO()
    with _as_figure_error(), _matplotlib().rc_context({"svg.fonttype": "none", "svg.hashsalt": "cookie-jar"}):
        figure.savefig(data, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return data.getvalue()
