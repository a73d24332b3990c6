"""`memory show`: a description of a saved agent, and its numbers with their names."""

import argparse
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

import numpy as np

from cookie_jar.agents import runs
from cookie_jar.agents.memory import read_memory
from cookie_jar.envs import State
from cookie_jar.envs.dynamics import CARRIED, CLOSED
from cookie_jar.scripts.common.argument_types import add_command, add_run, new_file
from cookie_jar.scripts.common.console import Console, UsageError, printable
from cookie_jar.scripts.inspection.export import state_in_words, write_csv, write_json
from cookie_jar.scripts.inspection.greedy import greedy_episode
from cookie_jar.scripts.inspection.parameters import Parameters
from cookie_jar.scripts.inspection.value_map import write_value_map
from cookie_jar.scripts.inspection.view import MemoryView

BAR = 24  # length of the longest bar in characters
MAX_STATES = 12  # number of states shown of an episode


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    show = add_command(commands, "show", "describe a run, and print its numbers with their names")
    add_run(show)
    selection = show.add_mutually_exclusive_group()
    selection.add_argument("--state", type=int, metavar="N", help="show only state number N")
    selection.add_argument(
        "--at",
        metavar="CHILD,CHAIR[,STANDING[,JAR]]",
        help="show only the state with child and chair in these cells (`carried` for a carried chair); "
        "STANDING: 1 on the chair, else 0; JAR: `closed`, or the sum of 1 (left), 2 (middle) and 4 (right)",
    )
    selection.add_argument("--all", action="store_true", help="show the whole table, with one line per state")
    show.add_argument("--csv", type=new_file, metavar="FILE", help="write all numbers to a CSV file")
    show.add_argument(
        "--json", type=new_file, metavar="FILE", help="write the description and all numbers to a JSON file"
    )
    show.add_argument(
        "--png", type=new_file, metavar="FILE", help="write a map of the state values to a PNG file"
    )
    show.set_defaults(do=show_memory)


def show_memory(args: argparse.Namespace, console: Console) -> None:
    """Write the requested files, and print the selected states or the description."""
    view = MemoryView(args.run)
    for file, write in ((args.csv, write_csv), (args.json, write_json), (args.png, write_value_map)):
        if file is not None:
            write(view, file)
            console.out(f"wrote {file}")
    if args.all:
        show_table(view, console)
    elif args.state is not None or args.at is not None:
        state = view.check_state(args.state) if args.at is None else state_at(view, args.at)
        show_state(view, state, console)
    else:
        show_description(view, console)
        if view.has_states:
            show_greedy_episode(view, console)


def show_description(view: MemoryView, console: Console) -> None:
    """Print task, experience and performance, the number of parameters, and the hyperparameters."""
    agent = view.agent
    _, description = read_memory(runs.memory_file(view.run))
    lines = {
        "algorithm": printable(f"{type(agent).__name__} in {view.env_id}"),
        "task (T)": printable(description["notes"].get("task", "not recorded")),
        "experience (E)": f"{agent.num_timesteps:,} steps, {agent.num_episodes:,} episodes",
        "performance (P)": view.summary(),
        "numbers": describe_numbers(view),
        "hyperparameters": _listed(agent.settings()),
        "versions": _listed(description["versions"]),
    }
    for name, text in lines.items():
        console.print(f"{name:<16} {text}", soft_wrap=True)


def _listed(values: Mapping[str, object]) -> str:
    return printable(", ".join(f"{name} {value}" for name, value in values.items()))


def describe_numbers(view: MemoryView) -> str:
    """Return the number of parameters, and their shapes and ranges."""
    if "q_table" in view.arrays:
        table = view.arrays["q_table"]
        zeros = table.size - np.count_nonzero(table)
        states, actions = table.shape
        return f"{table.size:,}: {states:,} states x {actions} actions; {zeros:,} still zero"
    return describe_arrays(view)


def describe_arrays(view: Parameters) -> str:
    """Return the number of parameters, and the shape and the range of each array."""
    parts = [
        f"\n  {name:<18} {' x '.join(f'{size:,}' for size in array.shape):<14}"
        f"from {array.min():.2f} to {array.max():.2f}"
        for name, array in view.arrays.items()
    ]
    return f"{view.size:,}" + "".join(parts)


def show_greedy_episode(view: MemoryView, console: Console) -> None:
    """Print the first states of the greedy episode."""
    console.print("\nThe states of the greedy episode, in order:")
    steps = greedy_episode(view)
    for step in steps[:MAX_STATES]:
        console.print()
        show_state(view, step.state, console)
    if len(steps) > MAX_STATES:
        console.print(f"\n... and {len(steps) - MAX_STATES} more (see --state, --all, --csv)")


def show_state(view: MemoryView, state: int, console: Console) -> None:
    """Print the number of a state, its map and its actions."""
    console.print(f"state {state}\n{state_with_bars(view, state)}", soft_wrap=True)


def state_with_bars(view: MemoryView, state: int) -> str:
    """Return a state as a small map, with a bar for the value (or the probability) of each action."""
    values = view.table()[state]
    low, high = min(0.0, values.min()), max(0.0, values.max())
    bars = []
    for name, value in zip(view.action_names, values, strict=True):
        length = 0 if high == low else round(BAR * (value - low) / (high - low))
        mark = "<" if value == values.max() and value != 0 else ""
        bars.append(f"{name:<12}{value:>7.2f}  {'█' * length} {mark}".rstrip())
    drawn = view.draw(state).splitlines()
    width = max(map(len, drawn)) + 4
    rows = zip_longest(drawn, bars, fillvalue="")
    return "\n".join(f"  {left:<{width}}{right}".rstrip() for left, right in rows)


def show_table(view: MemoryView, console: Console) -> None:
    """Print a line per state: its number, a description, and the value of each action."""
    names = [name[:6] for name in view.action_names]
    heading = f"{'state':>6}  {'':<32}" + "".join(f"{name:>8}" for name in names)
    console.out(heading)
    for state, values in enumerate(view.table()):
        numbers = "".join(f"{value:>8.2f}" if value != 0 else f"{'.':>8}" for value in values)
        line = f"{state:>6}  {state_in_words(view, state):<32}{numbers}"
        console.out(line)


def state_at(view: MemoryView, text: str) -> int:
    """Return the number of the state that `--at` describes.

    Raises:
        UsageError: If there is no such state.
    """
    if view.world is None:
        raise UsageError("--at: expected a kitchen; use --state in other environments")
    words = {"carried": CARRIED, "closed": CLOSED}
    try:
        parts = [words[part] if part in words else int(part) for part in text.split(",")]
        child, chair, *rest = parts
        standing, jar, arrangement, *_ = [*rest, *(0, CLOSED, 0)[len(rest) :]]
        return view.world.number(State(child, chair, standing, jar, arrangement))
    except ValueError as error:
        raise UsageError(f"--at {text}: expected CHILD,CHAIR[,STANDING[,JAR]]; {error}") from None
