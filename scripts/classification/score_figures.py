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
FEW = 4  # kinds; a larger matrix has fewer pictures
CELL = 1.8  # width of a cell of a matrix, in heights
MISTAKES = 12  # in the figure

Examples = Mapping[tuple[int, int], Pictures]  # of the cells of a matrix: true kind, predicted kind


class Mistake(NamedTuple):
    """A picture whose kind was predicted wrongly, with the probability of the predicted kind."""

    picture: NDArray[np.uint8]
    true: int
    predicted: int
    probability: float


def cell_pictures(kinds: int) -> int:
    """Return the number of pictures in a cell of the matrix of this many kinds."""
    return ACROSS * DOWN if kinds <= FEW else 1


@own_style()
def draw_confusion(
    title: str, subtitle: str, counts: NDArray[np.int64], examples: Examples, kinds: Sequence[str]
) -> bytes:
    """Draw a confusion matrix whose cells hold pictures."""
    few, totals = len(kinds) <= FEW, np.maximum(counts.sum(axis=1), 1)
    figure = new_slide(title, subtitle, height=7.2 if few else 10)
    axes: Any = figure.add_subplot()
    for true, predicted in np.ndindex(*counts.shape):
        count = int(counts[true, predicted])
        share = count / totals[true]
        _draw_cell(axes, true, predicted, share, examples.get((true, predicted)), few)
        axes.text(
            predicted * CELL, true - 0.36, f"{count:,}" + (f"   ({100 * share:.1f} %)" if few else ""),
            ha="center", va="center", color=INK, fontsize=TEXT if few else SMALL,
            fontweight="bold" if true == predicted else "normal",
        )  # fmt: skip
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    for axis, scale, turn in ((axes.xaxis, CELL, 0 if few else 40), (axes.yaxis, 1, 0)):
        axis.set_ticks(np.arange(len(kinds)) * scale, [label(kind[:20]) for kind in kinds], rotation=turn)
        axis.set_tick_params(length=0, labelsize=TEXT if few else SMALL)
        for text, colour in zip(axis.get_ticklabels(), kind_colours(kinds), strict=True):
            text.set(color=colour, fontweight="bold")
    axes.set_xlabel("predicted kind", fontsize=TEXT, color=SOFT_INK, labelpad=8)
    axes.set_ylabel("true kind", fontsize=TEXT, color=SOFT_INK, labelpad=8)
    axes.spines[:].set_visible(False)
    axes.set(xlim=(-0.5 * CELL, (len(kinds) - 0.5) * CELL), ylim=(len(kinds) - 0.5, -0.5), aspect="equal")
    return to_png(figure)


def _draw_cell(
    axes: Any, true: int, predicted: int, share: float, pictures: Pictures | None, few: bool
) -> None:
    """Draw the background of a cell, the stronger the larger its share, and its pictures."""
    from matplotlib.patches import Rectangle

    colour, middle = GREEN if true == predicted else RUST, predicted * CELL
    strength = 0.10 + 0.25 * share if share > 0 else 0.03
    corner, width = (middle - 0.485 * CELL, true - 0.48), 0.97 * CELL
    axes.add_patch(Rectangle(corner, width, 0.96, facecolor=colour, alpha=strength, linewidth=0))
    columns, rows = (ACROSS, DOWN) if few else (1, 1)
    size = 0.68 / rows  # of a picture
    for number, picture in enumerate(() if pictures is None else pictures[: columns * rows]):
        left = middle + (number % columns - columns / 2) * size
        top = true - 0.24 + number // columns * size
        extent = (left + 0.02 * size, left + 0.98 * size, top + 0.98 * size, top + 0.02 * size)
        axes.imshow(picture, interpolation="nearest", extent=extent, zorder=3)


