"""Figures of the landscape of a run, of learning rates and of lesions, as PNG."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.figures import (
    GREEN,
    INK,
    PAPER,
    RUST,
    label,
    new_figure,
    own_style,
    reference_line,
    style_axes,
    to_png,
)
from cookie_jar.scripts.inspection.learning_rates import Curves
from cookie_jar.scripts.inspection.loss_landscape import Landscape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
RATE_COLOURS = ("#e6952f", GREEN, "#b5387e")
RATE_NAMES = ("smaller", "that of the run", "larger")


@own_style()
def draw_landscape(title: str, landscape: Landscape, height: str) -> bytes:
    """Draw a surface in three dimensions, and from above with the path of the run.

    Args:
        title: The title of the figure.
        landscape: The surface.
        height: The name of its height.
    """
    figure = new_figure(12, 5.6, dpi=130, background=PAPER)
    figure.suptitle(label(title), x=0.02, ha="left", fontsize=15, fontweight="bold", color=INK)
    _draw_surface(figure, landscape)
    _draw_map(figure, landscape, height)
    return to_png(figure)


def _draw_surface(figure: "Figure", landscape: Landscape) -> None:
    """Draw the surface in three dimensions, with the path slightly above it."""
    across, up, surface, path, heights = landscape
    axes: Any = figure.add_subplot(1, 2, 1, projection="3d", facecolor=PAPER, computed_zorder=False)
    x, y = np.meshgrid(across, up)
    axes.plot_surface(
        x, y, surface, cmap="cividis_r", rcount=60, ccount=60, linewidth=0, alpha=0.95, zorder=1
    )
    lift = 0.02 * (surface.max() - surface.min())
    axes.plot(*path.points.T, heights + lift, color=RUST, linewidth=2.5, zorder=5)
    axes.scatter(*path.points[[0, -1]].T, heights[[0, -1]] + lift, color=[INK, RUST], s=50, zorder=6)
    axes.view_init(elev=38, azim=-60)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter("")  # and not empty labels, with which Matplotlib 3.9 gives up the layout


def _draw_map(figure: "Figure", landscape: Landscape, height: str) -> None:
    """Draw the surface from above, as contours."""
    across, up, surface, path, _ = landscape
    axes = figure.add_subplot(1, 2, 2, facecolor=PAPER)
    x, y = np.meshgrid(across, up)
    filled = axes.contourf(x, y, surface, levels=24, cmap="cividis_r")
    axes.contour(x, y, surface, levels=12, colors=PAPER, linewidths=0.5, alpha=0.6)
    axes.plot(*path.points.T, color=RUST, linewidth=2, marker="o", markersize=3.5)
    for name, point, colour in (("start", path.points[0], INK), ("now", path.points[-1], RUST)):
        axes.plot(*point, marker="o", markersize=9, color=colour)
        axes.annotate(
            name, point, xytext=(10, 8), textcoords="offset points", color=colour,
            fontsize=12, fontweight="bold",
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5, "alpha": 0.85},
        )  # fmt: skip
    figure.colorbar(filled, ax=axes, label=height)
    axes.set_xlabel(f"first principal component ({path.shares[0]:.0%} of the variance)")
    axes.set_ylabel(f"second principal component ({path.shares[1]:.0%})")


@own_style()
def draw_learning_rates(title: str, curves: Mapping[float, Curves]) -> bytes:
    """Draw the score against steps: all seeds and their median for each learning rate."""
    figure, axes = _rates(title, curves)
    reference_line(axes, 100, "optimum", colour=INK)
    axes.set_xlabel("environment steps")
    axes.set_ylabel("happiness, % of possible")
    axes.legend(frameon=False, title="learning rate", loc="center left")
    return to_png(figure)


@own_style()
def draw_loss_by_rate(title: str, curves: Mapping[float, Curves], highest: float) -> bytes:
    """Draw the validation loss against steps for each learning rate, up to a highest loss."""
    figure, axes = _rates(title, curves)
    axes.set_ylim(0, highest)
    axes.set_xlabel("gradient steps")
    axes.set_ylabel("validation loss: mean cross-entropy in nats")
    axes.legend(frameon=False, title="learning rate", loc="lower left")
    return to_png(figure)


def _rates(title: str, curves: Mapping[float, Curves]) -> "tuple[Figure, Any]":
    """Return a figure with the curves of each learning rate, and its axes."""
    figure = new_figure(9, 5, background=PAPER)
    axes = figure.add_subplot(facecolor=PAPER)
    for (rate, (steps, values)), colour, name in zip(curves.items(), RATE_COLOURS, RATE_NAMES, strict=True):
        steps = np.maximum(steps, steps[1] / 1.5)  # no logarithm of 0
        axes.plot(steps, values.T, color=colour, linewidth=0.8, alpha=0.35)
        axes.plot(steps, np.median(values, axis=0), color=colour, linewidth=2.8, label=f"{rate:g}: {name}")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    style_axes(axes, title, title_size=13)
    return figure, axes


@own_style()
def draw_lesion(
    fractions: Sequence[float],
    means: Floats,
    bounds: Floats,
    score: str,
    missed: Floats | None = None,
) -> bytes:
    """Draw a mean score [k] and its interval against the fraction of the numbers that is set to 0.

    Args:
        fractions: The fractions.
        means: The mean scores [k].
        bounds: The lower and the upper ends of their intervals [2, k].
        score: The name of the score.
        missed: The probability in percent that no number of the greedy policy's way is set to 0 [k].
    """
    figure = new_figure(7, 4)
    axes = figure.add_subplot()
    percent = [100 * fraction for fraction in fractions]
    axes.fill_between(percent, *bounds, color=GREEN, alpha=0.2, linewidth=0)
    axes.plot(percent, means, color=GREEN, linewidth=2.5, marker="o", markersize=4, label="measured")
    if missed is not None:
        name = "no number of the greedy way is hit (exact)"
        axes.plot(percent, missed, color=INK, linewidth=1.2, linestyle="--", label=name)
        axes.legend(frameon=False)
    axes.set_xlabel("numbers set to 0, %")
    axes.set_ylabel(score)
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 0), max(high, 0))  # small differences look small
    style_axes(axes, "Score after losing part of the memory")
    return to_png(figure)
