"""The results of a contest as tables: in the terminal, and as csv."""

import math
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from cookie_jar.scripts import runs
from cookie_jar.scripts.contest.robust import Interval, improvement_interval
from cookie_jar.scripts.contest.standings import GOALS, Standing

EVALUATIONS_FILE, RESULTS_FILE, IMPROVEMENT_FILE = "evaluations.csv", "results.csv", "improvement.csv"
HEADINGS = (
    *(
        "",
        "at the end",
        "95 % interval",
        "exploring",
        "steps to 95 %",
        "to 99 %",
        "seconds to 95 %",
        "to 99 %",
    ),
    *("never 95, 99 %", "regret", "CPU", "memory"),
)


def contest_tables(lines: Sequence[Standing]) -> list[Table]:
    """A table for each environment."""
    return [environment_table(env_id, [s for s in lines if s.env_id == env_id]) for env_id in by_env(lines)]


def by_env(lines: Sequence[Standing]) -> list[str]:
    """The environments, each once."""
    return list(dict.fromkeys(standing.env_id for standing in lines))


def environment_table(env_id: str, lines: Sequence[Standing]) -> Table:
    """Random and optimum as the bottom and the top, and a line for each contender."""
    first = lines[0].records[0]
    seeds, steps = max(len(s.records) for s in lines), max(r.cell.timesteps for s in lines for r in s.records)
    unit = "per cent of what is possible" if first.optimum is not None else "happiness (no optimum is known)"
    title = f"{env_id}: {steps:,} steps, {counted(seeds, 'seed')}; {unit}, interquartile means"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == "" else "right")
    for cells in table_rows(lines):
        table.add_row(*cells, style="dim" if cells[0] in ("random", "optimum") else "")
    return table


def counted(number: int, noun: str) -> str:
    """So many things: "1 seed", "5 seeds"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def table_rows(lines: Sequence[Standing]) -> list[list[str]]:
    """The cells of the table of one environment, below `HEADINGS`."""
    first, blank = lines[0].records[0], [""] * (len(HEADINGS) - 2)
    rows = [["random", _number(first.scale(first.random)), *blank], *map(_cells, lines)]
    return rows if first.optimum is None else [*rows, ["optimum", "100.0", *blank]]


def _cells(standing: Standing) -> list[str]:
    final = standing.final
    steps = [_count(standing.steps(goal).estimate) for goal in GOALS]
    seconds = [_seconds(standing.seconds(goal).estimate) for goal in GOALS]
    never = ", ".join(str(standing.never(goal)) for goal in GOALS)
    one = len(standing.records) == 1
    bounds = "one seed" if one else f"{_number(final.low)} to {_number(final.high)}"
    memory = standing.peak_memory
    return [
        standing.label, _number(final.estimate), bounds,
        _number(standing.exploring.estimate), *steps, *seconds,
        f"{never} of {len(standing.records)}", f"{standing.regret.estimate:.3f}",
        _seconds(standing.cpu_seconds), "" if memory is None else f"{memory / 1e6:,.0f} MB",
    ]  # fmt: skip


def write_csv(folder: Path, lines: Sequence[Standing]) -> None:
    """Every evaluation, the table, and who is better than whom."""
    runs.write_table(
        folder / EVALUATIONS_FILE,
        ("environment", "contender", "variant", "seed", "steps", "seconds", "cpu_seconds", "greedy_happiness",
         "exploring_happiness", "greedy_percent", "success", "length"),
        ((s.env_id, s.contender, s.variant, r.cell.seed, c.steps, c.seconds, c.cpu_seconds, c.greedy,
          c.exploring, r.scale(c.greedy), c.success, c.length)
         for s in lines for r in s.records for c in r.checks),
    )  # fmt: skip
    runs.write_table(folder / RESULTS_FILE, _result_header(), (_result_row(s) for s in lines))
    names = ("environment", "contender", "variant", "than", "than_variant", "measure")
    rows = (
        (s.env_id, s.contender, s.variant, t.contender, t.variant, measure, *chance)
        for s in lines
        for t in lines
        if s is not t and s.env_id == t.env_id and len(lines) <= 100
        for measure, chance in (("end", better_at_the_end(s, t)), ("on_the_way", better_on_the_way(s, t)))
    )
    runs.write_table(folder / IMPROVEMENT_FILE, (*names, "probability", "low", "high"), rows)


def better_at_the_end(one: Standing, other: Standing) -> Interval:
    """The probability that a seed of the one ends better than a seed of the other."""
    return improvement_interval([one.finals], [other.finals], seed=0)


def better_on_the_way(one: Standing, other: Standing) -> Interval:
    """The probability that a seed of the one is better in the mean over all steps."""
    return improvement_interval([one.areas], [other.areas], seed=0)


def _result_header() -> list[str]:
    names = ["final_percent", "exploring_percent", "mean_percent", "regret"]
    names += [f"{what}_to_{goal:.0f}" for what in ("steps", "seconds") for goal in GOALS]
    names += [f"share_at_{goal:.0f}" for goal in GOALS]
    bounds = [f"{name}{part}" for name in names for part in ("", "_low", "_high")]
    numbers = ["cpu_seconds", "startup_seconds", "peak_memory_bytes"]
    return ["environment", "contender", "variant", "seeds", *bounds, *numbers]


def _result_row(standing: Standing) -> list[object]:
    intervals = [standing.final, standing.exploring, standing.area, standing.regret]
    intervals += [measure(goal) for measure in (standing.steps, standing.seconds) for goal in GOALS]
    intervals += [standing.reached(goal) for goal in GOALS]
    bounds = [number for interval in intervals for number in interval]
    names = [standing.env_id, standing.contender, standing.variant, len(standing.records)]
    memory = "" if standing.peak_memory is None else standing.peak_memory
    return [*names, *bounds, standing.cpu_seconds, standing.startup, memory]


def _number(value: float) -> str:
    return f"{value:.1f}" if math.isfinite(value) else "?"


def _count(value: float) -> str:
    return f"{value:,.0f}" if math.isfinite(value) else "never"


def _seconds(value: float) -> str:
    if not math.isfinite(value):
        return "never"
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"
