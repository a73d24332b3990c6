"""Evaluations as a table in the terminal."""

import math

from rich.console import Console
from rich.table import Table

from cookie_jar.agents import Evaluation, runs
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.training import TrainingRun
from cookie_jar.scripts.common.console import command


def report(console: Console, training: TrainingRun) -> None:
    """The result as a table, where it is kept, and what to do next."""
    evaluator, agent = training.evaluator, training.agent
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 3, 0, 0))
    for heading in ("", "happiness", "of possible", "success", "actions per success"):
        table.add_column(heading, justify="right" if heading else "left")
    rows = [("random", evaluator, evaluator.random), ("learned (greedy)", evaluator, training.greedy[-1])]
    if isinstance(agent, OnPolicy):
        rows.append(("with its probabilities", evaluator, evaluator.stochastic(agent)))
    if training.held_out is not None:
        unseen = training.held_out
        rows.append(("levels never seen (greedy)", unseen, unseen.greedy(agent)))
        if isinstance(agent, OnPolicy):
            rows.append(("with its probabilities", unseen, unseen.stochastic(agent)))
    rows += [] if evaluator.optimum is None else [("optimum", evaluator, evaluator.optimum)]
    for name, by, score in rows:
        style = "bold green" if name.startswith("learned") else ""
        table.add_row(name, *_cells(by, score), style=style)
    console.print()
    console.print(table)
    console.print(f"\n{evaluator.how}; episodes of at most {evaluator.horizon} actions", style="dim")
    console.print(
        f"{agent.num_timesteps:,} steps, {agent.num_episodes:,} episodes, {training.seconds:.1f} s",
        style="dim",
    )
    console.out(f"\nThe memory is in {training.folder / runs.AGENT_FILE}", highlight=False)
    console.out(f"Next: {command('watch', training.folder)}", highlight=False)


def _cells(evaluator: Evaluator, score: Evaluation) -> tuple[str, ...]:
    percent = evaluator.percent(score.mean_return)
    actions = score.actions_per_success
    tried = f"{actions:,.0f}" if actions < 1e9 else "never" if math.isinf(actions) else f"{actions:.0e}"
    told = not math.isnan(score.success)  # whether the environment tells what a success is
    return (
        f"{score.mean_return:.2f}",
        "" if math.isnan(percent) else f"{percent:.1f} %",
        f"{100 * score.success:.2f} %" if told else "",
        tried if told else "",
    )
