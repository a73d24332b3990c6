"""The state values of a saved agent on a map of its kitchen, as a PNG file."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.envs import World
from cookie_jar.envs.kitchen import TABLE
from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.colour_scale import colour_of, text_on, value_colour
from cookie_jar.envs.rendering.words import number
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.figures import INK, PAPER, SOFT_INK, new_figure, own_style, to_png
from cookie_jar.scripts.common.knowledge import known_values
from cookie_jar.scripts.common.run_scale import run_scale, snapshot_files
from cookie_jar.scripts.common.value_scale import ValueScale
from cookie_jar.scripts.inspection.view import MemoryView

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = 256  # of the scale


def write_value_map(view: MemoryView, file: Path) -> None:
    """Draw the value of the child in each cell as a PNG, with the chair at its start and the jar closed.

    All snapshots of a run have the same colours for the same values; unknown cells have a question mark.

    Raises:
        UsageError: If the environment is not a kitchen.
    """
    if view.world is None:
        raise UsageError("--png: expected a kitchen to draw on")
    files, best = snapshot_files(view.run), view.evaluator.optimum
    scale = run_scale(view.agent, view.agent.env, view.world, files, best)
    write_atomically(file, to_png(_draw(view.world, _cell_values(view, view.world), scale)))


def _cell_values(view: MemoryView, world: World) -> NDArray[np.float64]:
    """Return the value of the child in each cell at the start [N]; NaN where unknown or unreachable."""
    kitchen, start = world.config.kitchen, world.state(0)
    cells = np.flatnonzero(kitchen.reachable)
    states = np.array([world.number(start._replace(child=cell)) for cell in cells.tolist()])
    agent = view.agent
    found = known_values(agent, agent.states()[states] if isinstance(agent, OnPolicy) else states)
    values = np.full(len(kitchen.places), np.nan)
    values[cells] = np.nan if found is None else found
    return values


@own_style()
def _draw(world: World, values: NDArray[np.float64], scale: ValueScale) -> "Figure":
    kitchen = world.config.kitchen
    figure = new_figure(1 + kitchen.width, 1 + kitchen.height, dpi=100)
    axes: Any = figure.add_subplot()
    axes.set_facecolor(_rgb(palette.WALL))
    for cell, (row, column) in enumerate(kitchen.places):
        value = float(values[cell])
        _draw_cell(axes, row, column, value, scale if kitchen.reachable[cell] else None)
    for row, column in kitchen.find(TABLE):
        _fill(axes, row, column, palette.WOOD)
    label = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    for name, (row, column) in (("jar", kitchen.jar), ("chair", kitchen.places[kitchen.chair_start])):
        axes.text(column, row - 0.36, name, ha="center", va="center", fontsize=9, color=INK, bbox=label)
    axes.set(xlim=(-0.5, kitchen.width - 0.5), ylim=(kitchen.height - 0.5, -0.5), xticks=[], yticks=[])
    axes.set_aspect("equal")
    unknown = kitchen.reachable & ~np.isfinite(values)
    title = f"estimated value of each cell at the start{'; ?: unknown' if unknown.any() else ''}"
    axes.set_title(title, loc="left", fontweight="bold")
    _draw_scale(figure, axes, scale)
    return figure


def _draw_cell(axes: Any, row: int, column: int, value: float, scale: ValueScale | None) -> None:
    """Draw a cell with its value, or with a question mark; without a scale, the cell cannot be reached."""
    if scale is None or not np.isfinite(value):
        _fill(axes, row, column, palette.FLOOR)
        if scale is not None:
            axes.text(column, row, "?", ha="center", va="center", color=SOFT_INK)
        return
    colour = colour_of(value, scale)
    _fill(axes, row, column, colour)
    axes.text(column, row, number(value), ha="center", va="center", color=_rgb(text_on(colour)))


def _fill(axes: Any, row: int, column: int, colour: palette.RGB) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, color=_rgb(colour), linewidth=0))


def _draw_scale(figure: "Figure", axes: Any, scale: ValueScale) -> None:
    """Draw the colours of the values, with the lowest, 0 and the highest."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    colours = ListedColormap([_rgb(value_colour(step / (COLOURS - 1))) for step in range(COLOURS)])
    picture = ScalarMappable(Normalize(*(scale if scale.high > scale.low else (-1, 1))), colours)
    span = scale.high - scale.low
    ticks = [scale.low, *([0.0] if min(-scale.low, scale.high) > 0.06 * span else []), scale.high]
    bar: Any = figure.colorbar(picture, ax=axes, label="happiness", shrink=0.8, ticks=ticks)
    bar.ax.set_yticklabels([number(tick) for tick in ticks])


def _rgb(colour: palette.RGB) -> tuple[float, ...]:
    return tuple(part / 255 for part in colour)
