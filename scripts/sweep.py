"""Sweep: try many hyperparameters, seeds and kitchens, on all cores of this machine or on a cluster."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from rich.console import Console

from cookie_jar.scripts.common.console import UsageError, command, run
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS, budget, checked, settings_of, supports
from cookie_jar.scripts.comparison.executors import Executor, joblib_executor, ray_executor, sweep
from cookie_jar.scripts.comparison.search import Range, Values, combinations, draws, parse_range
from cookie_jar.scripts.comparison.store import Store, finished_records, merged
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="cookie-jar sweep",
        description=__doc__,
        epilog="example: cookie-jar sweep --agent q-learning --vary learning_rate=0.05..0.5 --random 20",
    )
    group = parser.add_argument_group("what is tried")
    group.add_argument(
        "--agent", action="append", choices=ALGORITHMS, help="who learns (default: q-learning); repeatable"
    )
    group.add_argument(
        "--env", action="append", metavar="ID", help="where (default: CookieJar-v0); repeatable"
    )
    group.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="NAME=VALUES",
        help="a hyperparameter: A,B,C tries these; LOW..HIGH draws between them, logarithmically even",
    )
    group.add_argument(
        "--random",
        type=int,
        metavar="N",
        help="draw N settings, and try the present ones beside (default: all combinations, the grid)",
    )
    group.add_argument("--search-seed", type=int, default=0, help="of the drawing (default: %(default)s)")
    group.add_argument("--seeds", type=int, default=5, metavar="N", help="for each (default: %(default)s)")
    group.add_argument("--first-seed", type=int, default=0, metavar="N", help="default: %(default)s")
    group.add_argument(
        "--finalists", type=int, default=0, metavar="K", help="the best K go on to a second round"
    )
    group.add_argument(
        "--final-seeds", type=int, default=5, metavar="N", help="of it, further ones (default: %(default)s)"
    )
    group.add_argument("--timesteps", type=int, metavar="N", help="default: as in the contest")
    group.add_argument(
        "--checks", type=int, default=5, metavar="N", help="judgements on the way (default: %(default)s)"
    )
    group = parser.add_argument_group("where it is worked out")
    group.add_argument("--engine", choices=("joblib", "ray"), default="joblib", help="default: %(default)s")
    group.add_argument("--jobs", type=int, default=-1, metavar="N", help="processes (default: all cores)")
    group.add_argument("--address", help="of a running Ray cluster (default: start one on this machine)")
    group = parser.add_argument_group("results")
    group.add_argument("--out", type=Path, default=Path("sweep"), metavar="DIR", help="default: %(default)s")
    group.add_argument(
        "--top", type=int, default=10, metavar="N", help="lines to show (default: %(default)s)"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    trials = planned(args)
    store, console = Store(args.out), Console()
    console.print(f"results go to {args.out}", style="dim", highlight=False)
    try:
        failures = sweep(trials, store, _engine(args), console)
        if args.finalists:
            second = finals(finished_records(trials, store), args)
            failures += sweep(second, store, _engine(args), console)
            trials += second
    except KeyboardInterrupt:
        again = "what is finished is kept, and skipped when the same command is run again"
        raise UsageError(f"stopped: {again}") from None
    report(console, finished_records(trials, store), args)
    if failures:
        shown = "\n".join(f"  {record.trial.name}: {record.error}" for record in failures[:5])
        raise UsageError(f"{len(failures)} of {len(trials)} runs failed:\n{shown}")


def planned(args: argparse.Namespace) -> list[Trial]:
    """All cells, in an order that depends on the options alone.

    Raises:
        UsageError: an option is impossible.
    """
    least_of = {"seeds": 1, "first_seed": 0, "checks": 1, "random": 1, "timesteps": 1}
    least_of |= {"search_seed": 0, "finalists": 0, "final_seeds": 1}
    for name, least in least_of.items():
        value = getattr(args, name)
        if value is not None and value < least:
            raise UsageError(f"--{name.replace('_', '-')}: expected at least {least}, got {value}")
    env_ids, agents = args.env or ["CookieJar-v0"], checked(args.agent or ["q-learning"])
    for env_id, agent in product(env_ids, agents):
        if not supports(agent, env_id):
            where = "an environment whose observations tell the masks of actions, one fixed kitchen"
            raise UsageError(f"--agent {agent}: expected {where}, got {env_id}")
    if args.jobs == 0 or args.jobs < -1:
        raise UsageError(f"--jobs: expected a number of processes, or -1 for all cores, got {args.jobs}")
    ranges: dict[str, Values] = {}
    for text in args.vary:
        name, values = parse_range(text)
        if name in ranges or name == "n_timesteps":
            instead = "one list of values for each name" if name in ranges else "--timesteps N instead"
            raise UsageError(f"--vary {name}: expected {instead}")
        ranges[name] = values
    if args.random is None and any(isinstance(values, Range) for values in ranges.values()):
        raise UsageError("--vary: LOW..HIGH needs --random N; a grid needs values: A,B,C")
    drawn = args.random is not None
    choices = [{}, *draws(ranges, args.random, args.search_seed)] if drawn else combinations(ranges)
    seeds = range(args.first_seed, args.first_seed + args.seeds)
    trials = [
        Trial(
            env_id, agent, seed, args.timesteps or budget(env_id),
            merged(settings_of(agent, env_id), choice), args.checks,
            ", ".join(f"{name}={_short(value)}" for name, value in choice.items()),
        )
        for env_id, agent in product(env_ids, agents)
        for choice in choices
        for seed in seeds
    ]  # fmt: skip
    return list({trial.key: trial for trial in trials}.values())  # a draw may come twice


def finals(records: Sequence[TrialRecord], args: argparse.Namespace) -> list[Trial]:
    """The cells of the second round: the best settings of each agent in each environment, further seeds."""
    from cookie_jar.scripts.comparison.aggregate import variants

    first = args.first_seed + args.seeds
    return [
        summary.records[0].trial._replace(seed=seed)
        for _, _, ranked in variants(records)
        for summary in ranked[: args.finalists]
        for seed in range(first, first + args.final_seeds)
    ]


def report(console: Console, records: Sequence[TrialRecord], args: argparse.Namespace) -> None:
    """The best settings of each agent in each environment, and where everything is kept."""
    from cookie_jar.scripts.comparison.aggregate import variants
    from cookie_jar.scripts.comparison.tables import sweep_table

    for env_id, agent, ranked in variants(records):
        console.print(sweep_table(f"{ALGORITHMS[agent].label} in {env_id}", ranked[: args.top]))
        told = f"{len(ranked)} settings; the best: {json.dumps(ranked[0].settings)}"
        console.print(told, style="dim", markup=False)
    console.out(f"\nAll runs are in {args.out}", highlight=False)
    console.out(f"Next: {command('compare', '--from', args.out)}", highlight=False)


def _engine(args: argparse.Namespace) -> Executor:
    if args.engine == "ray":
        return ray_executor(args.address)
    if args.address is not None:
        raise UsageError("--address: expected with --engine ray only")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return joblib_executor(args.jobs)


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else json.dumps(value)


if __name__ == "__main__":
    sys.exit(run(main))
