"""`memory show`: what a memory is, and the numbers in it with their names."""

import argparse
import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from cookie_jar.agents import runs
from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.memory import read_memory
from cookie_jar.envs import State
from cookie_jar.envs.dynamics import CARRIED, CLOSED
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.inspection.view import MemoryView

BAR = 24  # characters of the longest bar
MOST_STATES = 12  # of an episode that are shown


def add_commands(commands: Any) -> None:
    """Declare the command."""
    show = commands.add_parser("show", help="what it is, and its numbers with their names")
    show.add_argument("run", metavar="RUN", help="a run or a snapshot")
    which = show.add_mutually_exclusive_group()
    which.add_argument("--state", type=int, metavar="N", help="only the state of this number")
    which.add_argument(
        "--at",
        metavar="CHILD,CHAIR[,STANDING[,JAR]]",
        help="only the state with the child in this cell and the chair in that one (or `carried`); standing "
        "0 or 1; jar `closed` or the sum of 1 (left), 2 (middle) and 4 (right) for the cookies still there",
    )
    which.add_argument("--all", action="store_true", help="the whole table, one line a state")
    show.add_argument("--csv", type=Path, metavar="FILE", help="write all numbers to a file")
    show.add_argument("--json", type=Path, metavar="FILE", help="write description and numbers to a file")
    show.add_argument("--png", type=Path, metavar="FILE", help="draw the values over the kitchen into a file")
    show.set_defaults(do=show_memory)


def show_memory(args: argparse.Namespace, console: Console) -> None:
    """Print, and write the files that were asked for."""
    view = MemoryView(args.run)
    for file, write in ((args.csv, write_csv), (args.json, write_json), (args.png, write_png)):
        if file is not None:
            write(view, file)
            console.print(f"written: {file}", markup=False)
    if args.all:
        show_table(view, console)
        return
    if args.state is not None or args.at is not None:
        state = view.state(args.state) if args.at is None else state_at(view, args.at)
        console.print(f"state {state}\n{look(view, state)}", markup=False, soft_wrap=True)
        return
    show_description(view, console)
    if not view.has_states:
        return
    console.print("\nThe states of its greedy episode, in order:", markup=False)
    steps = view.episode()
    for state, _, _ in steps[:MOST_STATES]:
        console.print(f"\nstate {state}\n{look(view, state)}", markup=False, soft_wrap=True)
    if len(steps) > MOST_STATES:
        console.print(f"\n... and {len(steps) - MOST_STATES} more (see --state, --all, --csv)", markup=False)


def show_description(view: MemoryView, console: Console) -> None:
    """Task, experience and performance, and how many numbers there are."""
    agent = view.agent
    _, description = read_memory(runs.memory_file(view.run))
    settings = ", ".join(f"{name} {value}" for name, value in agent.settings().items())
    versions = ", ".join(f"{name} {number}" for name, number in description["versions"].items())
    lines = {
        "algorithm": f"{type(agent).__name__} in {'?' if agent.env.spec is None else agent.env.spec.id}",
        "task (T)": description["notes"].get("task", "not noted"),
        "experience (E)": f"{agent.num_timesteps:,} steps, {agent.num_episodes:,} episodes",
        "performance (P)": view.summary(),
        "numbers": describe_numbers(view),
        "learned with": settings,
        "versions": versions,
    }
    for name, text in lines.items():
        console.print(f"{name:<16} {text}", markup=False, soft_wrap=True)


def describe_numbers(view: MemoryView) -> str:
    """How many numbers there are, and where."""
    if "q_table" in view.numbers:
        table = view.numbers["q_table"]
        untouched = table.size - np.count_nonzero(table)
        states, actions = table.shape
        return f"{table.size:,}: {states:,} states x {actions} actions; {untouched:,} still untouched"
    parts = [
        f"\n  {name:<18} {' x '.join(f'{size:,}' for size in array.shape):<14}"
        f"from {array.min():.2f} to {array.max():.2f}"
        for name, array in view.numbers.items()
    ]
    return f"{view.count:,}" + "".join(parts)


def look(view: MemoryView, state: int) -> str:
    """A state as a small map, and beside it the value (or the probability) of each action as a bar."""
    values = view.table()[state]
    low, high = min(0.0, values.min()), max(0.0, values.max())
    bars = []
    for name, value in zip(view.action_names, values, strict=True):
        length = 0 if high == low else round(BAR * (value - low) / (high - low))
        mark = "<" if value == values.max() and value != 0 else ""
        bars.append(f"{name:<12}{value:>7.2f}  {'█' * length} {mark}".rstrip())
    drawn = view.draw(state).splitlines()
    width = max(map(len, drawn)) + 4
    rows = max(len(drawn), len(bars))
    drawn += [""] * (rows - len(drawn))
    bars += [""] * (rows - len(bars))
    return "\n".join(f"  {left:<{width}}{right}".rstrip() for left, right in zip(drawn, bars, strict=True))


