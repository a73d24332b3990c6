"""Measure speed and compare it with that of other environments and agents: medians, ranges and ratios."""

import json
import platform
import sys
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

import numpy as np
from rich.text import Text

from cookie_jar.agents import PPO, ActorCritic, ExpectedSarsa, QLearning, Reinforce, Sarsa
from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.benchmarks import classifying, environments, learning, rendering
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale
from cookie_jar.scripts.common.argument_types import Parser, file_of
from cookie_jar.scripts.common.console import Console, progress_bar, run
from cookie_jar.scripts.common.output_files import SPEED_JSON
from cookie_jar.scripts.common.tables import new_table

GRADIENTS = Reinforce, ActorCritic, PPO
MEASUREMENTS: tuple[Callable[[Scale], Measurement], ...] = (
    environments.single_environment,
    environments.import_time,
    partial(environments.compile_time, "home"),
    partial(environments.compile_time, "house"),
    partial(environments.table_memory, "home"),
    partial(environments.table_memory, "house"),
    environments.solve_time,
    environments.new_level,
    environments.against_sync,
    environments.against_envpool,
    partial(environments.many, 16_384),
    partial(environments.drawing_actions, 16_384),
    partial(environments.many, 16_384, env_id="CookieJarClumsy-v0"),
    partial(environments.many, 4_096, env_id="CookieJarRandom-v0", observation="factors", levels=(0, 99)),
    partial(environments.many, 1_024, observation="factors"),
    partial(environments.many, 1_024, observation="grid"),
    partial(environments.many, 1_024, observation="pixels"),
    rendering.pictures,
    rendering.moving_pictures,
    partial(rendering.films, "gif"),
    partial(rendering.films, "webp"),
    partial(rendering.cookies, 32),
    partial(rendering.cookies, 128),
    partial(learning.tabular, QLearning),
    partial(learning.tabular, Sarsa),
    partial(learning.tabular, ExpectedSarsa),
    learning.tabular_with_bar,
    partial(learning.tabular, QLearning, use_model=False),
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
    parser.add_argument(
        "--json",
        type=file_of(".json", beginning=SPEED_JSON),
        metavar="FILE",
        help="also write all values to a JSON file",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    scale = Scale(rounds=3, steps=20_000) if args.quick else Scale(rounds=9, steps=200_000)
    with progress_bar(Console()) as bar:
        measurements = [measure(scale) for measure in bar.track(MEASUREMENTS, description="measuring")]
    print_table(measurements)
    if args.json is not None:
        machine = {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "numpy": np.__version__,
        }
        rows = [measurement._asdict() | {"ratio": measurement.ratio} for measurement in measurements]
        write_atomically(args.json, json.dumps({"machine": machine, "figures": rows}, indent=2).encode())


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
