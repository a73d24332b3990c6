"""Measure speed and compare it with that of other environments and agents: medians, ranges and ratios."""

from cookie_jar.scripts.common.console import Console, progress_bar, run

# isort: split
import json
import platform
import sys
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from rich.text import Text

from cookie_jar.agents import PPO, ActorCritic, ExpectedSarsa, QLearning, Reinforce, Sarsa
from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.benchmarks import (
    classifying,
    environments,
    learning,
    rendering,
    scaling,
    scaling_figure,
    solving,
    starting,
    tabular,
    vectors,
)
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale
from cookie_jar.scripts.common.argument_types import Parser, file_of
from cookie_jar.scripts.common.output_files import SPEED_JSON
from cookie_jar.scripts.common.tables import new_table

KITCHENS = "CookieJar-v0", "CookieJarClumsy-v0", "CookieJarHouse-v0"
TABULAR = QLearning, Sarsa, ExpectedSarsa
GRADIENTS = Reinforce, ActorCritic, PPO
JSON = "also write all values to a JSON file"
SCALING = "only measure how time and memory grow with states, seeds and kitchens, and plot the result"
MEASUREMENTS: tuple[Callable[[Scale], Measurement], ...] = (
    environments.single_environment,
    *(
        partial(environments.single_environment, observation=observation)
        for observation in ("factors", "vector", "grid", "pixels")
    ),
    environments.levels,
    environments.import_time,
    *(partial(starting.command_time, name) for name in starting.COMMANDS),
    partial(environments.compile_time, "home"),
    partial(environments.compile_time, "house"),
    partial(environments.compile_time, "256 cells, shuffled", **environments.LARGEST),
    environments.largest_compile_memory,
    partial(environments.table_memory, "home"),
    partial(environments.table_memory, "house"),
    environments.solve_time,
    environments.new_level,
    vectors.against_sync,
    vectors.against_envpool,
    *(partial(vectors.many, number) for number in (64, 1_024, 16_384, 131_072)),
    partial(vectors.drawing_actions, 16_384),
    *(partial(vectors.many, number, env_id="CookieJarClumsy-v0") for number in (64, 1_024, 16_384)),
    partial(vectors.many, 4_096, env_id="CookieJarRandom-v0", observation="factors", levels=(0, 99)),
    *(partial(vectors.many, 1_024, observation=kind) for kind in ("factors", "grid", "pixels")),
    partial(vectors.pack_levels, 1_000),
    partial(vectors.level_memory, 1_000),
    rendering.pictures,
    rendering.moving_pictures,
    partial(rendering.films, "gif"),
    partial(rendering.films, "webp"),
    partial(rendering.cookies, 32),
    partial(rendering.cookies, 128),
    *(partial(tabular.tabular, kind, env_id) for env_id in KITCHENS for kind in TABULAR),
    tabular.two_threads,
    tabular.with_bar,
    tabular.by_steps,
    *(partial(solving.values, env_id) for env_id in KITCHENS),
    partial(solving.values, "CookieJar-v0", kitchen=environments.LARGEST["kitchen"]),
    partial(solving.evaluation, "CookieJarHouse-v0"),
    partial(solving.backwards, "CookieJarHouse-v0"),
    partial(learning.against_sb3, same=True),
    partial(learning.against_sb3, same=False),
    *(partial(learning.gradient, kind) for kind in GRADIENTS),
    *(partial(learning.time_to_solve, kind) for kind in GRADIENTS),
    classifying.training,
    classifying.prediction,
)


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar benchmark", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="run fewer and shorter rounds")
    parser.add_argument("--scaling", type=file_of(".png"), metavar="PNG", help=SCALING)
    parser.add_argument("--json", type=file_of(".json", beginning=SPEED_JSON), metavar="FILE", help=JSON)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    results: dict[str, Any]
    if args.scaling is None:
        scale = Scale(rounds=3, steps=20_000) if args.quick else Scale(rounds=9, steps=200_000)
        with progress_bar(Console()) as bar:
            measurements = [measure(scale) for measure in bar.track(MEASUREMENTS, description="measuring")]
        print_table(measurements)
        results = {"figures": [row._asdict() | {"ratio": row.ratio} for row in measurements]}
    else:
        results = {"scaling": scaling.measure_all(Console(), quick=args.quick)}
        write_atomically(args.scaling, scaling_figure.figure_png(results["scaling"]))
        Console().out(f"The figure is {args.scaling}")
    if args.json is not None:
        machine = {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "numpy": np.__version__,
        }
        write_atomically(args.json, json.dumps({"machine": machine} | results, indent=2).encode())


def print_table(measurements: Sequence[Measurement]) -> None:
    """Print the medians, with the lowest and the highest value in brackets."""
    table = new_table("", "Cookie Jar", "peer", "", "ratio", gap=2)
    for row in measurements:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        table.add_row(
            row.name, _spread(row.ours, row.unit), _spread(row.peer, row.unit), row.peer_name, ratio
        )
    Console(width=None if sys.stdout.isatty() else 240).print(table)


def _spread(values: Sequence[float], unit: str) -> Text:
    """Return the median with a suitable prefix of the unit, and the range."""
    if not values:
        return Text()
    scale, name = _prefixed(median(values), unit)
    low, middle, high = (f"{value / scale:.3g}" for value in (min(values), median(values), max(values)))
    return Text(f"{middle} {name}").append(f" ({low} to {high})" if len(values) > 1 else "", "dim")


def _prefixed(value: float, unit: str) -> tuple[float, str]:
    if unit == "steps/s":
        return (1e6, "M steps/s") if value >= 1e6 else (1e3, "k steps/s")
    return (1e-3, "ms") if unit == "s" else (1.0, unit)


if __name__ == "__main__":
    sys.exit(run(main))
