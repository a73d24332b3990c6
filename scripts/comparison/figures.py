"""The figures of a contest: learning curves, results with their intervals, who is better than whom."""

import io
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cookie_jar.scripts.common.bootstrap import band, probability_of_improvement
from cookie_jar.scripts.comparison.aggregate import COMPARED, SEED, Summary, best_summaries
from cookie_jar.scripts.comparison.trials import TrialRecord

INK = "#6f655b"  # of letters and axes; the page puts its own colour in its place
COLOURS = (
    *("#1e785c", "#d98324", "#3b6fb6", "#b3446c", "#7a5cb0", "#5f8f2d", "#c1463a", "#2f9aa8", "#a07b3b"),
    *("#8a4f9e", "#4c5a78", "#c9699a"),
)
COLUMNS, WIDTH = 4, 10.6  # panels beside each other, inches of a figure
POINTS = 150
LOWEST = -25  # per cent; what is lower is cut

Floats = NDArray[np.float64]


class Track(NamedTuple):
    """The curves of one contender: at points [T], its seeds [n, T], their IQM and its bounds [T]."""

    points: Floats
    runs: Floats
    middle: Floats
    low: Floats
    high: Floats


def comparison_figures(lines: Sequence[Summary]) -> dict[str, Figure]:
    """The figures of one environment by name: of the best, for more nobody could tell apart."""
    lines = best_summaries(lines, COMPARED)
    figures = {
        "steps": curves(lines, "steps of experience", _steps_of),
        "seconds": curves(lines, "seconds of learning", _seconds_of),
        "results": results(lines),
    }
    if len(lines) > 1:
        figures["improvement"] = improvements(lines)
    return figures


def curves(lines: Sequence[Summary], label: str, along: Callable[[TrialRecord], Floats]) -> Figure:
    """Per cent of what is possible against steps or seconds, a panel for each contender.

    Thick: the IQM over its seeds, with the interval; thin: each seed; grey: the others.
    """
    columns = min(len(lines), COLUMNS)
    rows = -(-len(lines) // columns)
    figure = Figure(
        figsize=(WIDTH * (0.1 + 0.9 * columns / COLUMNS), 0.8 + 1.65 * rows), layout="constrained"
    )
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    grid = _grid([along(record) for summary in lines for record in summary.records])
    tracks = [_track(summary, along, grid) for summary in lines]
    for number, (axes, summary, track) in enumerate(zip(panels, lines, tracks, strict=False)):
        colour = COLOURS[number % len(COLOURS)]
        for other in tracks:
            axes.plot(other.points, other.middle, color=INK, linewidth=0.7, alpha=0.25)
        axes.fill_between(track.points, track.low, track.high, color=colour, alpha=0.2, linewidth=0)
        axes.plot(track.points, track.runs.T, color=colour, linewidth=0.6, alpha=0.6)
        axes.plot(track.points, track.middle, color=colour, linewidth=2.2)
        axes.set_title(summary.label, loc="left", fontsize=9, color=INK)
        axes.set_xscale("log")
        _limit(axes, lines)
    for axes in panels[len(lines) :]:
        axes.remove()
    for axes in panels[max(0, len(lines) - columns) : len(lines)]:
        axes.tick_params(labelbottom=True)
    figure.supxlabel(label, fontsize=10, color=INK)
    figure.supylabel(unit(lines), fontsize=10, color=INK)
    return _plain(figure)


def results(lines: Sequence[Summary]) -> Figure:
    """At the end and on the way: IQM and 95 % interval of each contender, and each seed as a dot."""
    figure = Figure(figsize=(WIDTH, 0.8 + 0.32 * len(lines)), layout="constrained")
    sides = figure.subplots(1, 2, sharey=True)
    rows = np.arange(len(lines))[::-1]
    for axes, title, part in ((sides[0], "at the end", "final"), (sides[1], "mean on the way", "area")):
        for number, (row, summary) in enumerate(zip(rows.tolist(), lines, strict=True)):
            middle, low, high = getattr(summary, part)
            colour = COLOURS[number % len(COLOURS)]
            axes.plot([low, high], [row, row], color=colour, linewidth=7, alpha=0.3, solid_capstyle="butt")
            axes.plot([middle, middle], [row - 0.3, row + 0.3], color=colour, linewidth=2.5)
            seeds = getattr(summary, f"{part}s")
            axes.plot(seeds, np.full(len(seeds), row), ".", color=colour, markersize=4)
        axes.set_title(title, loc="left", fontsize=10, color=INK)
        axes.set_yticks(rows, [summary.label for summary in lines])
    figure.supxlabel(unit(lines), fontsize=10, color=INK)
    return _plain(figure)


def improvements(lines: Sequence[Summary]) -> Figure:
    """The probability that a seed of the row is better than one of the column: at the end, and on the way."""
    figure = Figure(figsize=(WIDTH, 1.6 + 0.36 * len(lines)), layout="constrained")
    for axes, title, part in zip(
        figure.subplots(1, 2, sharey=True),
        ("better at the end", "better on the way"),
        ("finals", "areas"),
        strict=True,
    ):
        runs = [getattr(summary, part) for summary in lines]
        table = np.array(
            [[probability_of_improvement(a, b) if a is not b else np.nan for b in runs] for a in runs]
        )
        axes.imshow(table, cmap="BrBG", vmin=-0.5, vmax=1.5, aspect="auto")
        for row, column in np.argwhere(np.isfinite(table)).tolist():
            chance = table[row, column]
            axes.text(column, row, f"{chance:.2f}", ha="center", va="center", color="#333333", fontsize=7)
        names = [summary.label for summary in lines]
        axes.set_xticks(range(len(lines)), names, rotation=55, ha="right", fontsize=8)
        axes.set_yticks(range(len(lines)), names, fontsize=8)
        axes.set_title(f"probability that the row is {title}", loc="left", fontsize=9, color=INK)
    return _plain(figure, grid=False)


def unit(lines: Sequence[Summary]) -> str:
    """What is counted."""
    known = lines[0].records[0].optimum is not None
    return "per cent of what is possible" if known else "happiness of an episode"


def to_png(figure: Figure) -> bytes:
    """On white, for documents."""
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=150, facecolor="white")
    return data.getvalue()


