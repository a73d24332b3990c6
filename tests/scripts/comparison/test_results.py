"""Planned runs that were never started are in the denominators of `compare --from`."""

import pytest
from trials import CORNER, record

from cookie_jar.scripts.comparison.aggregate import summarize, title
from cookie_jar.scripts.comparison.columns import columns_of
from cookie_jar.scripts.comparison.plan import Plan
from cookie_jar.scripts.comparison.results import read_results
from cookie_jar.scripts.comparison.store import Store
from cookie_jar.scripts.comparison.tables import table_rows
from cookie_jar.scripts.comparison.trials import failures_text


@pytest.fixture
def folder(tmp_path):
    """Of two agents with five seeds, three runs of PPO were made; then the comparison was stopped."""
    Plan([CORNER], ["ppo", "sarsa"], 5, 100, 100).write(tmp_path)
    Store(tmp_path).add([record([0, 100], seed) for seed in range(3)])
    return tmp_path


def test_missing_runs_count(folder):
    [sarsa, ppo] = summarize(read_results([folder], print))
    assert (len(ppo.records), len(ppo.not_run), len(ppo.failed)) == (3, 2, 0)
    assert (ppo.seeds_text, ppo.never_text(), ppo.reached[0].estimate) == ("3 of 5", "2, 2 of 5", 3 / 5)
    assert ppo.steps[0].estimate == 100  # a mean of the runs that were made
    assert len(ppo.outcomes("finals")) == 3
    assert (sarsa.seeds_text, len(sarsa.not_run)) == ("0 of 5", 5)
    assert "; NOT RUN: SARSA seeds 0, 1, 2, 3, 4; PPO seeds 3, 4;" in title([sarsa, ppo])
    rows = {row[0]: row for row in table_rows([sarsa, ppo], columns_of([sarsa, ppo]))}
    assert rows["SARSA"][2] == "not run"
    assert rows["PPO"][-1] == "3 of 5"


def test_missing_runs_are_named(folder):
    text = failures_text(read_results([folder], print))
    assert text == (
        f"7 of 10 planned runs have not been made: sarsa in {CORNER}, seeds 0, 1, 2, 3, 4; "
        f"ppo in {CORNER}, seeds 3, 4"
    )
    assert failures_text(read_results([folder], print, agents=["ppo"])).startswith("2 of 5 planned runs have")


def test_runs_of_another_folder_are_not_missing(folder, tmp_path):
    Store(tmp_path / "more").add([record([0, 100], seed) for seed in (3, 4)])
    [ppo] = summarize(read_results([folder, tmp_path / "more"], print, agents=["ppo"]))
    assert (len(ppo.records), len(ppo.not_run)) == (5, 0)
