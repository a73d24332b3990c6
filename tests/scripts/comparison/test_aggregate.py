import math
import re

import numpy as np
import pytest
from trials import record

from cookie_jar.scripts.comparison.aggregate import (
    best_summaries,
    env_ids_of,
    pair_tests,
    ranked_variants,
    summarize,
    title,
)
from cookie_jar.scripts.comparison.album import table_score
from cookie_jar.scripts.comparison.columns import COLUMNS
from cookie_jar.scripts.comparison.measures import area, first_at_goal, stays_at_goal, to_goal
from cookie_jar.scripts.comparison.summary import Summary
from cookie_jar.scripts.comparison.tables import table_rows
from cookie_jar.scripts.comparison.trials import NOT_RUN, failed


def steps_to(one, goal):
    return to_goal(one, goal, lambda point: point.steps)


def test_measures_by_hand():
    one = record([0, 50, 96, 90, 100])
    assert (steps_to(one, 90), steps_to(one, 95), steps_to(one, 99)) == (200, 400, 400)
    assert to_goal(one, 95, lambda point: point.seconds) == 0.4
    assert to_goal(one, 95, lambda point: point.steps, first_at_goal) == 200
    assert area(one) == (0 + 50 + 96 + 90) / 4
    never = record([0, 10, 20], seed=1)
    assert steps_to(never, 95) == math.inf
    assert first_at_goal(never, 95) is stays_at_goal(never, 95) is None
    summary = Summary([never, one])
    assert (summary.never(95), summary.never(99), summary.never(10)) == (1, 1, 0)
    assert summary.reached[0].estimate == 0.5
    assert summary.never_text() == "1, 1 of 2"
    assert summary.regret.estimate == 40  # 80 and 0
    assert summary.peak_memory == 1_000_000
    assert summary.cpu_seconds == pytest.approx(0.3)  # the median of 0.2 and 0.4


def test_a_goal_counts_from_where_it_is_kept_to_the_end():
    lost = record([0, 100, 100, 94.9], seed=1)
    assert (steps_to(lost, 95), to_goal(lost, 95, lambda point: point.steps, first_at_goal)) == (
        math.inf,
        100,
    )
    assert steps_to(record([96, 97]), 95) == 0  # from the first evaluation, before training
    assert steps_to(record([0, 95]), 95) == 100  # exactly at the goal, at the last evaluation
    summary = Summary([record([0, 100, 100, 100]), lost])
    assert (summary.never(95), summary.reached[0].estimate) == (1, 0.5)
    assert [part[0].estimate for part in (summary.steps, summary.first_steps)] == [math.inf, 100]


@pytest.mark.parametrize(
    ("finals", "failures", "median"),
    [
        ((100,), 0, 200),
        ((0,), 0, math.inf),
        ((), 1, math.inf),
        ((100, 0), 0, math.inf),  # half of the seeds: never
        ((100, 100), 1, 200),
        ((100, 100, 0), 0, 200),
        ((100, 100, 0), 1, math.inf),
        ((100, 100, 100, 0, 0), 0, 200),
        ((100, 100, 0, 0, 0), 0, math.inf),
    ],
)
def test_seeds_that_never_reach_a_goal_are_not_trimmed_away(finals, failures, median):
    """The median is infinite where half of the seeds or more are; failed ones are among them."""
    runs = [record([0, 0, final], seed) for seed, final in enumerate(finals)]
    lost = [failed(record([0, 0, 0], 10 + seed).trial, "no memory") for seed in range(failures)]
    summary = Summary(runs, failed=lost)
    if runs:
        assert summary.steps[0].estimate == median
        assert summary.first_steps[0].estimate == median
    else:
        assert math.isnan(summary.steps[0].estimate)  # without a run, the scale is unknown


def test_the_worst_seed_is_not_hidden():
    runs = [record([0, final], seed) for seed, final in enumerate((-0.5, 100, 100, 100, 100))]
    assert (Summary(runs).final.estimate, Summary(runs).worst) == (100, -0.5)
    lost = failed(record([0, 0], 5).trial, "no memory")
    assert Summary(runs, failed=[lost]).worst == -math.inf
    assert math.isnan(Summary([], failed=[failed(lost.trial, NOT_RUN)]).worst)