def to_svg(figure: Figure) -> str:
    """Without a background; letters stay letters. The same figure gives the same text."""
    data = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "cookie-jar"}):
        figure.savefig(data, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return data.getvalue()


def _steps_of(record: TrialRecord) -> Floats:
    return np.array([max(check.steps, 1) for check in record.evaluations], float)


def _seconds_of(record: TrialRecord) -> Floats:
    return np.array([max(check.seconds, 1e-5) for check in record.evaluations])


def _grid(runs: Sequence[Floats]) -> Floats:
    """Points from the first check after the start to the last of all runs, evenly on a logarithmic scale."""
    first = min(run[min(1, len(run) - 1)] for run in runs)
    return np.geomspace(first, max(run[-1] for run in runs), POINTS)


def _track(summary: Summary, along: Callable[[TrialRecord], Floats], grid: Floats) -> Track:
    """The curves of a contender at those points of the grid that it came to."""
    points = grid[grid <= max(along(record)[-1] for record in summary.records) * (1 + 1e-9)]
    runs = []
    for record in summary.records:
        scores = np.array([record.scale(check.greedy) for check in record.evaluations])
        before = np.searchsorted(along(record), points, side="right") - 1
        runs.append(scores[np.clip(before, 0, None)])
    return Track(points, np.array(runs), *band(np.array(runs), SEED))


def _limit(axes: Any, lines: Sequence[Summary]) -> None:
    if lines[0].records[0].optimum is not None:
        axes.set_ylim(LOWEST, 104)
        axes.axhline(100, color=INK, linewidth=0.8, linestyle=(0, (4, 4)))
        axes.axhline(0, color=INK, linewidth=0.8, linestyle=(0, (4, 4)))


def _plain(figure: Figure, grid: bool = True) -> Figure:
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(INK)
        axes.tick_params(colors=INK)
        axes.xaxis.label.set_color(INK)
        axes.yaxis.label.set_color(INK)
        if grid:
            axes.grid(axis="both", color=INK, alpha=0.15)
    return figure
