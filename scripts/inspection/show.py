"""`memory show`: a description of a saved agent, and its numbers with their names."""

import argparse
import textwrap
from collections.abc import Mapping
from itertools import zip_longest

import numpy as np

from cookie_jar.agents import runs
from cookie_jar.agents.description import MACHINE
from cookie_jar.agents.memory import read_memory
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.envs import State
from cookie_jar.envs.dynamics import CARRIED, CLOSED
from cookie_jar.envs.rendering.words import number, signed
from cookie_jar.scripts.common.bars import UNTRIED, percent
from cookie_jar.scripts.common.console import Console, UsageError, printable
from cookie_jar.scripts.inspection.export import state_in_words, write_csv, write_json
from cookie_jar.scripts.inspection.greedy import greedy_episode
from cookie_jar.scripts.inspection.parameters import Parameters
from cookie_jar.scripts.inspection.text_bars import bar_lines, has_blocks
from cookie_jar.scripts.inspection.value_map import write_value_map
from cookie_jar.scripts.inspection.view import MemoryView

GAP = 3  # characters between a map and bars
MAX_STATES = 12  # number of states shown of an episode


def show_memory(args: argparse.Namespace, console: Console) -> None:
    """Write the requested files, and print the selected states or the description."""
    view = MemoryView(args.run)
    files = (args.csv, write_csv), (args.json, write_json), (args.png, write_value_map)
    wanted = [(file, write) for file, write in files if file is not None]
    for file, write in wanted:
        write(view, file)
    if args.all:
        show_table(view, console)
    elif args.state is not None or args.at is not None:
        state = view.check_state(args.state) if args.at is None else state_at(view, args.at)
        show_state(view, state, console)
    else:
        show_description(view, console)
        if view.has_states:
            show_greedy_episode(view, console)
    for file, _ in wanted:
        console.out(f"wrote {file}")


def show_description(view: MemoryView, console: Console) -> None:
    """Print task, experience and performance, the number of parameters, and the hyperparameters."""
    agent = view.agent
    episodes = f"{agent.num_episodes:,} episode{'s' * (agent.num_episodes != 1)}"
    _, description = read_memory(runs.memory_file(view.run))
    lines = {
        "algorithm": printable(f"{type(agent).__name__} in {view.env_id}"),
        "task (T)": printable(description["notes"].get("task", "not recorded")),
        "experience (E)": f"{agent.num_timesteps:,} steps, {episodes}",
        "performance (P)": view.summary(),
        "numbers": describe_numbers(view),
        "hyperparameters": _listed(agent.settings()),
        "versions": _listed(description["versions"]),
    }
    if MACHINE in description:
        lines[MACHINE] = _listed(description[MACHINE])
    print_description(lines, console)


def print_description(lines: Mapping[str, str], console: Console) -> None:
    """Print texts after their names; in a terminal, long lines are broken between words."""
    for name, text in lines.items():
        line = f"{name:<16} {text}"
        if console.is_terminal and "\n" not in line:
            line = textwrap.fill(line, console.width, subsequent_indent=" " * 17, break_on_hyphens=False)
        console.print(line, soft_wrap=not console.is_terminal)


def _listed(values: Mapping[str, object]) -> str:
    return printable(", ".join(f"{name} {value}" for name, value in values.items()))


def describe_numbers(view: MemoryView) -> str:
    """Return the number of parameters, and their shapes and ranges."""
    if "q_table" in view.arrays:
        table = view.arrays["q_table"]
        initial = float(getattr(view.agent, "initial_value", 0.0))
        unchanged, what = np.count_nonzero(table == initial), number(initial) if initial else "zero"
        states, actions = table.shape
        return f"{table.size:,}: {states:,} states x {actions} actions; {unchanged:,} still {what}"
    return describe_arrays(view)


def describe_arrays(view: Parameters) -> str:
    """Return the number of parameters, and the shape and the range of each array."""
    parts = [
        f"\n  {name:<18} {' x '.join(f'{size:,}' for size in array.shape):<14}"
        f"from {number(array.min())} to {number(array.max())}"
        for name, array in view.arrays.items()
    ]
    return f"{view.size:,}" + "".join(parts)


def show_greedy_episode(view: MemoryView, console: Console) -> None:
    """Print the first states of the greedy episode, each once."""
    console.print("\nThe states of the greedy episode, in order:")
    steps = greedy_episode(view)
    states = list(dict.fromkeys(step.state for step in steps))
    for state in states[:MAX_STATES]:
        console.print()
        show_state(view, state, console)
    if len(states) > MAX_STATES:
        console.print(f"\n... and {len(states) - MAX_STATES} more (see --state, --all, --csv)")
    if len(states) < len(steps):
        times = "state" if len(states) == 1 else "states"
        console.print(f"\nThe episode has {len(steps):,} steps, but only {len(states):,} different {times}.")


def show_state(view: MemoryView, state: int, console: Console) -> None:
    """Print the number of a state, its map and its actions."""
    console.print(f"state {state}")
    for line in state_lines(view, state, console.width, blocks=has_blocks(console)):
        console.print(f"  {line}".rstrip(), soft_wrap=True)


def state_lines(view: MemoryView, state: int, room: int, *, blocks: bool = True) -> list[str]:
    """Return a state as a small map, and the value (or the probability) of each action with a bar.

    Without room for both, the map stands above the bars.

    Args:
        view: The memory.
        state: The number of the state.
        room: The width of the lines in characters.
        blocks: As in `block_bar`.
    """
    drawn = [] if view.world is None else view.draw(state).splitlines()
    bars = view.bars(state)
    if bars is None:
        return [*drawn, "never visited: nothing is known here"]
    wide = max(map(len, drawn), default=-GAP) + GAP
    beside = bar_lines(bars, room - wide - 2, blocks=blocks)
    if max(map(len, beside)) + wide > room - 2:
        return [*drawn, *bar_lines(bars, room - 2, blocks=blocks)]
    return [f"{left:<{wide}}{right}".rstrip() for left, right in zip_longest(drawn, beside, fillvalue="")]


def show_table(view: MemoryView, console: Console) -> None:
    """Print a line per state: its number, a description, and the value of each action."""
    words = [name.split() for name in view.action_names]
    wide = max(8, 2 + max(len(word) for name in words for word in name))
    room = 0 if view.world is None else 32  # for a description of the state
    for line, parts in enumerate(zip_longest(*words, fillvalue="")):
        first = f"{'state':>6}" if line == 0 else " " * 6
        console.out(f"{first}  {'':<{room}}" + "".join(f"{part:>{wide}}" for part in parts))
    write = percent if isinstance(view.agent, OnPolicy) else signed
    table, tried, known = view.table().tolist(), view.tried().tolist(), view.known().tolist()
    for state, values in enumerate(table):
        texts = (
            write(value) if learned else UNTRIED for value, learned in zip(values, tried[state], strict=True)
        )
        numbers = "".join(f"{text:>{wide}}" for text in texts) if known[state] else "  never visited"
        console.out(f"{state:>6}  {state_in_words(view, state):<{room}}{numbers}")


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
