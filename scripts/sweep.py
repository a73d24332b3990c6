"""Try many hyperparameters, seeds and environments, on all cores or on a Ray cluster."""

from cookie_jar.scripts.common.console import Console, UsageError, command, run

# isort: split
import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from itertools import product
from pathlib import Path

from cookie_jar.agents import AgentError
from cookie_jar.scripts.common.argument_types import Parser, non_negative, parent_folder, positive
from cookie_jar.scripts.common.env_modules import add_module_option, module_words
from cookie_jar.scripts.common.options import ENV_IDS
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS, check_available, obstacle
from cookie_jar.scripts.comparison.executors import Executor, LocalExecutor, RayExecutor, number_of_jobs
from cookie_jar.scripts.comparison.folders import check_trials, lock
from cookie_jar.scripts.comparison.plan import SweepPlan, check_env_ids
from cookie_jar.scripts.comparison.run_trial import run_chunk
from cookie_jar.scripts.comparison.runner import run_trials
from cookie_jar.scripts.comparison.search import Range, parse_range
from cookie_jar.scripts.comparison.settings import check_names
from cookie_jar.scripts.comparison.store import Store
from cookie_jar.scripts.comparison.trials import TrialRecord

SHOWN = "(default: %(default)s)"
VARY = "hyperparameter to vary: A,B,C tries these values, LOW..HIGH samples log-uniformly; repeatable"
RANDOM = "sample N random settings, and also run the default settings (default: run all combinations)"
OUT = f"folder of the results {SHOWN}"
ENGINE = f"joblib runs local processes, ray uses a Ray cluster {SHOWN}"


def parser() -> argparse.ArgumentParser:
    """Return the command-line parser."""
    parser = Parser(
        prog="cookie-jar sweep",
        description=__doc__,
        epilog="example: cookie-jar sweep --agent q-learning --vary learning_rate=0.05..0.5 --random 20",
    )
    group = parser.add_argument_group("trials")
    add = group.add_argument
    add("--agent", action="append", choices=ALGORITHMS, help="agent; repeatable (default: q-learning)")
    add("--env", action="append", metavar="ID", help=f"{ENV_IDS}; repeatable (default: CookieJar-v0)")
    add_module_option(group)
    add("--vary", action="append", type=parse_range, default=[], metavar="NAME=VALUES", help=VARY)
    add("--random", type=positive, metavar="N", help=RANDOM)
    add("--search-seed", type=non_negative, default=0, metavar="N", help=f"seed of the settings {SHOWN}")
    add("--seeds", type=positive, default=5, metavar="N", help=f"seeds per setting {SHOWN}")
    add("--first-seed", type=non_negative, default=0, metavar="N", help=f"first seed of each setting {SHOWN}")
    add("--finalists", type=non_negative, default=0, metavar="K", help=f"settings in a second round {SHOWN}")
    add("--final-seeds", type=positive, default=5, metavar="N", help=f"further seeds per finalist {SHOWN}")
    add("--timesteps", type=positive, metavar="N", help="steps per run (default: by environment)")
    add("--checks", type=positive, default=5, metavar="N", help=f"evaluations per run {SHOWN}")
    add = parser.add_argument_group("execution").add_argument
    add("--engine", choices=("joblib", "ray"), default="joblib", help=ENGINE)
    add("--jobs", type=number_of_jobs, default=-1, metavar="N", help="parallel runs (default: all cores)")
    add("--address", help="address of a running Ray cluster (default: start a cluster on this machine)")
    add = parser.add_argument_group("results").add_argument
    add("--out", type=parent_folder, default=Path("sweep"), metavar="DIR", help=OUT)
    add("--top", type=positive, default=10, metavar="N", help=f"number of settings to show {SHOWN}")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    plan, console, store = make_plan(args), Console(), Store(args.out)
    trials = plan.trials()
    check_trials(args.out, trials, ignore=("--seeds",))
    executor = make_executor(args)
    locked = lock(args.out)
    console.out(f"writing results to {args.out}", style="dim")
    work = partial(run_chunk, modules=args.env_module or ())
    failures = run_trials(trials, store, executor, work, console)
    if args.finalists:
        finals = plan.final_trials(store.select(trials), args.finalists, args.final_seeds)
        failures += run_trials(finals, store, executor, work, console)
        trials += finals
    locked.release()
    report(console, store.select(trials), args)
    if failures:
        for record in failures[:5]:
            console.out(f"failed: {record.trial.name}: {record.error}", style="red")
        raise UsageError(f"{len(failures)} of {len(trials)} runs failed (see above)")


def make_plan(args: argparse.Namespace) -> SweepPlan:
    """Return the plan that the options describe.

    Raises:
        UsageError: If an agent or an environment is not available or not suitable, or --vary is
            inconsistent or names no hyperparameter.
    """
    env_ids = check_env_ids(args.env or ["CookieJar-v0"])
    agents = check_available(args.agent or ["q-learning"])
    for env_id, agent in product(env_ids, agents):
        if reason := obstacle(agent, env_id):
            raise UsageError(f"--agent {agent}: not suitable for {env_id}, which {reason}")
    ranges = dict(args.vary)
    if len(ranges) < len(args.vary):
        raise UsageError("--vary: expected each name once")
    if "n_timesteps" in ranges:
        raise UsageError("--vary n_timesteps: cannot be varied; use --timesteps N")
    if args.random is None and any(isinstance(values, Range) for values in ranges.values()):
        raise UsageError("--vary: LOW..HIGH needs --random N; without --random, expected A,B,C")
    try:
        for agent in agents:
            check_names(ALGORITHMS[agent].kind, ranges)
    except AgentError as error:
        raise UsageError(f"--vary {error}") from None
    seeds = args.search_seed, args.seeds, args.first_seed
    return SweepPlan(env_ids, agents, ranges, args.random, *seeds, args.timesteps, args.checks)


def make_executor(args: argparse.Namespace) -> Executor:
    """Return the executor that the options describe.

    Raises:
        UsageError: If Ray is not available, or an address is given for local processes.
    """
    if args.engine == "ray":
        return RayExecutor(args.address)
    if args.address is not None:
        raise UsageError("--address: expected only with --engine ray")
    return LocalExecutor(args.jobs)


def report(console: Console, records: Sequence[TrialRecord], args: argparse.Namespace) -> None:
    """Print the best settings of each agent in each environment, and the folder of the results."""
    from cookie_jar.scripts.comparison.aggregate import ranked_variants
    from cookie_jar.scripts.comparison.tables import sweep_table

    for env_id, agent, ranked in ranked_variants(records):
        failed = sum(len(summary.failed) for summary in ranked)
        title = f"{ALGORITHMS[agent].label} in {env_id}" + (f"; {failed} runs FAILED" if failed else "")
        console.print(sweep_table(title, ranked[: args.top]))
        text = f"{len(ranked)} settings; the best: {json.dumps(ranked[0].settings)}"
        console.out(text, style="dim")
    console.out(f"\nResults are in {args.out}")
    console.out(f"Next: {command('compare', '--from', args.out, *module_words(args.env_module))}")


if __name__ == "__main__":
    sys.exit(run(main))
