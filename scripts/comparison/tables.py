"""The results of a contest as tables: in the terminal, and as csv."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.markup import escape
from rich.table import Table

from cookie_jar.agents.files import write_table
from cookie_jar.scripts.common.bootstrap import Interval, bootstrap_interval, improvement_interval
from cookie_jar.scripts.comparison.aggregate import (
    COMPARED,
    GOALS,
    SEED,
    SHOWN,
    Summary,
    best_summaries,
    by_env,
    title,
)
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS

EVALUATIONS_FILE, RESULTS_FILE, IMPROVEMENT_FILE = "evaluations.csv", "results.csv", "improvement.csv"
SETTING = "\nsetting"
WIDE = 140  # characters for all columns


class Column(NamedTuple):
    """A column of the table of an environment.

    Attributes:
        heading: in two lines.
        text: what stands in it for a contender.
        always: whether narrow terminals show it too.
    """

    heading: str
    text: Callable[[Summary], str]
    always: bool = True


COLUMNS = (
    Column("at the\nend", lambda s: _number(s.final.estimate)),
    Column("95 %\ninterval", lambda s: _bounds(s.final, s)),
    Column("\nexploring", lambda s: _number(s.exploring.estimate), always=False),
    Column("on the\nway", lambda s: _number(s.area.estimate)),
    Column("steps\nto 95 %", lambda s: _count(s.steps[0].estimate)),
    Column("\nto 99 %", lambda s: _count(s.steps[1].estimate), always=False),
    Column("seconds\nto 95 %", lambda s: _seconds(s.seconds[0].estimate)),
    Column("\nto 99 %", lambda s: _seconds(s.seconds[1].estimate), always=False),
    Column("never\n95, 99 %", lambda s: s.missed()),
    Column("\nregret", lambda s: _number(s.regret.estimate, 3), always=False),
    Column("\nCPU", lambda s: _seconds(s.cpu_seconds)),
    Column("\nmemory", lambda s: "" if s.peak_memory is None else f"{s.peak_memory / 1e6:,.0f} MB"),
)
OVERALL = ("at the\nend", "95 %\ninterval", "on the\nway", "95 %\ninterval")


def comparison_tables(lines: Sequence[Summary], width: int) -> list[Table]:
    """A table for each environment, and one for all of them together."""
    tables = []
    for env_id in by_env(lines):
        mine = [summary for summary in lines if summary.env_id == env_id]
        columns = [column for column in columns_of(mine) if column.always or width >= WIDE]
        headings = [column.heading for column in columns]
        tables.append(_table(title(mine), headings, table_rows(best_summaries(mine, SHOWN), columns)))
    together = overall_rows(lines)
    told = f"All {len(by_env(lines))} environments together"
    return [*tables, _table(told, OVERALL, together)] if together else tables


def columns_of(lines: Sequence[Summary]) -> list[Column]:
    """The columns, and the settings where they tell contenders apart."""
    told = any(summary.number for summary in lines)
    return [*COLUMNS, Column(SETTING, lambda s: s.variant or "as it is")] if told else [*COLUMNS]


def table_rows(lines: Sequence[Summary], columns: Sequence[Column]) -> list[list[str]]:
    """The cells of the table of one environment: random and optimum are its bottom and its top."""
    first, blank = lines[0].records[0], [""] * (len(columns) - 1)
    rows = [["random", _number(first.scale(first.random)), *blank]]
    rows += [[summary.label, *(column.text(summary) for column in columns)] for summary in lines]
    return [*rows, ["optimum", "100.0", *blank]] if lines[0].is_exact else rows


def overall_rows(lines: Sequence[Summary]) -> list[list[str]]:
    """The contenders that were in all environments; no rows where there is one environment, or no optimum."""
    env_ids, rows = by_env(lines), []
    if len(env_ids) < 2 or not all(summary.is_exact for summary in lines):
        return []
    for who in dict.fromkeys((summary.algorithm, summary.variant) for summary in lines):
        mine = [summary for summary in lines if (summary.algorithm, summary.variant) == who]
        if [summary.env_id for summary in mine] == env_ids:
            label = " ".join(word for word in (ALGORITHMS[who[0]].label, who[1]) if word)
            end = bootstrap_interval([summary.finals for summary in mine], SEED)
            way = bootstrap_interval([summary.areas for summary in mine], SEED)
            cells = [[_number(part.estimate), _bounds(part, *mine)] for part in (end, way)]
            rows.append([label, *cells[0], *cells[1]])
    return rows


def sweep_table(title: str, ranked: Sequence[Summary]) -> Table:
    """A few lines of a sweep."""
    rows = [
        [
            s.variant or "as it is", _number(s.final.estimate), _bounds(s.final, s),
            _number(s.area.estimate), s.missed(GOALS[:1]),
        ]
        for s in ranked
    ]  # fmt: skip
    return _table(title, ("at the\nend", "95 %\ninterval", "on the\nway", "never\n95 %"), rows)


def write_csv(folder: Path, lines: Sequence[Summary]) -> None:
    """Every evaluation, the table, and who is better than whom."""
    write_table(
        folder / EVALUATIONS_FILE,
        ("environment", "contender", "variant", "seed", "steps", "seconds", "cpu_seconds", "greedy_happiness",
         "exploring_happiness", "greedy_percent", "success", "length"),
        ((s.env_id, s.algorithm, s.variant, r.trial.seed, c.steps, c.seconds, c.cpu_seconds, c.greedy,
          c.exploring, r.scale(c.greedy) if s.is_exact else math.nan, c.success, c.length)
         for s in lines for r in s.records for c in r.evaluations),
    )  # fmt: skip
    write_table(folder / RESULTS_FILE, _result_header(), (_result_row(s) for s in lines))
    names = ("environment", "contender", "variant", "than", "than_variant", "measure")
    rows = (
        (s.env_id, s.algorithm, s.variant, t.algorithm, t.variant, measure, *chance)
        for env_id in by_env(lines)
        for best in [best_summaries([s for s in lines if s.env_id == env_id], COMPARED)]
        for s in best
        for t in best
        if s is not t
        for measure, chance in (
            ("end", improvement_interval([s.finals], [t.finals], SEED)),
            ("on_the_way", improvement_interval([s.areas], [t.areas], SEED)),
        )
    )
    write_table(folder / IMPROVEMENT_FILE, (*names, "probability", "low", "high"), rows)


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=escape(title), title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    for heading in headings:
        table.add_column(heading, justify="left" if heading == SETTING else "right")
    for cells in rows:
        table.add_row(*map(escape, cells), style="dim" if cells[0] in ("random", "optimum") else "")
    return table


def _result_header() -> list[str]:
    names = ["final_percent", "exploring_percent", "mean_percent", "regret"]
    names += [f"{what}_to_{goal:.0f}" for what in ("steps", "seconds") for goal in GOALS]
    names += [f"share_at_{goal:.0f}" for goal in GOALS]
    bounds = [f"{name}{part}" for name in names for part in ("", "_low", "_high")]
    numbers = ["cpu_seconds", "startup_seconds", "peak_memory_bytes"]
    return ["environment", "contender", "variant", "seeds", *bounds, *numbers]


def _result_row(summary: Summary) -> list[object]:
    intervals = [summary.final, summary.exploring, summary.area, summary.regret]
    intervals += [*summary.steps, *summary.seconds, *summary.reached]
    bounds = [number for interval in intervals for number in interval]
    names = [summary.env_id, summary.algorithm, summary.variant, len(summary.records)]
    memory = "" if summary.peak_memory is None else summary.peak_memory
    return [*names, *bounds, summary.cpu_seconds, summary.startup, memory]


def _bounds(part: Interval, *of: Summary) -> str:
    if min(len(summary.records) for summary in of) < 2:
        return "one seed"
    return f"{_number(part.low)} to {_number(part.high)}"


def _number(value: float, digits: int = 1) -> str:
    return "" if math.isnan(value) else f"{value:.{digits}f}"


def _count(value: float) -> str:
    return "" if math.isnan(value) else f"{value:,.0f}" if math.isfinite(value) else "never"


def _seconds(value: float) -> str:
    if not math.isfinite(value):
        return "" if math.isnan(value) else "never"
    if value < 0.1:
        return f"{1000 * value:.1f} ms"
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"
