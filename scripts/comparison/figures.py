"""The figures of a comparison: learning curves, results with intervals, probabilities of improvement."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.bootstrap import LEVEL, band, probability_of_improvement
from cookie_jar.scripts.common.figures import (
    COLOURS,
    SOFT_INK,
    label,
    new_figure,
    own_style,
    reference_line,
    style_axes,
)
from cookie_jar.scripts.common.log_axis import log_ticks, seconds_text, steps_text
from cookie_jar.scripts.comparison.aggregate import MAX_COMPARED, best_summaries, pair_tests
from cookie_jar.scripts.comparison.algorithms import STATE, shows_jar
from cookie_jar.scripts.comparison.summary import SEED, Summary
from cookie_jar.scripts.comparison.trials import TrialRecord

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS = 150  # number of points of a curve
LOWEST = -25  # percent; lower scores are cut off

Floats = NDArray[np.float64]
XValues = Callable[[TrialRecord], Floats]  # returns the x value of an evaluation


class Layout(NamedTuple):
    """The size of a figure.

    Attributes:
        width: In inches.
        columns: Number of panels beside each other.
        ticks: Maximum number of labels of a logarithmic axis.
    """

    width: float
    columns: int
    ticks: int


WIDE, NARROW = Layout(7.2, 3, 3), Layout(3.8, 2, 2)  # for screens and paper, and for phones
TITLE, TEXT, SMALL, NAMES, TINY = 9, 8, 7, 6, 4.5  # font sizes in points
MANY = 12  # algorithms: a table of more pairs has the whole width


class Curve(NamedTuple):
    """The learning curve of one summary: at points [T], its seeds [n, T], their IQM and its bounds [T]."""

    points: Floats
    runs: Floats
    middle: Floats
    low: Floats
    high: Floats


@own_style()
def comparison_figures(summaries: Sequence[Summary], layout: Layout = WIDE) -> dict[str, "Figure"]:
    """Return the figures of one table by name, for the best algorithms if there are many.

    Algorithms without a finished run are left out.
    """
    summaries = best_summaries([summary for summary in summaries if summary.records], MAX_COMPARED)
    if not summaries:
        return {}
    figures = {
        "steps": draw_learning_curves(summaries, steps_label(summaries[0].env_id), _steps_of, layout),
        "seconds": draw_learning_curves(summaries, "training time", _seconds_of, layout, seconds_text),
        "results": draw_results(summaries, layout),
    }
    if len(summaries) > 1:
        figures["improvement"] = draw_improvements(summaries, layout)
    return figures


@own_style()
def draw_learning_curves(
    summaries: Sequence[Summary],
    x_label: str,
    x_values: XValues,
    layout: Layout = WIDE,
    tick_text: Callable[[float], str] = steps_text,
) -> "Figure":
    """Draw the score against steps or seconds, with a panel for each algorithm.

    Thick line: IQM over seeds, with its 95 % interval. Thin lines: seeds. Grey lines: the other algorithms.

    Args:
        summaries: The algorithms.
        x_label: The label of the logarithmic axis.
        x_values: Returns its values.
        layout: The width of the figure.
        tick_text: Returns the label of a value of the axis.
    """
    columns = min(len(summaries), layout.columns)
    rows = -(-len(summaries) // columns)
    figure = new_figure(layout.width, 0.8 + 1.35 * rows)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    grid = _grid([x_values(record) for summary in summaries for record in summary.records])
    curves = [_curve(summary, x_values, grid) for summary in summaries]
    colours = _colours(summaries)
    for number, (axes, summary) in enumerate(zip(panels, summaries, strict=False)):
        for other in curves:
            axes.plot(other.points, other.middle, color=SOFT_INK, linewidth=0.7, alpha=0.25)
        _draw_curve(axes, curves[number], colours[number])
        _style(axes, summary.label)
        if summary.is_exact:
            axes.set_ylim(LOWEST, 104)
            axes.set_yticks([0, 50, 100])
            reference_line(axes, 100, colour=SOFT_INK)
            reference_line(axes, 0, colour=SOFT_INK)
    for axes in panels[len(summaries) :]:
        axes.remove()
    for axes in panels[max(0, len(summaries) - columns) : len(summaries)]:
        axes.tick_params(labelbottom=True)
    ticks = log_ticks(grid[0], grid[-1], layout.ticks)
    panels[0].set_xticks(ticks, [tick_text(tick) for tick in ticks])
    panels[0].minorticks_off()
    _label(figure, x_label, _unit(summaries))
    return figure


@own_style()
def draw_results(summaries: Sequence[Summary], layout: Layout = WIDE) -> "Figure":
    """Draw final and mean score of each algorithm: IQM, 95 % interval, and each seed as a dot."""
    figure, sides = _two_panels(layout, 0.8 + 0.3 * len(summaries))
    rows = np.arange(len(summaries))[::-1]
    for axes, title, part in ((sides[0], "final score", "final"), (sides[1], "mean score", "area")):
        for row, summary, colour in zip(rows.tolist(), summaries, _colours(summaries), strict=True):
            middle, low, high = getattr(summary, part)
            axes.plot([low, high], [row, row], color=colour, linewidth=7, alpha=0.3, solid_capstyle="butt")
            axes.plot([middle, middle], [row - 0.3, row + 0.3], color=colour, linewidth=2.5)
            seeds = getattr(summary, f"{part}s")
            axes.plot(seeds, np.full(len(seeds), row), ".", color=colour, markersize=4)
        _style(axes, title)
        axes.locator_params(axis="x", nbins=5)
        axes.set_yticks(rows, [label(summary.label) for summary in summaries])
    _label(figure, _unit(summaries))
    return figure


@own_style()
def draw_improvements(summaries: Sequence[Summary], layout: Layout = WIDE) -> "Figure":
    """Draw the probability, in percent, that a seed of the row scores higher than one of the column.

    Pairs that differ after the correction for their number are bold.
    """
    many = len(summaries) > MANY
    figure, sides = _two_panels(layout._replace(columns=1) if many else layout, 1.3 + 0.3 * len(summaries))
    size = TINY if many and layout.columns < WIDE.columns else SMALL
    for axes, title, part in zip(sides, ("final", "mean"), ("finals", "areas"), strict=True):
        runs = [summary.outcomes(part) for summary in summaries]
        tests = pair_tests(summaries, part)
        table = np.array(
            [[probability_of_improvement(a, b) if a is not b else np.nan for b in runs] for a in runs]
        )
        axes.imshow(table, cmap="BrBG", vmin=-0.5, vmax=1.5, aspect="auto")
        for row, column in np.argwhere(np.isfinite(table)).tolist():
            text = f"{100 * table[row, column]:.0f}"
            pair = frozenset((summaries[row], summaries[column]))
            weight = "bold" if tests[pair][1] < 1 - LEVEL else "normal"
            axes.text(
                column, row, text, ha="center", va="center", color="#333333", fontsize=size, weight=weight
            )
        names = [label(summary.label) for summary in summaries]
        axes.set_xticks(range(len(summaries)), names, rotation=90 if len(names) > layout.columns else 0)
        axes.set_yticks(range(len(summaries)), names)
        _style(axes, f"{title} score", grid=None)
        if size == TINY:
            axes.tick_params(labelsize=NAMES)
    return figure


def _two_panels(layout: Layout, height: float) -> "tuple[Figure, Any]":
    """Return a figure with two panels: beside each other, or one below the other where it is narrow.

    Args:
        layout: The width of the figure.
        height: The height of a panel in inches.
    """
    if layout.columns > 2:
        figure = new_figure(layout.width, height)
        return figure, figure.subplots(1, 2, sharey=True)
    figure = new_figure(layout.width, 2 * height)
    return figure, figure.subplots(2, 1)


def _colours(summaries: Sequence[Summary]) -> list[str]:
    """Return the colour of each algorithm; both inputs of one have the same."""
    keys = [(summary.algorithm.removesuffix(STATE), summary.number) for summary in summaries]
    order = [*dict.fromkeys(keys)]
    return [COLOURS[order.index(key) % len(COLOURS)] for key in keys]


def _draw_curve(axes: Any, curve: Curve, colour: str) -> None:
    axes.fill_between(curve.points, curve.low, curve.high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(curve.points, curve.runs.T, color=colour, linewidth=0.6, alpha=0.6)
    axes.plot(curve.points, curve.middle, color=colour, linewidth=2.2)
    axes.set_xscale("log")


def _style(axes: Any, title: str, grid: Any = "both") -> None:
    """Style axes; the report replaces the text colour with that of the page."""
    style_axes(
        axes, title, ink=SOFT_INK, title_size=TITLE, weight="normal",
        grid=grid, grid_colour=SOFT_INK, grid_alpha=0.15,
    )  # fmt: skip
    axes.tick_params(labelsize=TEXT)


def steps_label(env_id: str) -> str:
    """Return the unit of the steps of an environment."""
    return "pictures labelled, or picked" if shows_jar(env_id) else "environment steps"


def _label(figure: "Figure", x: str, y: str = "") -> None:
    figure.supxlabel(x, fontsize=TITLE, color=SOFT_INK)
    if y:
        figure.supylabel(y, fontsize=TITLE, color=SOFT_INK)


def _unit(summaries: Sequence[Summary]) -> str:
    return "% of the possible return" if summaries[0].is_exact else "return of an episode"


def _steps_of(record: TrialRecord) -> Floats:
    return np.array([max(point.steps, 1) for point in record.evaluations], float)


def _seconds_of(record: TrialRecord) -> Floats:
    return np.array([max(point.seconds, 1e-5) for point in record.evaluations])


def _grid(runs: Sequence[Floats]) -> Floats:
    """Return points from the first evaluation after the start to the last, log-spaced."""
    first = min(run[min(1, len(run) - 1)] for run in runs)
    return np.geomspace(first, max(run[-1] for run in runs), POINTS)


def _curve(summary: Summary, x_values: XValues, grid: Floats) -> Curve:
    """Return the learning curve of a summary at the points of the grid within its runs."""
    points = grid[grid <= max(x_values(record)[-1] for record in summary.records) * (1 + 1e-9)]
    runs = []
    for record in summary.records:
        scores = np.array([record.scale(point.greedy) for point in record.evaluations])
        before = np.searchsorted(x_values(record), points, side="right") - 1
        runs.append(scores[np.clip(before, 0, None)])
    return Curve(points, np.array(runs), *band(np.array(runs), SEED))
