"""Files of a saved agent's numbers: CSV, JSON, and the state values on a map of the kitchen."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import runs
from cookie_jar.agents.files import write_atomically, write_table
from cookie_jar.agents.memory import read_memory
from cookie_jar.envs import World
from cookie_jar.envs.dynamics import CARRIED, CLOSED
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.parameters import Parameters
from cookie_jar.scripts.inspection.view import MemoryView


def state_in_words(view: MemoryView, state: int) -> str:
    """Describe a state of a kitchen: the places of child and chair, and the jar; "" without a kitchen."""
    if view.world is None:
        return ""
    child, chair, standing, jar, _ = view.world.state(state)
    place = "carried" if chair == CARRIED else "under" if standing else f"at {chair}"
    cookies = "".join("lmr"[p] if jar >> p & 1 else "-" for p in range(3))
    return f"child {child}, chair {place}, {'closed' if jar == CLOSED else f'open {cookies}'}"


def write_csv(view: MemoryView, file: Path) -> None:
    """Write all numbers as CSV: a line per state of a Q-table, or a line per parameter of another agent."""
    if "q_table" in view.arrays:
        states = enumerate(view.arrays["q_table"].tolist())
        rows = ((state, state_in_words(view, state), *values) for state, values in states)
        write_table(file, ["state", "meaning", *view.action_names], rows)
    else:
        write_numbers(view, file)


def write_numbers(view: Parameters, file: Path) -> None:
    """Write all numbers as CSV, with a line per parameter."""
    numbers = (
        (name, " ".join(map(str, index)), value)
        for name, array in view.arrays.items()
        for index, value in np.ndenumerate(array)
    )
    write_table(file, ["name", "index", "value"], numbers)


def write_json(view: MemoryView, file: Path) -> None:
    """Write the description of the agent, the names of the actions, and all arrays as JSON."""
    _, description = read_memory(runs.memory_file(view.run))
    write_description(description, {"actions": view.action_names}, view.arrays, file)


def write_description(
    description: Mapping[str, Any],
    names: Mapping[str, Sequence[str]],
    arrays: Mapping[str, NDArray[Any]],
    file: Path,
) -> None:
    """Write a description, names such as those of the actions, and arrays as JSON."""
    numbers = {name: array.tolist() for name, array in arrays.items()}
    whole = {"description": description, **names, **numbers}
    write_atomically(file, json.dumps(whole, indent=1).encode())


def write_value_map(view: MemoryView, file: Path) -> None:
    """Draw the value of the child in each cell as a PNG, with the chair at its start and the jar closed.

    Raises:
        UsageError: If the environment is not a kitchen.
    """
    from cookie_jar.scripts.common.figures import to_png

    if view.world is None:
        raise UsageError("--png: expected a kitchen to draw on")
    write_atomically(file, to_png(_value_map(view.world, view.state_values())))


def _value_map(world: World, state_values: NDArray[np.float64]) -> Any:
    from cookie_jar.scripts.common.figures import INK, PAPER, new_figure

    kitchen, start = world.config.kitchen, world.state(0)
    values = np.full((kitchen.height, kitchen.width), np.nan)
    for cell, (row, column) in enumerate(kitchen.places):
        if kitchen.reachable[cell]:
            values[row, column] = state_values[world.number(start._replace(child=cell))]
    figure = new_figure(1 + kitchen.width, 1 + kitchen.height, dpi=100)
    axes = figure.add_subplot()
    axes.set_facecolor("#48687a")  # walls
    picture = axes.imshow(values, cmap="cividis")
    for row, column in zip(*np.nonzero(np.isfinite(values)), strict=True):
        ink = INK if values[row, column] > np.nanmean(values) else PAPER
        axes.text(column, row, f"{values[row, column]:.2f}", ha="center", va="center", color=ink)
    label = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    for name, (row, column) in (("jar", kitchen.jar), ("chair", kitchen.places[kitchen.chair_start])):
        axes.text(column, row - 0.36, name, ha="center", va="center", fontsize=8, color=INK, bbox=label)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title("estimated value of each cell at the start", loc="left", fontweight="bold")
    figure.colorbar(picture, ax=axes, label="happiness", shrink=0.8)
    return figure