@own_style()
def draw_mistakes(title: str, subtitle: str, mistakes: Sequence[Mistake], kinds: Sequence[str]) -> bytes:
    """Draw mistakes in two rows, with the true and the predicted kind below each picture."""
    figure = new_slide(title, subtitle)
    panels = figure.subplots(2, MISTAKES // 2, squeeze=False).ravel()
    colours = kind_colours(kinds)
    for axes, mistake in zip(panels, mistakes, strict=False):
        show_picture(axes, mistake.picture, colour=colours[mistake.true])
        axes.set_title(
            f"{label(kinds[mistake.true][:20])}",
            fontsize=TEXT,
            color=colours[mistake.true],
            fontweight="bold",
        )
        axes.set_xlabel(
            f"{100 * mistake.probability:.0f} % sure of\n{label(kinds[mistake.predicted][:20])}",
            fontsize=SMALL, color=INK, labelpad=6,
        )  # fmt: skip
    for axes in panels[len(mistakes) :]:
        axes.remove()
    return to_png(figure)


@own_style()
def draw_calibration(title: str, subtitle: str, found: Calibration) -> bytes:
    """Draw how often predictions are right against their confidence, and how many there are of each."""
    figure = new_slide(title, subtitle)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    errors = 100 * np.abs(np.stack([found.accuracy - found.low, found.high - found.accuracy]))
    points = 100 * found.confidence, 100 * found.accuracy
    first = float(points[0].min())
    span = 100 - first + 1
    upper.plot(
        [first, 100], [first, 100], color=BROWN, linewidth=2, linestyle=DASHED, label="perfectly calibrated"
    )
    upper.errorbar(*points, yerr=errors, fmt="none", ecolor=GREEN, elinewidth=2, capsize=4)
    upper.plot(
        *points, color=GREEN, linewidth=2.5, marker="o", markersize=8, label="the model, with 95 % intervals"
    )
    upper.set(xlim=(first - 0.05 * span, 100 + 0.03 * span), ylim=(max(-2, 100 * found.low.min() - 4), 103))
    upper.legend(frameon=False, fontsize=TEXT, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    style(upper, y="right, %", grid="both")
    lower.bar(points[0], found.counts, width=0.045 * span, color=SAND)
    for x, count in zip(points[0], found.counts, strict=True):
        lower.annotate(
            f"{count:,}", (x, count), xytext=(0, 3), textcoords="offset points", ha="center", color=INK,
            fontsize=SMALL,
        )  # fmt: skip
    lower.margins(y=0.35)
    lower.yaxis.set_major_formatter("{x:,.0f}")
    style(lower, x="confidence (probability of the predicted kind), %", y="pictures")
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
    for row, (_, score, is_model) in enumerate(bars):
        estimate, low, high = (100 * value for value in score)
        colour, inside = GREEN if is_model else BROWN, low > 15
        axes.barh(row, estimate, color=colour, height=0.62, alpha=1 if is_model else 0.45)
        axes.plot([low, high], [row, row], color=INK, linewidth=2, solid_capstyle="butt")
        axes.annotate(
            f"{estimate:.1f} %", (low if inside else high, row), xytext=(-8 if inside else 8, 0),
            textcoords="offset points", ha="right" if inside else "left", va="center", fontsize=TEXT,
            color="white" if is_model and inside else INK, fontweight="bold" if is_model else "normal",
        )  # fmt: skip
    axes.set_yticks(range(len(bars)), [label(bar.name) for bar in bars], fontsize=TEXT)
    axes.set(xlim=(0, 102), ylim=(-0.6, len(bars) - 0.4 + (0.6 if ceiling is not None else 0)))
    if ceiling is not None:
        axes.axvline(100 * ceiling, color=RUST, linewidth=2, linestyle=DASHED)
        axes.annotate(
            f"ceiling {100 * ceiling:.1f} %", (100 * ceiling, len(bars) - 0.35), xytext=(-8, 0),
            textcoords="offset points", ha="right", va="center", color=RUST, fontsize=TEXT,
        )  # fmt: skip
    style(axes, x="test accuracy, %", grid="x")
    axes.tick_params(axis="y", labelsize=TEXT, length=0)
    return to_png(figure)
