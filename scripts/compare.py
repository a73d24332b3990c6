"""Compare the agents of Cookie Jar with those of Stable-Baselines3, over several seeds."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cookie_jar.scripts.common.argument_types import Parser, parent_folder, positive
from cookie_jar.scripts.common.console import Console, UsageError, command, run
from cookie_jar.scripts.common.cores import available_cores
from cookie_jar.scripts.common.env_modules import add_module_option, module_words
from cookie_jar.scripts.common.options import ENV_IDS
from cookie_jar.scripts.comparison.algorithms import (
    ALGORITHMS,
    available,
    check_available,
    default_algorithms,
)
from cookie_jar.scripts.comparison.executors import LocalExecutor
from cookie_jar.scripts.comparison.folders import check_folder, check_outputs, lock
from cookie_jar.scripts.comparison.plan import Plan, check_env_ids
from cookie_jar.scripts.comparison.results import read_results
from cookie_jar.scripts.comparison.run_trial import run_in_fresh_process
from cookie_jar.scripts.comparison.runner import run_trials
from cookie_jar.scripts.comparison.store import Store
from cookie_jar.scripts.comparison.trials import TrialRecord, failures_text

ENVS = ("CookieJarCorner-v0", "CookieJarHints-v0")  # all agents can learn there
QUICK_STEPS = 15_000
SHOWN = "(default: %(default)s)"
SETTINGS = "The hyperparameters of each agent are in scripts/hyperparameters/*.yml."
ENV = f"{ENV_IDS}; repeatable (default: {' and '.join(ENVS)})"
FROM = "report the results in DIR, of a comparison or a sweep, instead of running anything; repeatable"
MATCH_HINTS = "compute the hints with each agent's own gamma, which keeps its optimum (default: 0.99 for all)"
RUN_OPTIONS = ("seeds", "timesteps", "checks")  # not with --from


def parser() -> argparse.ArgumentParser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar compare", description=__doc__, epilog=SETTINGS)
    group = parser.add_argument_group("runs")
    add = group.add_argument
    names = ", ".join(ALGORITHMS)
    add("--env", action="append", metavar="ID", help=ENV)
    add_module_option(group)
    add("--agents", nargs="+", metavar="NAME", help=f"some of {names} (default: by environment)")
    add("--seeds", type=positive, default=5, metavar="N", help=f"seeds per agent; use at least 5 {SHOWN}")
    add("--timesteps", type=positive, metavar="N", help="steps per run (default: by environment)")
    add("--checks", type=positive, default=100, metavar="N", help=f"evaluations per run {SHOWN}")
    add("--match-hints", action="store_true", help=MATCH_HINTS)
    add("--quick", action="store_true", help="run only the corner kitchen, with fewer agents and steps")
    add = parser.add_argument_group("execution and results").add_argument
    cores = available_cores()
    add("--jobs", type=positive, default=cores, metavar="N", help="parallel runs (default: all cores)")
    add("--out", type=parent_folder, metavar="DIR", help="results (default: contest or the first --from)")
    add("--from", dest="source", action="append", type=Path, metavar="DIR", help=FROM)
    add("--no-page", action="store_true", help="write only CSV files, without figures and the HTML report")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    console = Console(width=None if sys.stdout.isatty() else 150)
    args.out = args.out or (args.source[0] if args.source else Path("contest"))
    if args.source:
        records = stored_records(args, console)
    else:
        plan = make_plan(args)
        wanted = [] if args.agents else default_algorithms(plan.env_ids, quick=args.quick)
        for text in plan.left_out(wanted):
            console.out(text, style="dim")
        records = run_plan(plan, args, console)
    if all(record.error is not None for record in records):
        raise UsageError("expected at least one finished run, found none: there is nothing to compare")
    from cookie_jar.scripts.comparison.output import write_output  # imports SciPy

    folders = args.source or [args.out]
    command_line = None if args.no_page else reproducing_command(args)
    write_output(records, args.out, console, folders, command_line)
    if failures := failures_text(records):
        raise UsageError(failures if args.source else f"{failures}; repeat the command to run them again")


def stored_records(args: argparse.Namespace, console: Console) -> list[TrialRecord]:
    """Return the records in the folders of --from, for the selected environments and agents.

    Raises:
        UsageError: If there are none, or an option needs new runs.
    """
    for name in (*RUN_OPTIONS, "quick", "match_hints"):
        if getattr(args, name) != parser().get_default(name):
            raise UsageError(
                f"--{name.replace('_', '-')}: cannot be combined with --from, which runs nothing"
            )
    check_outputs(args.out, args.source)
    return read_results(args.source, partial(console.out, style="dim"), args.env, args.agents)


def make_plan(args: argparse.Namespace) -> Plan:
    """Return the plan that the options describe.

    Raises:
        UsageError: If an agent or an environment is not available.
    """
    env_ids = check_env_ids(args.env or (ENVS[:1] if args.quick else ENVS))
    agents = check_available(args.agents or available(default_algorithms(env_ids, quick=args.quick)))
    timesteps = QUICK_STEPS if args.quick and args.timesteps is None else args.timesteps
    return Plan(env_ids, agents, args.seeds, timesteps, args.checks, args.match_hints)


def run_plan(plan: Plan, args: argparse.Namespace, console: Console) -> list[TrialRecord]:
    """Run the unfinished trials, and return the records of the plan.

    Raises:
        UsageError: If the folder holds something else.
    """
    check_folder(args.out, trials := plan.trials())
    locked = lock(args.out)
    plan.write(args.out)
    executor = LocalExecutor(args.jobs, fresh=True)
    modules = args.env_module or ()
    work = partial(run_in_fresh_process, folder=args.out, jobs=executor.jobs or args.jobs, modules=modules)
    options = {"print_failures": True, "by_algorithm": args.quick}
    run_trials(trials, store := Store(args.out), executor, work, console, **options)
    locked.release()
    return store.select(trials)


def reproducing_command(args: argparse.Namespace) -> str:
    """Return the command that reproduces the results."""
    words: list[object] = [
        f"--{name}" for name in ("quick", "match-hints") if getattr(args, name.replace("-", "_"))
    ]
    words += [word for env_id in args.env or [] for word in ("--env", env_id)]
    words += module_words(args.env_module)
    words += ["--agents", *args.agents] if args.agents else []
    for name in RUN_OPTIONS:
        if getattr(args, name) != parser().get_default(name):
            words += [f"--{name}", getattr(args, name)]
    words += [word for folder in args.source or [] for word in ("--from", folder)]
    return command("compare", *words)


if __name__ == "__main__":
    sys.exit(run(main))
