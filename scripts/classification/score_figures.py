"""Figures of what a classifier gets right and wrong: confusion, mistakes, calibration, scores."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.classification.scores import Calibration
from cookie_jar.scripts.classification.slides import (
    SMALL,
    TEXT,
    Pictures,
    kind_colours,
    new_slide,
    show_picture,
    style,
    tiled,
)
from cookie_jar.scripts.common.bootstrap import Interval
from cookie_jar.scripts.common.figures import (
    BROWN,
    DASHED,
    GREEN,
    INK,
    RUST,
    SAND,
    SOFT_INK,
    label,
    own_style,
    to_png,
)

ACROSS, DOWN = 5, 2  # pictures in a cell of a small matrix
FEW = 4  # kinds; a larger matrix has smaller cells
MISTAKES = 12  # in the figure

Examples = Mapping[tuple[int, int], Pictures]  # of the cells of a matrix: true kind, predicted kind


class Mistake(NamedTuple):
    """A picture whose kind was predicted wrongly, with the probability of the predicted kind."""

    picture: NDArray[np.uint8]
    true: int
    predicted: int
    probability: float


def cell_size(kinds: int) -> tuple[int, int]:
    """Return the pictures across and down in a cell of the matrix of a number of kinds."""
    return (ACROSS, DOWN) if kinds <= FEW else (1, 1)


@own_style()
def draw_confusion(
    title: str, subtitle: str, counts: NDArray[np.int64], examples: Examples, kinds: Sequence[str]
) -> bytes:
    """Draw a confusion matrix whose cells hold pictures."""
    few = len(kinds) <= FEW
    figure = new_slide(title, subtitle, height=8.2 if few else 10)
    axes: Any = figure.add_subplot()
    totals = np.maximum(counts.sum(axis=1), 1)
    for true, predicted in np.ndindex(*counts.shape):
        share = counts[true, predicted] / totals[true]
        _draw_cell(axes, true, predicted, share, examples.get((true, predicted)), len(kinds))
        text = f"{counts[true, predicted]:,}" + (f"   ({100 * share:.1f} %)" if few else "")
        axes.text(
            predicted, true - 0.38, text, ha="center", va="center", color=INK,
            fontsize=TEXT if few else 10, fontweight="bold" if true == predicted else "normal",
        )  # fmt: skip
    names = [label(kind[:20]) for kind in kinds]
    size = TEXT if few else 10
    axes.set_xticks(range(len(kinds)), names, fontsize=size, rotation=0 if few else 30, ha="center")
    axes.set_yticks(range(len(kinds)), names, fontsize=size)
    for ticks in (axes.get_xticklabels(), axes.get_yticklabels()):
        for text, colour in zip(ticks, kind_colours(kinds), strict=True):
            text.set(color=colour, fontweight="bold")
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("predicted kind", fontsize=TEXT, color=SOFT_INK, labelpad=8)
    axes.set_ylabel("true kind", fontsize=TEXT, color=SOFT_INK, labelpad=8)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set(xlim=(-0.5, len(kinds) - 0.5), ylim=(len(kinds) - 0.5, -0.5))
    axes.set_aspect("auto")
    return to_png(figure)


def _draw_cell(
    axes: Any, true: int, predicted: int, share: float, pictures: Pictures | None, kinds: int
) -> None:
    """Draw the background of a cell, the stronger the larger its share, and its pictures."""
    from matplotlib.patches import Rectangle

    colour = GREEN if true == predicted else RUST
    strength = 0.10 + 0.25 * share if share > 0 else 0.03
    corner = (predicted - 0.485, true - 0.48)
    axes.add_patch(Rectangle(corner, 0.97, 0.96, facecolor=colour, alpha=strength, linewidth=0))
    if pictures is None or len(pictures) == 0:
        return
    columns, rows = cell_size(kinds)
    gap = 2
    blank = np.full((rows * columns, *pictures.shape[1:]), 255, np.uint8)
    blank[: len(pictures)] = pictures[: rows * columns]
    sheet = tiled(blank, columns, gap)
    alpha = np.zeros(sheet.shape[:2] + (1,), np.uint8)
    step = pictures.shape[1] + gap
    for number in range(min(len(pictures), rows * columns)):
        top, left = number // columns * step, number % columns * step
        alpha[top : top + step - gap, left : left + step - gap] = 255
    # the longest sheet that fits into the cell below its text, with square pixels
    box = axes.get_window_extent()
    del box
    width = 0.90 if kinds <= FEW else 0.5
    axes.imshow(
        np.concatenate([sheet, alpha], axis=2), interpolation="nearest", zorder=3,
        extent=(predicted - width / 2, predicted + width / 2, true + 0.44, true - 0.26),
    )  # fmt: skip


@own_style()
def draw_mistakes(title: str, subtitle: str, mistakes: Sequence[Mistake], kinds: Sequence[str]) -> bytes:
    """Draw mistakes in two rows, with the true and the predicted kind below each picture."""
    figure = new_slide(title, subtitle)
    panels = figure.subplots(2, MISTAKES // 2, squeeze=False).ravel()
    colours = kind_colours(kinds)
    for axes, mistake in zip(panels, mistakes, strict=False):
        show_picture(axes, mistake.picture, colour=colours[mistake.true])
        axes.set_title(
            f"{label(kinds[mistake.true][:20])}", fontsize=TEXT, color=colours[mistake.true], fontweight="bold"
        )
        axes.set_xlabel(
            f"taken for {label(kinds[mistake.predicted][:20])}\n{100 * mistake.probability:.0f} % sure",
            fontsize=SMALL, color=INK,
        )  # fmt: skip
    for axes in panels[len(mistakes) :]:
        axes.remove()
    return to_png(figure)


@own_style()
def draw_calibration(title: str, subtitle: str, found: Calibration) -> bytes:
    """Draw how often predictions are right against their confidence, and how many there are of each."""
    figure = new_slide(title, subtitle)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    upper.plot([0, 100], [0, 100], color=BROWN, linewidth=1.5, linestyle=DASHED)
    errors = 100 * np.abs(np.stack([found.accuracy - found.low, found.high - found.accuracy]))
    points = 100 * found.confidence, 100 * found.accuracy
    upper.errorbar(*points, yerr=errors, fmt="none", ecolor=GREEN, elinewidth=2, capsize=4)
    upper.plot(*points, color=GREEN, linewidth=2.5, marker="o", markersize=8)
    lowest = float(min(points[0].min(), points[1].min()))
    span = 100 - lowest
    upper.annotate(
        "right as often as sure", (lowest + 0.16 * span, lowest + 0.16 * span), xytext=(10, -6),
        textcoords="offset points", color=BROWN, fontsize=SMALL, va="top",
    )  # fmt: skip
    upper.set(xlim=(lowest - 0.04 * span, 102), ylim=(max(-2, lowest - 0.08 * span), 103))
    style(upper, y="right, %", grid="both")
    lower.bar(points[0], found.counts, width=0.045 * span, color=SAND)
    for x, count in zip(points[0], found.counts, strict=True):
        lower.annotate(
            f"{count:,}", (x, count), xytext=(0, 3), textcoords="offset points", ha="center", color=INK,
            fontsize=SMALL,
        )  # fmt: skip
    lower.margins(y=0.35)
    lower.yaxis.set_major_formatter("{x:,.0f}")
    style(lower, x="how sure the model is: probability of the predicted kind, %", y="pictures")
    return to_png(figure)


class Bar(NamedTuple):
    """A score with its interval, as shares; exact ones have no width."""

    name: str
    score: Interval
    is_model: bool = False


@own_style()
def draw_scores(title: str, subtitle: str, bars: Sequence[Bar], ceiling: float | None) -> bytes:
    """Draw accuracies from the worst to the best, with their intervals and the ceiling."""
    figure = new_slide(title, subtitle, height=max(4.5, 1.9 + 0.45 * len(bars)))
    axes = figure.add_subplot()
    for row, (name, score, is_model) in enumerate(bars):
        estimate, low, high = (100 * value for value in score)
        colour = GREEN if is_model else BROWN
        axes.barh(row, estimate, color=colour, height=0.62, alpha=1 if is_model else 0.45)
        axes.plot([low, high], [row, row], color=INK, linewidth=2, solid_capstyle="butt")
        axes.annotate(
            f"{estimate:.1f} %", (high, row), xytext=(8, 0), textcoords="offset points", va="center",
            fontsize=TEXT, color=INK, fontweight="bold" if is_model else "normal",
        )  # fmt: skip
    axes.set_yticks(range(len(bars)), [label(bar.name) for bar in bars], fontsize=TEXT)
    axes.set(xlim=(0, 112), ylim=(-0.6, len(bars) - 0.4 + (0.6 if ceiling is not None else 0)))
    if ceiling is not None:
        axes.axvline(100 * ceiling, color=RUST, linewidth=2, linestyle=DASHED)
        axes.annotate(
            f"ceiling {100 * ceiling:.1f} %", (100 * ceiling, len(bars) - 0.35), xytext=(-8, 0),
            textcoords="offset points", ha="right", va="center", color=RUST, fontsize=TEXT,
        )  # fmt: skip
    style(axes, x="test pictures told right, %", grid="x")
    axes.tick_params(axis="y", labelsize=TEXT, length=0)
    return to_png(figure)
