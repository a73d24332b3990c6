"""Training runs from the command line: new or continued runs, and the report at the end."""

import argparse
import math
import warnings
from pathlib import Path
from typing import Any

import gymnasium as gym

from cookie_jar.agents import Agent, Evaluation, runs
from cookie_jar.agents.env_spec import EnvRecord
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.taster import Taster
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.agents.training import TrainingRun, target_of
from cookie_jar.scripts.common.console import Console, UsageError, command, progress_bar
from cookie_jar.scripts.common.env_modules import module_options
from cookie_jar.scripts.common.options import make_agent, make_environment
from cookie_jar.scripts.common.run_folders import default_name, new_folder
from cookie_jar.scripts.common.stopping import Interrupt
from cookie_jar.scripts.common.tables import count_cell, new_table, number_cell, percent_cell

NO_CLOCK = "optimum, no clock"
CLOCK = f'the optimum knows how many actions are left; "{NO_CLOCK}" is the best policy found that does not'
SAME = 1e-6  # share of the possible return below which two policies count as equally good
MANY = 1e9  # largest number of actions per success that is written out
TABLE_STEPS, GRADIENT_STEPS = 100_000, 1_000_000  # enough for the home kitchen
WITH_RESUME = "resume", "timesteps", "watch", "large", "env_module", "discard_record"  # options of `train`
PICKS = 700  # enough for a taster
DEFAULT_STEPS = f"{TABLE_STEPS:,} with a Q-table, {PICKS:,} for a taster, otherwise {GRADIENT_STEPS:,}"


def new_training(
    args: argparse.Namespace,
    console: Console,
    env: gym.Env[Any, Any] | None = None,
    evaluator: Evaluator | None = None,
) -> TrainingRun:
    """Return a new run with the options of `train`.

    Args:
        args: The options.
        console: The console for messages.
        env: The environment; by default, the one that the options describe.
        evaluator: The evaluator of an equal environment; by default, a new one.

    Raises:
        UsageError, AgentError, CookieJarError: If an option is invalid.
    """
    agent = make_agent(args, make_environment(args) if env is None else env)
    if evaluator is None:
        print_hints(console, agent)
        evaluator = make_evaluator(agent, console)
    default = default_name(args)
    folder = new_folder(args.run_dir, args.name, default, args.overwrite)
    if args.name is None and folder.name != default:
        console.out(f"{args.run_dir / default} already exists; saving this run as {folder}")
    return TrainingRun(agent, evaluator, folder, args.timesteps or _default_steps(agent))


def _default_steps(agent: Agent) -> int:
    if isinstance(agent, Taster):
        return PICKS
    return TABLE_STEPS if isinstance(agent, TemporalDifference) else GRADIENT_STEPS


def resumed_training(folder: Path, timesteps: int | None, console: Console) -> TrainingRun:
    """Return the run of a folder, to continue it.

    Args:
        folder: The folder of the run.
        timesteps: Further steps; by default, the steps left until the target of the run.
        console: The console for the status line.

    Raises:
        UsageError: If the run has reached its target.
    """
    agent = runs.load(folder)
    target = target_of(folder) if timesteps is None else agent.num_timesteps + timesteps
    if agent.num_timesteps >= target:
        raise UsageError(f"{folder} has already reached its target of {target:,} steps: add --timesteps MORE")
    return TrainingRun(agent, make_evaluator(agent, console), folder, target)


def print_hints(console: Console, agent: Agent) -> None:
    """Print a line if the environment gives hints for another discount factor than the agent's."""
    world = getattr(agent.env.unwrapped, "world", None)
    if world is None or not world.config.hints or isinstance(agent, Taster):
        return
    gamma, own = world.config.hint_gamma, float(agent.gamma)
    if gamma != own:
        console.out(
            f"note: hints with gamma {gamma:g} can change the optimum of an agent with gamma {own:g}; "
            f"hints with --hint-gamma {own:g} leave it unchanged"
        )


def make_evaluator(agent: Agent, console: Console) -> Evaluator:
    """Return the evaluator of the agent's environment; this takes some seconds in a large kitchen."""
    with console.status("evaluating the random policy and the optimum"):
        return Evaluator(agent.env)


def check_resumable(args: argparse.Namespace, defaults: argparse.Namespace) -> None:
    """Check that no option of `train` is given that a resumed run cannot change.

    Raises:
        UsageError: If there is such an option.
    """
    changed = [
        f"--{name.replace('_', '-')}"
        for name, value in vars(args).items()
        if value != getattr(defaults, name) and name not in WITH_RESUME
    ]
    if changed:
        raise UsageError(f"--resume keeps the options of the run: leave out {', '.join(changed)}")


