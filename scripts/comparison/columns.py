"""The columns of the table of an environment: their headings, cells and meanings, for terminal and report."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cookie_jar.scripts.common.bootstrap import Interval
from cookie_jar.scripts.common.console import printable
from cookie_jar.scripts.common.tables import count_cell, number_cell
from cookie_jar.scripts.comparison.summary import Summary

DEFAULT = "default"  # the text of the default setting in a sweep


class Column(NamedTuple):
    """A column of the table of an environment.

    Attributes:
        heading: The heading, in two lines.
        name: The heading without its neighbours, such as "steps to 99 %".
        text: Function of a summary that returns the text of its cell.
        meaning: What the numbers mean.
        always: Whether narrow terminals show the column too.
        effort: Whether the column shows how long training took, instead of how good the agent is.
        words: Whether the cells are words rather than numbers.
    """

    heading: str
    name: str
    text: Callable[[Summary], str]
    meaning: str = ""
    always: bool = True
    effort: bool = False
    words: bool = False


SEEDS = Column(
    "\nseeds",
    "seeds",
    lambda s: s.seeds_text,
    'Runs with different random numbers. "4 of 5": four finished, the fifth failed or has not been run.',
)
SETTING = Column(
    "\nsetting",
    "setting",
    lambda s: s.variant or DEFAULT,
    "What distinguishes the rows of one agent: its hyperparameters, steps or versions.",
    words=True,
)
OBSERVES = Column(
    "\nobserves",
    "observes",
    lambda s: printable(s.observation, 20),
    "The agent's input: the number of the state, from which a network gets a one-hot vector, or its factors "
    "(places, what is carried, the jar), which tell a network what two states have in common.",
    words=True,
)
COLUMNS = (
    Column(
        "final\nscore",
        "final score",
        lambda s: number_cell(s.final.estimate, s.digits),
        "Score of the greedy policy after the last training step.",
    ),
    Column(
        "95 %\ninterval",
        "95 % interval",
        lambda s: bounds_cell(s.final, s),
        "The 95 % bootstrap confidence interval of the final score, "
        "widened for few seeds. If all five seeds agree, it has zero width, but the true success rate may "
        "still be as low as 48 %.",
    ),
    Column(
        "worst\nseed",
        "worst seed",
        lambda s: worst_cell(s.worst, s.digits),
        "Lowest final score of a seed. An interquartile mean of five leaves out the best and the worst one.",
    ),
    Column(
        "while\nexploring",
        "while exploring",
        lambda s: number_cell(s.exploring.estimate, s.digits),
        "Final score with the random actions that the agent still tries while it learns.",
        always=False,
    ),
    Column(
        "mean\nscore",
        "mean score",
        lambda s: number_cell(s.area.estimate, s.digits),
        "Average score over the whole training. Of two agents with the same final score, the "
        "one that learned faster has the higher mean score. In improvement.csv: on_the_way.",
    ),
    Column(
        "steps\nto 95 %",
        "steps to 95 %",
        lambda s: count_cell(s.steps[0].estimate),
        "Training steps (actions) until the greedy policy scores 95 %, or 99 %, and stays there: to the "
        "first evaluation from which all are at least so high. Median of the seeds; a seed that never stays "
        'there, or failed, counts as infinite. "never": half of the seeds or more.',
        effort=True,
    ),
    Column(
        "first\nat 95 %",
        "first at 95 %",
        lambda s: count_cell(s.first_steps[0].estimate),
        "Median of the steps to the first evaluation with at least 95 %; the score may drop again later.",
        effort=True,
    ),
    Column(
        "\nto 99 %", "steps to 99 %", lambda s: count_cell(s.steps[1].estimate), always=False, effort=True
    ),
    Column(
        "seconds\nto 95 %",
        "seconds to 95 %",
        lambda s: seconds_cell(s.seconds[0].estimate),
        "The same as training time, without evaluations. Q-learning and SARSA run compiled on the transition "
        "tables; all other agents step through environments: compare their steps rather than their seconds.",
        effort=True,
    ),
    Column(
        "\nto 99 %",
        "seconds to 99 %",
        lambda s: seconds_cell(s.seconds[1].estimate),
        always=False,
        effort=True,
    ),
    Column(
        "never at\n95, 99 %",
        "never at 95, 99 %",
        lambda s: s.never_text(),
        "Seeds whose score did not stay at 95 %, or at 99 %, until the end. "
        '"0, 2 of 5": all five seeds ended at 95 % or above, and two of them below 99 %. Seeds that failed '
        "or have not been run are counted, too.",
    ),
    Column(
        "\nregret",
        "regret",
        lambda s: number_cell(s.regret.estimate, 3),
        "Optimal return minus the final return; 0 is optimal.",
        always=False,
    ),
    Column(
        "CPU\ntime",
        "CPU time",
        lambda s: seconds_cell(s.cpu_seconds),
        "Processor time of the whole training. Times are blank where the runs of a row were made under "
        "different conditions.",
        effort=True,
    ),
    Column(
        "peak\nmemory",
        "peak memory",
        lambda s: "" if s.peak_memory is None else f"{s.peak_memory / 1e6:,.0f} MB",
        "Peak memory of a run, including Python and its libraries.",
        effort=True,
    ),
)


def columns_of(summaries: Sequence[Summary]) -> list[Column]:
    """Return the columns; observations, settings and seeds only if they differ or seeds are missing."""
    columns = [*COLUMNS]
    if len({s.observation for s in summaries}) > 1:
        columns.append(OBSERVES)
    if len({s.n_seeds for s in summaries}) > 1 or not all(s.is_complete for s in summaries):
        columns.append(SEEDS)
    if any(summary.number or summary.variant for summary in summaries):
        columns.append(SETTING)
    return columns


def bounds_cell(interval: Interval, *of: Summary) -> str:
    """Return the bounds of an interval, or why there are none."""
    if min(len(summary.records) for summary in of) < 2:
        if all(summary.records for summary in of):
            return "one seed"
        return "failed" if any(summary.failed for summary in of) else "not run"
    digits = of[0].digits
    return f"{number_cell(interval.low, digits)} to {number_cell(interval.high, digits)}"


def worst_cell(score: float, digits: int) -> str:
    """Return the score of the worst seed; "failed" for minus infinity."""
    return "failed" if math.isinf(score) else number_cell(score, digits)


def seconds_cell(value: float) -> str:
    """Return a duration, such as "7.6 ms" or "12 s"; "never" for infinity, "" for NaN."""
    if not math.isfinite(value):
        return count_cell(value)
    if value < 0.1:
        return f"{1000 * value:.1f} ms"
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"
