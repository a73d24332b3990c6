import shutil

import numpy as np
import pytest
from before import BEFORE
from trials import record

from cookie_jar.agents.runs import load
from cookie_jar.scripts.comparison import album as album_module
from cookie_jar.scripts.comparison.aggregate import summarize
from cookie_jar.scripts.comparison.album import (
    Album,
    episode,
    replays,
    shown_records,
    table_score,
)
from cookie_jar.scripts.comparison.store import read_folder
from cookie_jar.scripts.comparison.summary import Summary

KEPT = BEFORE / "comparison"


@pytest.fixture
def summary():
    [first, *_] = summarize(read_folder(KEPT))
    assert first.algorithm == "q-learning"
    return first


def test_a_picture_is_stored_once():
    album, drawn = Album(), []

    def draw():
        drawn.append(1)
        return np.zeros((4, 4, 3), np.uint8)

    assert [album.index(key, draw) for key in "abab"] == [0, 1, 0, 1]
    assert len(album.pictures) == len(drawn) == 2


def test_saved_agents_are_replayed(summary):
    album = Album()
    shown = replays([KEPT], [summary], album)
    assert [replay.steps for replay in shown] == [0, 2_000]
    assert shown[-1].percent == pytest.approx(100)
    assert {(replay.seed, replay.table) for replay in shown} == {(0, "100.0 % (100.0 to 100.0), 2 seeds")}
    assert [replay.score for replay in shown] == ["-17.9 %", "100.0 %"]
    assert len(shown[-1].frames) == 1 + 7  # the optimum in the corner kitchen
    assert shown[-1].frames[0][1] == "start"
    assert "happiness" in shown[-1].frames[-1][1]
    assert max(index for replay in shown for index, _ in replay.frames) == len(album.pictures) - 1


def test_an_episode_that_does_not_end_is_cut():
    agent = load(KEPT / "runs" / "cookie-jar-corner-q-learning-0" / "snapshots" / f"{0:012}.safetensors",
                 render_mode="rgb_array")  # fmt: skip
    frames = episode(agent, Album())
    assert len(frames) == 1 + 2 + 1  # the loop is shown twice
    assert frames[-1] == (frames[-2][0], "... act 1 repeats until act 200, happiness -2.00")


def test_a_long_episode_is_cut(monkeypatch):
    monkeypatch.setattr(album_module, "MAX_ACTIONS", 3)
    agent = load(KEPT / "runs" / "cookie-jar-corner-q-learning-0", render_mode="rgb_array")
    frames = episode(agent, Album())
    assert len(frames) == 1 + 3 + 1
    assert frames[-1][1].startswith("... and so on until act 7, happiness +1.45")


def test_agents_of_another_trial_are_not_shown(summary):
    """Another trial has used the folder since: its replay would show another agent."""
    record = summary.records[0]
    other = record._replace(trial=record.trial._replace(n_evaluations=7))
    assert replays([KEPT], [Summary([other])], Album()) == []


def test_an_agent_that_is_not_that_of_its_record_is_left_out_with_a_note(summary, tmp_path):
    """The score beside a replay is always that of the replayed agent."""
    shutil.copytree(KEPT, tmp_path / "copy")
    run = tmp_path / "copy" / "runs" / "cookie-jar-corner-q-learning-0"
    (run / "agent.safetensors").write_bytes((run / "snapshots" / f"{0:012}.safetensors").read_bytes())
    notes = []
    assert [replay.steps for replay in replays([tmp_path / "copy"], [summary], Album(), notes.append)] == [0]
    assert len(notes) == 1
    assert "agent.safetensors: no replay; expected an agent after 2,000 steps" in notes[0]


def test_the_first_seed_and_the_most_typical_one_are_replayed():
    """Otherwise the table could say 100 percent, and the only replay -10."""
    finals = (-10, 100, 90, 100, 100)
    one = Summary([record([0, final], seed) for seed, final in enumerate(finals)])
    assert [shown.trial.seed for shown in shown_records(one)] == [0, 1]
    assert table_score(one).startswith("96.7 % (")
    assert table_score(one).endswith("), 5 seeds")
    assert [shown.trial.seed for shown in shown_records(Summary([record([0, 5])]))] == [0]


def test_a_folder_without_agents_has_no_replays(summary, tmp_path):
    assert replays([tmp_path], [summary], Album()) == []
