import csv

import pytest
from trials import record

from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.comparison.aggregate import summarize
from cookie_jar.scripts.comparison.tables import (
    columns_of,
    comparison_tables,
    overall_rows,
    sweep_table,
    table_rows,
    write_results,
)
from cookie_jar.scripts.comparison.trials import failed


def printed(tables, capsys, width):
    console = Console(width=width)
    for table in tables:
        console.print(table)
    return capsys.readouterr().out


def two_environments():
    here = [record([0, score], seed) for seed, score in enumerate((10, 20, 30, 40))]
    there = [r._replace(trial=r.trial._replace(env_id="There-v0")) for r in here]
    return [*here, *there, record([0, 100], algorithm="sarsa")]


def test_rows_lie_between_random_and_optimum():
    summaries = summarize([record([0, 50, 96]), record([0, 50, 97], seed=1)])
    rows = table_rows(summaries, columns_of(summaries))
    assert [row[0] for row in rows] == ["random", "PPO", "optimum"]
    assert [row[1] for row in rows] == ["0.0", "96.5", "100.0"]
    cells = dict(zip([column.heading for column in columns_of(summaries)], rows[1][1:], strict=True))
    assert cells["mean\nscore"] == "25.0"
    assert cells["steps\nto 95 %"] == "200"
    assert cells["\nto 99 %"] == "never"
    assert cells["first\nat 95 %"] == "200"
    assert cells["worst\nseed"] == "96.0"
    assert cells["never at\n95, 99 %"] == "0, 2 of 2"
    assert cells["peak\nmemory"] == "1 MB"


def test_a_failed_seed_is_the_worst():
    lost = failed(record([0, 1], 2).trial, "no memory")
    [summary] = summarize([record([0, 50]), record([0, 60], 1), lost])
    [worst] = [column.text(summary) for column in columns_of([summary]) if column.name == "worst seed"]
    assert worst == "failed"


def test_observations_get_a_column_where_they_differ():
    factors = record([0, 90], algorithm="sb3-ppo", settings={"env_kwargs": {"observation": "factors"}})
    summaries = summarize([record([0, 90], algorithm="sarsa"), factors])
    rows = table_rows(summaries, columns_of(summaries))
    assert [row[-1] for row in rows] == ["", "state", "factors", ""]
    assert "observes" not in [column.name for column in columns_of(summaries[:1])]


def test_settings_get_a_column_where_they_distinguish_rows():
    bad, good = record([0, 10], settings={"gamma": 0.5}, variant="gamma=0.5"), record([0, 90])
    summaries = summarize([bad, good])
    rows = table_rows(summaries, columns_of(summaries))
    assert [row[-1] for row in rows] == ["", "default", "gamma=0.5", ""]
    assert len(columns_of(summaries)) == len(columns_of(summaries[:0])) + 1


def test_an_interval_needs_two_seeds():
    summaries = summarize([record([0, 50])])
    assert table_rows(summaries, columns_of(summaries))[1][2] == "one seed"


def test_overall_every_run_counts():
    rows = overall_rows(summarize(two_environments()))
    assert [row[:2] for row in rows] == [["PPO", "25.0"]]  # the middle half of eight runs; not SARSA
    assert overall_rows(summarize(two_environments()[:4])) == []
    assert overall_rows(summarize(two_environments()[::-1])) == rows


def test_narrow_terminals_show_fewer_columns(capsys):
    summaries = summarize(two_environments())
    wide, narrow = (printed(comparison_tables(summaries, width), capsys, width) for width in (150, 100))
    assert "regret" in wide
    assert "regret" not in narrow
    assert "All 2 environments" in narrow


@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_word_of_a_table_is_broken(capsys, width):
    summaries = summarize([record([0, 100], seed, "sb3-maskable-ppo") for seed in range(5)])
    [lines] = [printed(comparison_tables(summaries, width), capsys, width).splitlines()]
    [row] = [line for line in lines if line.startswith("SB3 Maskable PPO  100.0")]
    assert ("100.0 to 100.0" in row) == (width >= 40)
    assert ("1 MB" in row) == (width > 80)


def test_a_sweep_shows_a_row_for_each_setting(capsys):
    summaries = summarize([record([0, 10], settings={"a": 1}, variant="a=[1]"), record([0, 90])])
    out = printed([sweep_table("PPO in [E]", summaries)], capsys, 80)
    assert [line.split()[0] for line in out.splitlines()[-2:]] == ["default", "a=[1]"]
    assert "PPO in [E]" in out


@pytest.fixture
def written(tmp_path):
    write_results(
        tmp_path, summarize([*two_environments(), record([0, 1], algorithm="q-learning", optimum=None)])
    )
    return {file.name: list(csv.DictReader(file.read_text().splitlines())) for file in tmp_path.iterdir()}


def test_csv_files_hold_every_evaluation_and_every_pair(written):
    assert len(written["evaluations.csv"]) == 10 * 2
    assert {row["contender"] for row in written["evaluations.csv"]} == {"ppo", "sarsa", "q-learning"}
    [unknown] = [row for row in written["results.csv"] if row["contender"] == "q-learning"]
    assert (unknown["steps_to_95"], unknown["final_percent"], unknown["final_return"]) == (
        "nan",
        "nan",
        "1.0",
    )
    [sarsa] = [row for row in written["results.csv"] if row["contender"] == "sarsa"]
    assert (sarsa["final_percent"], sarsa["steps_to_99"], sarsa["share_at_95"]) == ("100.0", "100.0", "1.0")
    assert (sarsa["worst_percent"], sarsa["first_steps_to_95"], sarsa["observes"]) == (
        "100.0",
        "100.0",
        "state",
    )
    pairs = {
        (row["contender"], row["than"], row["measure"]): row["probability"]
        for row in written["improvement.csv"]
    }
    assert pairs["sarsa", "ppo", "end"] == "1.0"
    assert pairs["ppo", "sarsa", "end"] == "0.0"
    assert pairs["ppo", "sarsa", "on_the_way"] == "0.5"  # all are 0 until the last step
    [p] = {row["p"] for row in written["improvement.csv"] if row["measure"] == "end"}
    assert float(p) == pytest.approx(2 / 5)  # one seed against four
    assert len(written["improvement.csv"]) == 2 * 2  # percent is not compared with return; end and on the way
