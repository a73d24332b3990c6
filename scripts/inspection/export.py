"""Files of a saved agent's numbers: CSV and JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import runs
from cookie_jar.agents.files import write_atomically, write_table
from cookie_jar.agents.memory import read_memory
from cookie_jar.envs.dynamics import CARRIED, CLOSED
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
