"""The results of a comparison or a sweep as tables: in the terminal, and as csv."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.table import Table

from cookie_jar.agents.files import write_table
from cookie_jar.scripts.common.bootstrap import bootstrap_interval, improvement_interval
from cookie_jar.scripts.common.tables import new_table, number_cell
from cookie_jar.scripts.comparison.aggregate import (
    MAX_COMPARED,
    MAX_SHOWN,
    best_summaries,
    by_table,
    env_ids_of,
    pair_tests,
    title,
)
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS
from cookie_jar.scripts.comparison.columns import (
    DEFAULT,
    OBSERVES,
    SEEDS,
    SETTING,
    Column,
    bounds_cell,
    columns_of,
)
from cookie_jar.scripts.comparison.groups import versions_of
from cookie_jar.scripts.comparison.summary import GOALS, SEED, UNKNOWN, Summary

EVALUATIONS_FILE, RESULTS_FILE, IMPROVEMENT_FILE = "evaluations.csv", "results.csv", "improvement.csv"
GAP = 2  # spaces between columns
FOLDED = 24  # characters that a column of words needs at most
OVERALL = ("final\nscore", "95 %\ninterval", "mean\nscore", "95 %\ninterval")


def comparison_tables(summaries: Sequence[Summary], width: int) -> list[Table]:
    """Return a table for each environment, and one for all of them together.

    Args:
        summaries: The summaries of all environments.
        width: The width of the terminal in characters.
    """
    tables = []
    for mine in by_table(summaries):
        best = best_summaries(mine, MAX_SHOWN)
        columns = _fitting(best, columns_of(mine), width)
        headings = [column.heading for column in columns]
        tables.append(_table(title(mine), headings, table_rows(best, columns)))
    overall = overall_rows(summaries)
    text = f"All {len(env_ids_of(summaries))} environments"
    return [*tables, _table(text, OVERALL, overall)] if overall else tables


def _fitting(summaries: Sequence[Summary], columns: Sequence[Column], width: int) -> list[Column]:
    """Return the columns that fit into a width without broken numbers; the score is always among them."""
    kept = [*columns]
    for column in sorted(columns[:0:-1], key=lambda column: column.always):
        if _width(summaries, kept) <= width:
            break
        if not column.words:
            kept.remove(column)
    return kept


def _width(summaries: Sequence[Summary], columns: Sequence[Column]) -> int:
    """Return the width of a table in characters; words can be folded."""
    rows = [["", *(column.heading for column in columns)], *table_rows(summaries, columns)]
    widths = [
        max(len(line) for cell in cells for line in cell.split("\n")) for cells in zip(*rows, strict=True)
    ]
    folded = [
        min(size, FOLDED) if column.words else size for size, column in zip(widths[1:], columns, strict=True)
    ]
    return widths[0] + sum(folded) + GAP * len(columns)


def table_rows(
    summaries: Sequence[Summary], columns: Sequence[Column], *, references: bool = True
) -> list[list[str]]:
    """Return the cells of the table of one environment.

    Args:
        summaries: The summaries.
        columns: The columns, of which the first is the final score if there are references.
        references: Whether the rows are between those of the random policy and the optimum.
    """
    blank = [""] * (len(columns) - 1)
    first = next((record for summary in summaries for record in summary.records), None)
    rows = [[summary.name, *(column.text(summary) for column in columns)] for summary in summaries]
    if references and first is not None:
        rows.insert(0, ["random", number_cell(first.scale(first.random), first.digits), *blank])
        rows += [["optimum", "100.0", *blank]] if first.is_exact else []
    return rows


def overall_rows(summaries: Sequence[Summary]) -> list[list[str]]:
    """Return the cells of the table of all environments.

    Returns:
        A row for each algorithm that ran in all environments, in the same way; none if there is one
        environment, or if an optimum is unknown.
    """
    env_ids, rows = env_ids_of(summaries), []
    finished = [summary for summary in summaries if summary.records]
    if len(env_ids) < 2 or not all(summary.is_exact for summary in finished):
        return []
    for algorithm, variant in dict.fromkeys((summary.algorithm, summary.variant) for summary in finished):
        mine = [s for s in finished if (s.algorithm, s.variant) == (algorithm, variant)]
        if [summary.env_id for summary in mine] == env_ids and len({_way(s) for s in mine}) == 1:
            failed = sum(len(summary.failed) for summary in mine)
            label = " ".join(word for word in (ALGORITHMS[algorithm].label, variant) if word)
            label += f" ({failed} failed)" if failed else ""
            not_run = sum(len(summary.not_run) for summary in mine)
            label += f" ({not_run} not run)" if not_run else ""
            final = bootstrap_interval([summary.finals for summary in mine], SEED)
            mean = bootstrap_interval([summary.areas for summary in mine], SEED)
            cells = [(number_cell(s.estimate, mine[0].digits), bounds_cell(s, *mine)) for s in (final, mean)]
            rows.append([label, *cells[0], *cells[1]])
    return rows


def _way(summary: Summary) -> tuple[object, ...]:
    """Return how runs were made and evaluated, apart from the environment, its settings and its steps."""
    return summary.trial.n_evaluations, summary.records[0].method, versions_of(summary.records[0])


def sweep_table(title: str, ranked: Sequence[Summary]) -> Table:
    """Return the table of a sweep: a row for each setting."""
    rows = [
        [
            s.variant or DEFAULT, number_cell(s.final.estimate, s.digits), bounds_cell(s.final, s),
            number_cell(s.area.estimate, s.digits), s.never_text(GOALS[:1]), s.seeds_text,
        ]
        for s in ranked
    ]  # fmt: skip
    headings = ("final\nscore", "95 %\ninterval", "mean\nscore", "never at\n95 %", SEEDS.heading)
    return _table(title, headings, rows)


def write_results(folder: Path, summaries: Sequence[Summary]) -> None:
    """Write all evaluations, the results, and the probabilities of improvement."""
    write_table(
        folder / EVALUATIONS_FILE,
        ("environment", "contender", "variant", "seed", "steps", "seconds", "cpu_seconds", "greedy_happiness",
         "exploring_happiness", "greedy_percent", "success", "length"),
        ((s.env_id, s.algorithm, s.variant, r.trial.seed, p.steps, p.seconds, p.cpu_seconds, p.greedy,
          p.exploring, r.scale(p.greedy) if s.is_exact else math.nan, p.success, p.length)
         for s in summaries for r in s.records for p in r.evaluations),
    )  # fmt: skip
    write_table(folder / RESULTS_FILE, _result_header(), (_result_row(summary) for summary in summaries))
    names = ("environment", "contender", "variant", "than", "than_variant", "measure")
    numbers = ("probability", "low", "high", "p", "p_holm")
    write_table(folder / IMPROVEMENT_FILE, (*names, *numbers), _improvement_rows(summaries))


def _improvement_rows(summaries: Sequence[Summary]) -> Iterator[tuple[object, ...]]:
    for mine in by_table(summaries):
        best = [s for s in best_summaries(mine, MAX_COMPARED) if len(s.outcomes("finals"))]
        tests = {part: pair_tests(best, part) for part in ("finals", "areas")}
        for one, other in ((one, other) for one in best for other in best if one is not other):
            names = one.env_id, one.algorithm, one.variant, other.algorithm, other.variant
            for measure, part in (("end", "finals"), ("on_the_way", "areas")):
                runs = [one.outcomes(part)], [other.outcomes(part)]
                p_values = tests[part][frozenset((one, other))]
                yield *names, measure, *improvement_interval(*runs, SEED), *p_values


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = new_table("", *headings, left=(OBSERVES.heading, SETTING.heading), gap=GAP, title=title)
    for cells in rows:
        table.add_row(*cells, style="dim" if cells[0] in ("random", "optimum") else "")
    return table


def _result_header() -> list[str]:
    names = ["final_percent", "exploring_percent", "mean_percent", "regret"]
    names += [f"{what}_to_{goal:.0f}" for what in ("steps", "seconds") for goal in GOALS]
    names += [f"share_at_{goal:.0f}" for goal in GOALS]
    bounds = [f"{name}{part}" for name in names for part in ("", "_low", "_high")]
    numbers = ["cpu_seconds", "startup_seconds", "peak_memory_bytes", "failed_seeds", "final_return"]
    numbers += ["worst_percent", *(f"first_steps_to_{goal:.0f}" for goal in GOALS), "observes"]
    return ["environment", "contender", "variant", "seeds", *bounds, *numbers]


def _result_row(summary: Summary) -> list[object]:
    scores = [summary.final, summary.exploring, summary.area]
    intervals = [*(scores if summary.is_exact else [UNKNOWN for _ in scores]), summary.regret]
    intervals += [*summary.steps, *summary.seconds, *summary.reached]
    bounds = [number for interval in intervals for number in interval]
    names = [summary.env_id, summary.algorithm, summary.variant, len(summary.records)]
    memory = "" if summary.peak_memory is None else summary.peak_memory
    numbers = [summary.cpu_seconds, summary.startup, memory, len(summary.failed), summary.final_return]
    worst = summary.worst if summary.is_exact else math.nan
    first = [interval.estimate for interval in summary.first_steps]
    return [*names, *bounds, *numbers, worst, *first, summary.observation]
