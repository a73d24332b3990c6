"""The pictures of the hill, and of the learning rate."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cookie_jar.scripts.inspection.learning_rates import Curves
from cookie_jar.scripts.inspection.loss_landscape import PrincipalPath

Floats = NDArray[np.float64]
INK, PATH, PAPER = "#30261f", "#c2410c", "#fffaf0"
COLOURS = ("#e6952f", "#1e785c", "#b5387e")
NAMES = ("smaller", "that of the run", "larger")


def draw_hill(
    title: str, across: Floats, up: Floats, surface: Floats, path: PrincipalPath, heights: Floats
) -> bytes:
    """A PNG: the surface in three dimensions, and from above with the path.

    Args:
        title: of the picture.
        across: coordinates of the first direction [m].
        up: of the second [m].
        surface: the error at each point of the plane [m, m].
        path: that the numbers took.
        heights: the error at each point of the path, in the plane [k].
    """
    figure = Figure(figsize=(12, 5.6), dpi=130, layout="constrained", facecolor=PAPER)
    figure.suptitle(title, x=0.02, ha="left", fontsize=15, fontweight="bold", color=INK)
    solid: Any = figure.add_subplot(1, 2, 1, projection="3d", facecolor=PAPER, computed_zorder=False)
    x, y = np.meshgrid(across, up)
    solid.plot_surface(
        x, y, surface, cmap="cividis_r", rcount=60, ccount=60, linewidth=0, alpha=0.95, zorder=1
    )
    lift = 0.02 * (surface.max() - surface.min())
    solid.plot(*path.points.T, heights + lift, color=PATH, linewidth=2.5, zorder=5)
    solid.scatter(*path.points[[0, -1]].T, heights[[0, -1]] + lift, color=[INK, PATH], s=50, zorder=6)
    solid.view_init(elev=38, azim=-60)
    for axis in (solid.xaxis, solid.yaxis):
        axis.set_ticklabels([])
    parameters = figure.add_subplot(1, 2, 2, facecolor=PAPER)
    filled = parameters.contourf(x, y, surface, levels=24, cmap="cividis_r")
    parameters.contour(x, y, surface, levels=12, colors=PAPER, linewidths=0.5, alpha=0.6)
    parameters.plot(*path.points.T, color=PATH, linewidth=2, marker="o", markersize=3.5)
    for name, point, colour in (("start", path.points[0], INK), ("now", path.points[-1], PATH)):
        parameters.plot(*point, marker="o", markersize=9, color=colour)
        parameters.annotate(
            name, point, xytext=(10, 8), textcoords="offset points", color=colour,
            fontsize=12, fontweight="bold",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5, "alpha": 0.85},
        )  # fmt: skip
    figure.colorbar(filled, ax=parameters, label="error: happiness missing to the optimum")
    parameters.set_xlabel(f"first principal direction ({path.shares[0]:.0%} of the movement)")
    parameters.set_ylabel(f"second ({path.shares[1]:.0%})")
    return _png(figure)


def draw_learning_rates(title: str, curves: Mapping[float, Curves]) -> bytes:
    """A PNG: per cent of what is possible against steps, for each learning rate every seed and the median."""
    figure = Figure(figsize=(9, 5), dpi=150, layout="constrained", facecolor=PAPER)
    axes = figure.add_subplot(facecolor=PAPER)
    for (rate, (steps, percent)), colour, name in zip(curves.items(), COLOURS, NAMES, strict=True):
        steps = np.maximum(steps, steps[1] / 1.5)
        axes.plot(steps, percent.T, color=colour, linewidth=0.8, alpha=0.35)
        label = f"{rate:g}: {name}"
        axes.plot(steps, np.median(percent, axis=0), color=colour, linewidth=2.8, label=label)
    axes.axhline(100, color=INK, linewidth=1, linestyle=(0, (4, 4)))
    axes.annotate("optimum", (0.005, 100), xycoords=("axes fraction", "data"), xytext=(0, 3),
                  textcoords="offset points", color=INK)  # fmt: skip
    axes.set_title(title, loc="left", fontsize=13, fontweight="bold", color=INK)
    axes.set_xscale("log")
    axes.set_xlabel("steps of experience")
    axes.set_ylabel("happiness, % of what is possible")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#eee6da")
    axes.legend(frameon=False, title="learning rate", loc="center left")
    return _png(figure)


def _png(figure: Figure) -> bytes:
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()
