"""Training runs from the command line: a new one, or one that is continued."""

import argparse
from pathlib import Path

from rich.console import Console

from cookie_jar.agents import Agent, runs
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.agents.training import TrainingRun, target_of
from cookie_jar.scripts.common.agent_options import make_agent
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.environment_options import make_environment

TABLE_STEPS, GRADIENT_STEPS = 100_000, 1_000_000  # enough for the home kitchen


def new_training(args: argparse.Namespace, console: Console) -> TrainingRun:
    """Return a new run with the options of `train`.

    Raises:
        UsageError, AgentError, CookieJarError: If an option is invalid.
    """
    agent = make_agent(args, make_environment(args))
    evaluator = make_evaluator(agent, console)
    default = runs.default_name(args.env, args.agent, args.seed)
    folder = new_folder(args.run_dir, args.name, default, args.overwrite)
    steps = TABLE_STEPS if isinstance(agent, TemporalDifference) else GRADIENT_STEPS
    return TrainingRun(agent, evaluator, folder, args.timesteps or steps)


def resumed_training(folder: Path, timesteps: int | None, console: Console) -> TrainingRun:
    """Return the run of a folder, to continue it.

    Args:
        folder: The folder of the run.
        timesteps: Further steps; by default, the steps left until the target of the run.
        console: The console for the status line.

    Raises:
        UsageError: If the run was not created by `train`, or has reached its target.
    """
    agent = runs.load(folder)
    if not (folder / runs.MONITOR_FILE).exists():
        raise UsageError(f"{folder}: expected a run that `train` created, with {runs.MONITOR_FILE}")
    target = target_of(folder) if timesteps is None else agent.num_timesteps + timesteps
    if agent.num_timesteps >= target:
        raise UsageError(f"{folder} has reached its target of {target:,} steps: add --timesteps MORE")
    return TrainingRun(agent, make_evaluator(agent, console), folder, target)


def make_evaluator(agent: Agent, console: Console) -> Evaluator:
    """Return the evaluator of the agent's environment; this takes some seconds in a large kitchen."""
    with console.status("evaluating the random policy and the optimum"):
        return Evaluator(agent.env)


def new_folder(parent: Path, name: str | None, default: str, overwrite: bool) -> Path:
    """Create the folder of a new run; files of an old run stay until they are replaced.

    Args:
        parent: The parent folder.
        name: The name, or None for the default.
        default: The default name; a number is added if the folder exists.
        overwrite: Whether the folder may exist.

    Raises:
        UsageError: If the folder exists, or cannot be created.
    """
    folder = parent / (default if name is None else name)
    try:
        if folder.exists() and not overwrite:
            if name is not None:
                raise UsageError(f"{folder} exists already: choose another --name, or add --overwrite")
            numbers = (parent / f"{default}-{number}" for number in range(2, 1_000_000))
            folder = next(path for path in numbers if not path.exists())
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot create the folder {folder}: {error.strerror}") from None
    return folder
