"""The figure of how time, memory and throughput grow; throughput is drawn from 0."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cookie_jar.scripts.benchmarks.scaling import ENVIRONMENTS, Point
from cookie_jar.scripts.common.figures import (
    BLUE,
    GREEN,
    RUST,
    SOFT_INK,
    new_figure,
    own_style,
    style_axes,
    to_png,
)
from cookie_jar.scripts.common.log_axis import log_ticks, seconds_text, steps_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MILLION = 1e6
TITLE, TEXT = 10, 8.5  # font sizes in points
LABELS = 0.4  # part of the length of the x axis that is added for the labels at the ends of lines
MOST_TICKS = 8
MARGIN = 1.5  # free space above and below the lines of a logarithmic axis, as a factor
ROOM = 1.15  # the end of an axis from 0, as a multiple of the highest value
CLOSE, APART = 1.2, 6.0  # labels of lines whose ends are within this factor move apart, in points

Lines = Mapping[str, tuple[Sequence[float], str]]  # the y values and the colour of each line, by its label


class Panel(NamedTuple):
    """What a panel shows.

    Attributes:
        title: Its title.
        x_name: What the x axis counts.
        x: The x value of each point.
        y_text: Writes a y value.
        lines: The lines.
        from_zero: Whether the y axis is linear and begins at 0, otherwise it is logarithmic.
    """

    title: str
    x_name: str
    x: Sequence[float]
    y_text: Callable[[float], str]
    lines: Lines
    from_zero: bool = False


def figure_png(series: Mapping[str, Sequence[Point]]) -> bytes:
    """Return the figure of the series that `scaling.measure_all` returns, as a PNG."""
    return to_png(draw(series))


@own_style()
def draw(series: Mapping[str, Sequence[Point]]) -> "Figure":
    """Draw time and memory against states, and throughput against seeds and kitchens."""
    figure = new_figure(9, 5.6, dpi=120)
    states, seeds, kitchens = (series[name] for name in ("states", "seeds", "kitchens"))
    panels = *_against_states(states), _against_seeds(seeds), _against_kitchens(kitchens)
    for axes, panel in zip(figure.subplots(2, 2, height_ratios=(3, 2)).flat, panels, strict=True):
        draw_panel(axes, panel)
    return figure


def _against_states(points: Sequence[Point]) -> tuple[Panel, Panel]:
    states = column(points, "states")
    times: Lines = {
        "compile": (column(points, "compile_seconds"), GREEN),
        "solve": (column(points, "solve_seconds"), BLUE),
        "1M updates of\nQ-learning": (
            [MILLION / rate for rate in column(points, "updates_per_second")],
            RUST,
        ),
    }
    memory: Lines = {
        "peak": (column(points, "peak_bytes"), RUST),
        "tables": (column(points, "table_bytes"), BLUE),
    }
    return (
        Panel("Processor time", "states of the kitchen", states, seconds_text, times),
        Panel("Memory", "states of the kitchen", states, bytes_text, memory),
    )


def _against_seeds(points: Sequence[Point]) -> Panel:
    lines: dict[str, tuple[Sequence[float], str]] = {}
    for threads, name, colour in ((2, "two threads", RUST), (1, "one thread", BLUE)):
        chosen = [point for point in points if point["threads"] == threads]
        lines[name] = column(chosen, "updates_per_processor_second"), colour
    seeds = sorted({point["seeds"] for point in points})
    return Panel("Q-learning: updates per second and core", "seeds", seeds, steps_text, lines, from_zero=True)


def _against_kitchens(points: Sequence[Point]) -> Panel:
    lines: Lines = {f"{ENVIRONMENTS:,} environments": (column(points, "steps_per_second"), GREEN)}
    kitchens = column(points, "kitchens")
    title = "Vector environment: steps per second"
    return Panel(title, "different kitchens", kitchens, steps_text, lines, from_zero=True)


def draw_panel(axes: Any, panel: Panel) -> None:
    """Draw lines with their labels at their ends."""
    x, ends = panel.x, [y[-1] for y, _ in panel.lines.values()]
    for number, (name, (y, colour)) in enumerate(panel.lines.items()):
        axes.plot(x, y, color=colour, marker="o", markersize=3.5, linewidth=1.6)
        shift = APART * (len(ends) - 1 - 2 * number) if max(ends) < CLOSE * min(ends) else 0.0
        axes.annotate(
            name, (x[-1], y[-1]), xytext=(7, shift), textcoords="offset points", va="center", color=colour,
            fontsize=TEXT,
        )  # fmt: skip
    style_axes(axes, panel.title, title_size=TITLE, grid="both")
    axes.set(xscale="log", xlabel=panel.x_name, xlim=(x[0] / 1.3, x[-1] * (x[-1] / x[0]) ** LABELS))
    x_ticks, y_ticks = log_ticks(x[0], x[-1], MOST_TICKS), scale_y(axes, panel)
    axes.set_xticks(x_ticks, [steps_text(tick) for tick in x_ticks])
    axes.set_yticks(y_ticks, [panel.y_text(tick) for tick in y_ticks])
    axes.minorticks_off()
    axes.tick_params(labelsize=TEXT, colors=SOFT_INK)


def scale_y(axes: Any, panel: Panel) -> Sequence[float]:
    """Set the scale and the limits of the y axis, and return its ticks."""
    values = [value for y, _ in panel.lines.values() for value in y]
    if panel.from_zero:
        axes.set_ylim(0, max(values) * ROOM)
        return [tick for tick in axes.get_yticks() if tick <= max(values) * ROOM]
    low, high = min(values) / MARGIN, max(values) * MARGIN
    axes.set(yscale="log", ylim=(low, high))
    return log_ticks(low, high, MOST_TICKS)


def bytes_text(size: float) -> str:
    """Return a size in few letters, such as "10 kB"."""
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size / 1e3:.3g} kB"


def column(points: Sequence[Point], name: str) -> list[float]:
    """Return a value of all points."""
    return [point[name] for point in points]