def test_pairs_are_corrected_for_their_number():
    finals = {"sarsa": (90, 91, 92, 93), "ppo": (10, 20, 30, 40), "reinforce": (90, 91, 92, 93)}
    runs = [record([0, x], seed, name) for name, part in finals.items() for seed, x in enumerate(part)]
    sarsa, reinforce, ppo = summaries = summarize(runs)
    tests = pair_tests(summaries, "finals")
    assert tests[frozenset((sarsa, ppo))] == pytest.approx((2 / 70, 6 / 70))
    assert tests[frozenset((ppo, reinforce))] == pytest.approx((2 / 70, 6 / 70))
    assert tests[frozenset((sarsa, reinforce))] == (1, 1)
    assert pair_tests(summaries[:1], "finals") == pair_tests([], "areas") == {}
    missing = Summary([], failed=[failed(runs[0].trial, NOT_RUN)])
    assert pair_tests([missing, sarsa], "finals") == {}


def test_without_an_optimum_goals_are_unknown():
    unknown = Summary([record([0, 100], optimum=None)])
    assert np.isnan(unknown.steps[0].estimate)
    assert np.isnan(unknown.seconds[1].estimate)
    assert np.isnan(unknown.reached[0].estimate)
    assert np.isnan(unknown.regret.estimate)
    assert unknown.never_text() == ""
    assert unknown.final.estimate == 100


def test_records_are_grouped_by_seeds():
    """The same seed twice counts once; other numbers of steps are another summary, which says so."""
    short, long = record([0, 50]), record([0, 50, 100])
    [one] = summarize([short, short])
    assert len(one.records) == 1
    summaries = summarize([short, long, record([0, 50, 90], seed=1)])
    assert [(summary.label, summary.variant, len(summary.records)) for summary in summaries] == [
        ("PPO 1", "200 steps", 2),
        ("PPO 2", "100 steps", 1),
    ]


def test_algorithms_are_in_their_order_and_settings_by_rank():
    order = summarize([record([0, 1], algorithm="sb3-ppo"), record([0, 1], algorithm="sarsa")])
    assert [summary.algorithm for summary in order] == ["sarsa", "sb3-ppo"]
    bad, good = record([0, 10], settings={"gamma": 0.5}, variant="gamma=0.5"), record([0, 90])
    [(env_id, algorithm, ranked)] = ranked_variants([bad, good])
    assert (env_id, algorithm) == ("CookieJarCorner-v0", "ppo")
    assert [(summary.label, summary.variant) for summary in ranked] == [("PPO 1", ""), ("PPO 2", "gamma=0.5")]


def test_returns_are_ranked_and_shown_to_a_thousandth():
    fast = record([0, 0.41, 0.41], settings={"gamma": 0.5}, optimum=None)
    good = record([0, 0.2, 0.43], optimum=None)
    ranked = summarize([fast, good])
    assert [summary.finals.tolist() for summary in ranked] == [[0.43], [0.41]]
    rows = table_rows(ranked, COLUMNS)
    assert [row[1] for row in rows] == ["0.000", "0.430", "0.410"]
    assert table_score(ranked[0]) == "return 0.430, 1 seed"
    two = Summary([good, record([0, 0.2, 0.44], seed=1, optimum=None)])
    assert re.fullmatch(r"return 0\.435 \(0\.\d{3} to 0\.\d{3}\), 2 seeds", table_score(two))


def test_more_seeds_rank_higher():
    """So finalists of a sweep come before settings that were lucky with few seeds."""
    lucky = [record([0, 100], settings={"gamma": 0.5})]
    finalist = [record([0, 80], seed) for seed in range(2)]
    assert [len(summary.records) for summary in summarize([*lucky, *finalist])] == [2, 1]


def test_the_order_of_the_records_does_not_matter():
    runs = [record([0, 50, 50 + seed], seed) for seed in range(5)]
    runs += [r._replace(trial=r.trial._replace(settings={"gamma": 0.5}, variant="gamma=0.5")) for r in runs]
    records = [*runs, *(r._replace(trial=r.trial._replace(env_id="There-v0")) for r in runs)]
    forwards, backwards = summarize(records), summarize(records[::-1])
    assert [(s.env_id, s.variant, s.final) for s in forwards] == [
        (s.env_id, s.variant, s.final) for s in backwards
    ]
    assert env_ids_of(forwards) == ["CookieJarCorner-v0", "There-v0"]


def test_the_best_keep_their_order():
    summaries = summarize(
        [record([0, score], algorithm=name) for name, score in (("sarsa", 60), ("ppo", 20), ("sb3-ppo", 90))]
    )
    assert [summary.algorithm for summary in best_summaries(summaries, 2)] == ["sarsa", "sb3-ppo"]


def test_a_title_names_the_unit():
    assert title([Summary([record([0, 1])])]) == (
        "CookieJarCorner-v0: 100 steps, 1 seed; percent of the possible return, interquartile means"
    )
    assert "return (the optimum is unknown)" in title([Summary([record([0, 1], optimum=None)])])
