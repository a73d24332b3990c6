"""Compare: a contest between the learners of Cookie Jar and those of Stable-Baselines3."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import gymnasium as gym
from rich.console import Console

import cookie_jar.envs  # noqa: F401  (registers the environments)
from cookie_jar.scripts.common.console import UsageError, command, run
from cookie_jar.scripts.comparison.algorithms import (
    ALGORITHMS,
    available,
    checked,
    is_available,
    known,
    supports,
)
from cookie_jar.scripts.comparison.plan import Plan, hold, write_plan
from cookie_jar.scripts.comparison.store import Store, read_folder
from cookie_jar.scripts.comparison.trials import TrialRecord

ENVS = ("CookieJarCorner-v0", "CookieJarHints-v0")  # where all can learn
QUICK_AGENTS = ("q-learning", "sarsa", "reinforce", "actor-critic", "ppo", "sb3-dqn", "sb3-ppo", "sb3-a2c")
QUICK_STEPS = 15_000


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="cookie-jar compare",
        description=__doc__,
        epilog="Settings stand in the yml files of scripts/hyperparameters, one for each contender.",
    )
    group = parser.add_argument_group("contest")
    group.add_argument(
        "--env", action="append", metavar="ID", help=f"repeatable (default: {' and '.join(ENVS)})"
    )
    group.add_argument(
        "--agents",
        nargs="+",
        metavar="NAME",
        help=f"some of {', '.join(ALGORITHMS)} (default: all but expected-sarsa that are installed)",
    )
    group.add_argument(
        "--seeds", type=int, default=5, metavar="N", help="at least 5 tell (default: %(default)s)"
    )
    group.add_argument("--timesteps", type=int, metavar="N", help="default: by environment, the same for all")
    group.add_argument(
        "--checks", type=int, default=100, metavar="N", help="judgements on the way (default: %(default)s)"
    )
    group.add_argument("--quick", action="store_true", help="the corner kitchen alone, and fewer steps")
    group = parser.add_argument_group("how")
    group.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="at a time (default: all cores)"
    )
    group.add_argument("--out", type=Path, metavar="DIR", help="default: contest, or the first of --from")
    group.add_argument(
        "--from", dest="source", action="append", type=Path, metavar="DIR",
        help="run nothing: show what a contest or a sweep has left there; repeatable",
    )  # fmt: skip
    group.add_argument("--no-page", action="store_true", help="no figures and no page: table and csv only")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    console = Console(width=None if sys.stdout.isatty() else 150)
    if args.source:
        records, failures = gathered(args), []
        args.out = args.out or args.source[0]
    else:
        args.out = args.out or Path("contest")
        plan = planned(args)
        trials = plan.trials()
        write_plan(args.out, plan)
        _tell_missing(args, plan, console)
        try:
            failures = hold(trials, args.out, args.jobs, console)
        except KeyboardInterrupt:
            again = "finished runs are kept, and skipped when the same command is run again"
            raise UsageError(f"stopped: {again}") from None
        finished = Store(args.out).read()
        records = [finished[trial.key] for trial in trials if trial.key in finished]
    if not records:
        raise UsageError("no run was finished: there is nothing to compare")
    report(records, args, console)
    if failures:
        raise UsageError(f"{len(failures)} runs failed (see above); the same command tries them again")


def gathered(args: argparse.Namespace) -> list[TrialRecord]:
    """What was left in folders, of the wanted environments and agents.

    Raises:
        UsageError: there is nothing, or an option means a new contest.
    """
    for name in ("seeds", "timesteps", "checks", "quick"):
        if getattr(args, name) != parser().get_default(name):
            raise UsageError(f"--{name}: expected without --from, which runs nothing")
    agents = known(args.agents) if args.agents else list(ALGORITHMS)
    records = [record for folder in args.source for record in read_folder(folder)]
    wanted = args.env or {record.trial.env_id for record in records}
    return [r for r in records if r.trial.env_id in wanted and r.trial.algorithm in agents]


def planned(args: argparse.Namespace) -> Plan:
    """What the options ask for.

    Raises:
        UsageError: something that cannot be.
    """
    for name in ("seeds", "timesteps", "checks", "jobs"):
        value = getattr(args, name)
        if value is not None and value < 1:
            raise UsageError(f"--{name}: expected at least 1, got {value}")
    quick_agents = [name for name in QUICK_AGENTS if is_available(name)]
    agents = checked(args.agents or (quick_agents if args.quick else available()))
    env_ids = list(dict.fromkeys(args.env or (ENVS[:1] if args.quick else ENVS)))
    for env_id in env_ids:
        try:
            gym.spec(env_id)
        except (gym.error.Error, ImportError, ValueError) as error:
            raise UsageError(f"--env {env_id}: expected the id of an environment; {error}") from None
    timesteps = QUICK_STEPS if args.quick and args.timesteps is None else args.timesteps
    return Plan(env_ids, agents, args.seeds, timesteps, args.checks)


def report(records: Sequence[TrialRecord], args: argparse.Namespace, console: Console) -> None:
    """The table, and all that goes into the folder."""
    from cookie_jar.scripts.comparison.aggregate import summarize
    from cookie_jar.scripts.comparison.tables import comparison_tables, write_csv

    lines = summarize(records)
    for table in comparison_tables(lines, console.width):
        console.print(table)
        console.print()
    args.out.mkdir(parents=True, exist_ok=True)
    write_csv(args.out, lines)
    if not args.no_page:
        from cookie_jar.scripts.comparison.report import write_page

        with console.status("drawing figures and replays"):
            write_page(args.out, lines, _command(args), args.source or [args.out])
        console.out(f"Everything is in {args.out}; open {args.out / 'index.html'}", highlight=False)


def _command(args: argparse.Namespace) -> str:
    """How these results can be had again."""
    words: list[object] = ["--quick"] if args.quick else []
    words += [word for env_id in args.env or [] for word in ("--env", env_id)]
    words += ["--agents", *args.agents] if args.agents else []
    for name in ("seeds", "timesteps", "checks"):
        if getattr(args, name) != parser().get_default(name):
            words += [f"--{name}", getattr(args, name)]
    words += [word for folder in args.source or [] for word in ("--from", folder)]
    return command("compare", *words)


def _tell_missing(args: argparse.Namespace, plan: Plan, console: Console) -> None:
    absent = [name for name in ALGORITHMS if not is_available(name)]
    if absent and not args.agents:
        console.print(f"not installed, so without them: {', '.join(absent)}", style="dim", highlight=False)
    for env_id in plan.env_ids:
        unfit = [name for name in plan.agents if not supports(name, env_id)]
        if unfit:
            told = f"observations of {env_id} do not tell the masks: without {', '.join(unfit)} there"
            console.print(told, style="dim", highlight=False)


if __name__ == "__main__":
    sys.exit(run(main))
