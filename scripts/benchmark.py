"""Measure how fast Cookie Jar is, beside its peers: ratios within one run, medians with spread."""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from cookie_jar.scripts.benchmarks.environments import MEASUREMENTS
from cookie_jar.scripts.benchmarks.learning import LEARNING_MEASUREMENTS
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale
from cookie_jar.scripts.common.console import UsageError, run


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
    if args.json is not None and (args.json.is_dir() or not args.json.parent.is_dir()):
        raise UsageError(f"--json {args.json}: expected a file in a folder that exists")
    with Progress(transient=True) as progress:
        everything = [*MEASUREMENTS, *LEARNING_MEASUREMENTS]
        measurements = [measure(scale) for measure in progress.track(everything, description="measuring")]
    report(measurements)
    if args.json is not None:
        machine = {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "numpy": np.__version__,
        }
        rows = [measurement._asdict() | {"ratio": measurement.ratio} for measurement in measurements]
        args.json.write_text(json.dumps({"machine": machine, "figures": rows}, indent=2))


def report(measurements: Sequence[Measurement]) -> None:
    """Show the figures as a table: medians, and in brackets the lowest and the highest."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("", "Cookie Jar", "peer", "", "ratio"):
        table.add_column(heading, justify="left" if heading == "" else "right", overflow="fold")
    for measurement in measurements:
        ratio = "" if measurement.ratio is None else f"{measurement.ratio:.2f}"
        ours, peer = _spread(measurement.ours, measurement.unit), _spread(measurement.peer, measurement.unit)
        table.add_row(measurement.name, ours, peer, measurement.peer_name, ratio)
    Console(width=None if sys.stdout.isatty() else 180).print(table)


def _spread(values: Sequence[float], unit: str) -> str:
    """The median in a unit that suits it, and the range."""
    if not values:
        return ""
    scale, name = _suited(median(values), unit)
    low, middle, high = (f"{value / scale:.3g}" for value in (min(values), median(values), max(values)))
    return f"{middle} {name}" + (f" [dim]({low} to {high})[/dim]" if len(values) > 1 else "")


def _suited(value: float, unit: str) -> tuple[float, str]:
    if unit == "steps/s":
        return (1e6, "M steps/s") if value >= 1e6 else (1e3, "k steps/s")
    return (1e-3, "ms") if unit == "s" else (1.0, unit)


if __name__ == "__main__":
    sys.exit(run(main))
