import math

import numpy as np
import pytest
from trials import CORNER, record

from cookie_jar.scripts.comparison.aggregate import by_table, summarize, title
from cookie_jar.scripts.comparison.groups import versions_of
from cookie_jar.scripts.comparison.tables import columns_of, comparison_tables, overall_rows, table_rows
from cookie_jar.scripts.comparison.trials import failed

MADE = "Python 3.11.7, x86_64 with 2 cores, cookie-jar 0.1.0, gymnasium 1.4.0, numpy 2.4.6, torch 2.13.0+cpu"


def made(one, text):
    return one._replace(made_with=text)


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        (lambda r: r._replace(trial=r.trial._replace(n_evaluations=7)), ["100 checks", "7 checks"]),
        (lambda r: r._replace(trial=r.trial._replace(timesteps=99)), ["100 steps", "99 steps"]),
        (lambda r: r._replace(trial=r.trial._replace(settings={"gamma": 1})), ["gamma=1", "gamma=default"]),
        (
            lambda r: r._replace(trial=r.trial._replace(settings={"env_kwargs": {"hints": True}})),
            ['env_kwargs={"hints": true}', "env_kwargs=default"],
        ),
        (lambda r: made(r, MADE.replace("0.1.0", "0.2.0")), ["cookie-jar 0.1.0", "cookie-jar 0.2.0"]),
        (lambda r: made(r, ""), ["cookie-jar 0.1.0", "cookie-jar unknown"]),
        (lambda r: r._replace(method="10 episodes"), ["10 episodes", "method unknown"]),
        (lambda r: r._replace(optimum=99.0), ["optimum 100", "optimum 99"]),
        (lambda r: r._replace(optimum=None), ["no optimum", "optimum 100"]),
    ],
)
def test_unlike_runs_are_never_averaged(change, texts):
    records = [made(record([0, 10], seed), MADE) for seed in range(3)]
    others = [change(made(record([0, 90], seed), MADE)) for seed in range(2, 5)]
    summaries = summarize([*records, *others])
    assert sorted(tuple(summary.finals) for summary in summaries)[0] == (10, 10, 10)
    assert [len(summary.records) for summary in summaries] == [3, 3]
    for text in texts:
        assert sum(text in summary.variant for summary in summaries) == 1
    assert len({summary.variant for summary in summaries}) == 2


def test_runs_that_differ_in_irrelevant_things_are_averaged():
    """The same numbers in another form; torch, for an agent that does not use it."""
    one, two = record([0, 10], settings={"gamma": 1}), record([0, 90], seed=1, settings={"gamma": 1.0})
    [summary] = summarize([made(one, MADE), made(two, MADE.replace("2.13.0", "2.14.0"))])
    assert (summary.variant, summary.final.estimate) == ("", 50)


def test_times_of_unlike_machines_are_not_averaged():
    [alike] = summarize([made(record([0, 99], seed), MADE) for seed in range(2)])
    [unlike] = summarize([made(record([0, 99], seed), f"{MADE}; {seed + 1} at a time") for seed in range(2)])
    assert alike.cpu_seconds == pytest.approx(0.1)
    assert math.isnan(unlike.cpu_seconds)
    assert np.isnan([interval.estimate for interval in unlike.seconds]).all()
    assert unlike.steps[0].estimate == 100


def test_versions_that_matter():
    assert dict(versions_of(made(record([0, 1]), MADE))) == {
        "cookie-jar": "0.1.0", "gymnasium": "1.4.0", "numpy": "2.4.6",
    }  # fmt: skip
    assert dict(versions_of(made(record([0, 1], algorithm="sb3-ppo"), MADE)))["torch"] == "2.13.0+cpu"


@pytest.fixture
def with_failures():
    """Four seeds of five at 100 percent; all seeds of SARSA failed."""
    records = [record([0, 100], seed) for seed in range(5)]
    records[3] = failed(records[3].trial, "why [not]")
    return [*records, *(failed(r.trial._replace(algorithm="sarsa"), "gone") for r in records[:2])]


def test_failed_seeds_are_counted_and_named(with_failures):
    sarsa, ppo = summarize(with_failures)
    assert (ppo.label, sarsa.label) == ("PPO (4 of 5 seeds)", "SARSA (0 of 2 seeds)")
    assert (ppo.final.estimate, ppo.reached[0].estimate, ppo.never(95)) == (100, 0.8, 1)
    assert ppo.never_text() == "1, 1 of 5"
    assert "2 to 5 seeds; FAILED: SARSA seeds 0, 1; PPO seed 3;" in title([sarsa, ppo])
    rows = table_rows([sarsa, ppo], columns_of([sarsa, ppo]))
    assert [row[0] for row in rows] == ["random", "SARSA", "PPO", "optimum"]
    assert [rows[1][1:3], rows[2][1]] == [["", "failed"], "100.0"]
    assert [row[-1] for row in rows] == ["", "0 of 2", "4 of 5", ""]
    assert len(comparison_tables([sarsa, ppo], 80)) == 1


def test_failed_seeds_never_win(with_failures):
    _, ppo = summarize(with_failures)
    assert sorted(ppo.outcomes("finals")) == [-math.inf, 100, 100, 100, 100]


def test_a_seed_that_failed_and_was_repeated_has_not_failed():
    one = record([0, 100])
    [summary] = summarize([failed(one.trial, "why"), one])
    assert (summary.failed, summary.label) == ([], "PPO")


def test_percent_and_returns_are_in_two_tables():
    exact, sampled = record([0, 50]), record([0, 7], seed=1, optimum=None)
    summaries = summarize([exact, sampled])
    assert [[summary.finals.tolist() for summary in table] for table in by_table(summaries)] == [
        [[50]],
        [[7]],
    ]
    assert len(comparison_tables(summaries, 80)) == 2


@pytest.mark.parametrize("change", [{"n_evaluations": 3}, {}])
def test_all_environments_are_summed_up_for_equal_evaluations_only(change):
    here = record([0, 10])
    there = here._replace(trial=here.trial._replace(env_id="There-v0", **change))
    assert len(overall_rows(summarize([here, there]))) == (0 if change else 1)


def test_titles_have_ranges():
    short, long = record([0, 50]), record([0, 50, 100], seed=1)
    more = record([0, 50, 100], seed=2)
    assert title(summarize([short, long, more])).startswith(f"{CORNER}: 100 to 200 steps, 1 to 2 seeds;")