def learn_with_bar(training: TrainingRun, interrupt: Interrupt, console: Console) -> None:
    """Train until the target or Ctrl-C, with a progress bar."""
    score = "greedy happiness [bold]{task.fields[score]}"
    with progress_bar(console, score, transient=False) as bar:
        done = training.agent.num_timesteps
        task = bar.add_task("training", total=training.target, completed=done, score=training.score)

        def stop() -> bool:
            bar.update(task, completed=training.agent.num_timesteps, score=training.score)
            return interrupt.asked

        training.learn(stop)


def save_with_curve(training: TrainingRun) -> None:
    """Evaluate and save the agent, then draw the learning curve; without a curve, the run is complete too."""
    from cookie_jar.scripts.common.figures import FigureError
    from cookie_jar.scripts.common.learning_curve import draw_curve

    try:
        training.finish(draw_curve)
    except FigureError as error:
        warnings.warn(f"the run was saved without its learning curve: {error}", stacklevel=2)


def print_report(console: Console, training: TrainingRun) -> None:
    """Print the scores of the run, its folder, and the command that replays the agent."""
    evaluator, agent = training.evaluator, training.agent
    table = new_table("", "happiness", "of possible", "success", "actions per success")
    with console.status("evaluating the final policy"):
        rows = score_rows(training)
    for name, by, score in rows:
        table.add_row(name, *score_cells(by, score), style="bold green" if name.startswith("learned") else "")
    console.print()
    console.print(table)
    console.print(f"\n{evaluator.how}; episodes of at most {evaluator.horizon} actions", style="dim")
    for name, held_out in (("unseen", training.held_out), ("test", training.test)):
        if held_out is not None and "levels" in held_out.numbered:
            console.print(f"{name}: {held_out.how}", style="dim")
    if without_clock(evaluator) is not None:
        console.print(CLOCK, style="dim")
    console.print(
        f"{agent.num_timesteps:,} steps, {agent.num_episodes:,} episodes, {training.seconds:.1f} s",
        style="dim",
    )
    if training.edited_card is not None:
        console.out(f"\nThe edited model card is now {training.edited_card}")
    console.out(f"\nSaved as {training.folder / runs.AGENT_FILE}")
    saved = EnvRecord(agent.env).saved()
    if saved.spec is None:
        console.out(
            f"This run can only be loaded in Python, with load(path, env=...): {saved.about['reason']}"
        )
        return
    console.out(f"Next: {command('watch', training.folder, *module_options(agent.env))}")


def score_rows(training: TrainingRun) -> list[tuple[str, Evaluator, Evaluation]]:
    """Return the name, the evaluator and the score of each row, from the random policy to the optimum."""
    evaluator, agent, unseen = training.evaluator, training.agent, training.held_out
    rows = [("random", evaluator, evaluator.random), ("learned (greedy)", evaluator, training.greedy[-1])]
    if isinstance(agent, OnPolicy):
        rows.append(("stochastic policy", evaluator, evaluator.stochastic(agent)))
    if unseen is not None:
        rows += _held_out_rows("unseen", unseen, agent)
    if training.test is not None:
        rows += _held_out_rows("test", training.test, agent)
    timeless = without_clock(evaluator)
    if timeless is not None:
        rows.append((NO_CLOCK, evaluator, timeless))
    if evaluator.optimum is not None:
        rows.append(("optimum", evaluator, evaluator.optimum))
    return rows


def _held_out_rows(name: str, evaluator: Evaluator, agent: Agent) -> list[tuple[str, Evaluator, Evaluation]]:
    rows = [(f"{name} {evaluator.numbered}, greedy", evaluator, evaluator.greedy(agent))]
    if isinstance(agent, OnPolicy):
        rows.append((f"{name}, stochastic", evaluator, evaluator.stochastic(agent)))
    return rows


def without_clock(evaluator: Evaluator) -> Evaluation | None:
    """Return the best policy found that does not know the time left; None if it is as good as the optimum."""
    best, stationary = evaluator.optimum, evaluator.best_stationary
    if best is None or stationary is None:
        return None
    span = best.mean_return - evaluator.random.mean_return
    return stationary if best.mean_return - stationary.mean_return > SAME * abs(span) else None


def score_cells(evaluator: Evaluator, score: Evaluation) -> tuple[str, ...]:
    """Return the cells of a score: happiness, share of what is possible, success, actions per success."""
    known = not math.isnan(score.success)  # whether the environment defines success
    actions = score.actions_per_success if known else math.nan
    return (
        number_cell(score.mean_return),
        percent_cell(evaluator.percent(score.mean_return)),
        percent_cell(100 * score.success, 2),
        f"{actions:.0e}" if MANY <= actions < math.inf else count_cell(actions),
    )