def show_table(view: MemoryView, console: Console) -> None:
    """One line a state: its number, what it is, and the value of each action."""
    names = [name[:6] for name in view.action_names]
    heading = f"{'state':>6}  {'':<32}" + "".join(f"{name:>8}" for name in names)
    console.print(heading, markup=False, soft_wrap=True)
    for state, values in enumerate(view.table()):
        numbers = "".join(f"{value:>8.2f}" if value != 0 else f"{'.':>8}" for value in values)
        console.print(f"{state:>6}  {in_words(view, state):<32}{numbers}", markup=False, soft_wrap=True)


def in_words(view: MemoryView, state: int) -> str:
    """A state of a kitchen in a few words: where the child is, the chair, the jar."""
    if view.world is None:
        return ""
    child, chair, standing, jar, _ = view.world.state(state)
    where = "carried" if chair == CARRIED else "under" if standing else f"at {chair}"
    left = (
        "closed" if jar == CLOSED else "open " + "".join("lmr"[p] if jar >> p & 1 else "-" for p in range(3))
    )
    return f"child {child}, chair {where}, {left}"


def state_at(view: MemoryView, text: str) -> int:
    """The number of the state that `--at` describes.

    Raises:
        UsageError: it describes none.
    """
    if view.world is None:
        raise UsageError("--at: expected a kitchen; in other environments, use --state")
    words = {"carried": CARRIED, "closed": CLOSED}
    try:
        parts = [words[part] if part in words else int(part) for part in text.split(",")]
        child, chair, *rest = parts
        standing, jar, arrangement, *_ = [*rest, *(0, CLOSED, 0)[len(rest) :]]
        return view.world.number(State(child, chair, standing, jar, arrangement))
    except ValueError as error:
        raise UsageError(f"--at {text}: expected CHILD,CHAIR[,STANDING[,JAR]]; {error}") from None


def write_csv(view: MemoryView, file: Path) -> None:
    """All numbers: of a Q-table one line a state, of weights one line each."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    if "q_table" in view.numbers:
        table.writerow(["state", "meaning", *view.action_names])
        for state, values in enumerate(view.numbers["q_table"].tolist()):
            table.writerow([state, in_words(view, state), *values])
    else:
        table.writerow(["name", "index", "value"])
        for name, array in view.numbers.items():
            rows = ((name, " ".join(map(str, index)), value) for index, value in np.ndenumerate(array))
            table.writerows(rows)
    write_atomically(file, text.getvalue().encode())


def write_json(view: MemoryView, file: Path) -> None:
    """The description and all numbers."""
    _, description = read_memory(runs.memory_file(view.run))
    numbers = {name: array.tolist() for name, array in view.numbers.items()}
    whole = {"description": description, "actions": view.action_names, **numbers}
    write_atomically(file, json.dumps(whole, indent=1).encode())


def write_png(view: MemoryView, file: Path) -> None:
    """The best value in each cell, for the chair where it starts and the jar closed, over the kitchen."""
    from matplotlib.figure import Figure

    if view.world is None:
        raise UsageError("--png: expected a kitchen to draw on")
    kitchen, start = view.world.config.kitchen, view.world.state(0)
    values, expected = np.full((kitchen.height, kitchen.width), np.nan), view.values()
    for cell, (row, column) in enumerate(kitchen.places):
        if kitchen.reachable[cell]:
            state = view.world.number(start._replace(child=cell))
            values[row, column] = expected[state]
    figure = Figure(figsize=(1 + kitchen.width, 1 + kitchen.height), dpi=100, layout="constrained")
    axes = figure.add_subplot()
    axes.set_facecolor("#48687a")
    picture = axes.imshow(values, cmap="cividis")
    for row, column in zip(*np.nonzero(np.isfinite(values)), strict=True):
        bright = values[row, column] > np.nanmean(values)
        ink = "#30261f" if bright else "#fffaf0"
        axes.text(column, row, f"{values[row, column]:.2f}", ha="center", va="center", color=ink)
    for name, (row, column) in (("jar", kitchen.jar), ("chair", kitchen.places[kitchen.chair_start])):
        label = {"facecolor": "#fffaf0", "edgecolor": "none", "pad": 1.5}
        axes.text(column, row - 0.36, name, ha="center", va="center", fontsize=8, color="#30261f", bbox=label)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title("what the child expects, standing in each cell", loc="left", fontweight="bold")
    figure.colorbar(picture, ax=axes, label="happiness", shrink=0.8)
    png = io.BytesIO()
    figure.savefig(png, format="png")
    write_atomically(file, png.getvalue())
