"""Measure how fast Cookie Jar is, beside its peers: ratios within one run, medians with spread."""

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from cookie_jar.agents import QLearning
from cookie_jar.envs.rules import make_rules
from cookie_jar.envs.tabular import World
from cookie_jar.scripts.console import run


class Figure(NamedTuple):
    """One measurement.

    Attributes:
        name: what was measured.
        unit: of the values.
        ours: one value a round.
        peer_name: what it is compared with, or "".
        peer: one value a round, each measured right after ours.
    """

    name: str
    unit: str
    ours: list[float]
    peer_name: str = ""
    peer: Sequence[float] = ()

    @property
    def ratio(self) -> float | None:
        """The median over the rounds of ours / peer."""
        return median(a / b for a, b in zip(self.ours, self.peer, strict=True)) if self.peer else None


class Scale(NamedTuple):
    """How much to measure."""

    rounds: int
    steps: int


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="cookie-jar benchmark", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all values to a file")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    scale = Scale(rounds=3, steps=20_000) if args.quick else Scale(rounds=9, steps=200_000)
    with Progress(transient=True) as progress:
        figures = [measure(scale) for measure in progress.track(MEASUREMENTS, description="measuring")]
    report(figures)
    if args.json is not None:
        machine = {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "numpy": np.__version__,
        }
        rows = [figure._asdict() | {"ratio": figure.ratio} for figure in figures]
        args.json.write_text(json.dumps({"machine": machine, "figures": rows}, indent=2))


def alternate(
    rounds: int, ours: Callable[[], float], peer: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Measure both in turn, so that a change of the machine's speed hits both."""
    pairs = [(ours(), peer()) for _ in range(rounds)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def step_rate(env: gym.Env[Any, Any], actions: Sequence[int]) -> float:
    """Steps a second in a plain Python loop, resets included."""
    env.reset(seed=0)
    step, reset = env.step, env.reset
    start = time.perf_counter()
    for action in actions:
        _, _, terminated, truncated, _ = step(action)
        if terminated or truncated:
            reset()
    return len(actions) / (time.perf_counter() - start)


def single_environment(scale: Scale) -> Figure:
    """`gymnasium.make` and a Python loop with actions drawn beforehand."""
    rng = np.random.default_rng(0)
    env, frozen_lake = gym.make("CookieJar-v0"), gym.make("FrozenLake-v1", map_name="8x8")
    acts, moves = (rng.integers(n, size=scale.steps).tolist() for n in (10, 4))
    rates = alternate(scale.rounds, lambda: step_rate(env, acts), lambda: step_rate(frozen_lake, moves))
    return Figure("single environment, through make", "steps/s", rates[0], "FrozenLake-v1 8x8", rates[1])


def import_time(scale: Scale) -> Figure:
    """Seconds to import the environments in a new process; the peer is Gymnasium alone."""

    def seconds(module: str) -> float:
        code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)

    times = alternate(scale.rounds, lambda: seconds("cookie_jar.envs"), lambda: seconds("gymnasium"))
    return Figure("import cookie_jar.envs", "s", times[0], "import gymnasium", times[1])


def make_time(scale: Scale) -> Figure:
    """Seconds to compile the home kitchen from its map."""

    def seconds() -> float:
        start = time.perf_counter()
        World(make_rules(kitchen="home"))
        return time.perf_counter() - start

    return Figure("compile the home kitchen", "s", [seconds() for _ in range(scale.rounds)])


def q_learning(scale: Scale) -> Figure:
    """Q-learning through `env.step`, all included."""

    def rate() -> float:
        agent = QLearning("CookieJar-v0", seed=0)
        start = time.perf_counter()
        agent.learn(scale.steps)
        return scale.steps / (time.perf_counter() - start)

    return Figure("Q-learning through env.step", "steps/s", [rate() for _ in range(scale.rounds)])


MEASUREMENTS: tuple[Callable[[Scale], Figure], ...] = (single_environment, import_time, make_time, q_learning)


def report(figures: Sequence[Figure]) -> None:
    """Show the figures as a table: medians, and in brackets the lowest and the highest."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("", "Cookie Jar", "peer", "", "ratio"):
        table.add_column(heading, justify="left" if heading == "" else "right")
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        ours, peer = _spread(figure.ours, figure.unit), _spread(figure.peer, figure.unit)
        table.add_row(figure.name, ours, peer, figure.peer_name, ratio)
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def _spread(values: Sequence[float], unit: str) -> str:
    if not values:
        return ""
    digits = ",.0f" if unit.endswith("/s") else ".4f"
    low, middle, high = (format(value, digits) for value in (min(values), median(values), max(values)))
    return f"{middle} {unit} [dim]({low} to {high})[/dim]"


if __name__ == "__main__":
    sys.exit(run(main))
