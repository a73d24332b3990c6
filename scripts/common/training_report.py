"""The report at the end of training: a table of scores, and the command that replays the agent."""

import math

from rich.console import Console

from cookie_jar.agents import Evaluation, runs
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.training import TrainingRun
from cookie_jar.scripts.common.console import command
from cookie_jar.scripts.common.tables import count_cell, new_table, number_cell, percent_cell

MANY = 1e9  # largest number of actions per success that is written out


def print_report(console: Console, training: TrainingRun) -> None:
    """Print the scores of the run, its folder, and the command that replays the agent."""
    evaluator, agent = training.evaluator, training.agent
    table = new_table("", "happiness", "of possible", "success", "actions per success")
    for name, by, score in score_rows(training):
        table.add_row(name, *_cells(by, score), style="bold green" if name.startswith("learned") else "")
    console.print()
    console.print(table)
    console.print(f"\n{evaluator.how}; episodes of at most {evaluator.horizon} actions", style="dim")
    console.print(
        f"{agent.num_timesteps:,} steps, {agent.num_episodes:,} episodes, {training.seconds:.1f} s",
        style="dim",
    )
    console.out(f"\nSaved as {training.folder / runs.AGENT_FILE}", highlight=False)
    console.out(f"Next: {command('watch', training.folder)}", highlight=False)


def score_rows(training: TrainingRun) -> list[tuple[str, Evaluator, Evaluation]]:
    """Return the name, the evaluator and the score of each row, from the random policy to the optimum."""
    evaluator, agent, unseen = training.evaluator, training.agent, training.held_out
    rows = [("random", evaluator, evaluator.random), ("learned (greedy)", evaluator, training.greedy[-1])]
    if isinstance(agent, OnPolicy):
        rows.append(("stochastic policy", evaluator, evaluator.stochastic(agent)))
    if unseen is not None:
        rows.append(("unseen levels, greedy", unseen, unseen.greedy(agent)))
        if isinstance(agent, OnPolicy):
            rows.append(("unseen, stochastic", unseen, unseen.stochastic(agent)))
    if evaluator.optimum is not None:
        rows.append(("optimum", evaluator, evaluator.optimum))
    return rows


def _cells(evaluator: Evaluator, score: Evaluation) -> tuple[str, ...]:
    known = not math.isnan(score.success)  # whether the environment defines success
    actions = score.actions_per_success if known else math.nan
    return (
        number_cell(score.mean_return),
        percent_cell(evaluator.percent(score.mean_return)),
        percent_cell(100 * score.success, 2),
        f"{actions:.0e}" if MANY <= actions < math.inf else count_cell(actions),
    )
