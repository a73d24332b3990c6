import io
import re
import time

import pytest
from trials import trials

from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.comparison import progress as progress_lines
from cookie_jar.scripts.comparison.progress import LineProgress, stages


def lines(console):
    return console.file.getvalue().splitlines()


@pytest.fixture
def piped():
    return Console(file=io.StringIO(), width=80)


def test_a_line_says_what_is_finished_and_what_is_running(piped):
    every = trials(5)
    progress = LineProgress(every, piped, look=600)
    assert re.fullmatch(r"0 of 5 runs finished after \d+ s; the next runs are starting", progress.line())
    progress.update(every[:2], 150)
    progress.update(every[2:3], 25)
    assert progress.line().startswith("1 of 5 runs finished")
    assert "; running: q-learning in CookieJarCorner-v0, seed 1 (50 %), " in progress.line()
    progress.update(every[3:4], 99)
    assert progress.line().endswith("seed 2 (25 %), 1 more")


def test_a_line_comes_when_a_run_begins_or_ends_and_one_at_the_end(piped):
    with LineProgress(trials(2), piped, look=0.001) as progress:
        for steps, expected in ((50, "0 of 2"), (150, "1 of 2")):
            progress.update(trials(2), steps)
            while not lines(piped) or not lines(piped)[-1].startswith(expected):
                time.sleep(0.001)
        progress.update(trials(2), 200)
    assert lines(piped)[-1].startswith("2 of 2 runs finished after ")
    assert ";" not in lines(piped)[-1]
    assert len(lines(piped)) <= 4  # none where nothing has begun or ended


def test_a_line_comes_after_a_while_in_which_nothing_begins_or_ends(piped, monkeypatch):
    monkeypatch.setattr(progress_lines, "LONGEST", 0.002)
    with LineProgress(trials(2), piped, look=0.001):
        while len(lines(piped)) < 3:
            time.sleep(0.001)
    assert "the next runs are starting" in lines(piped)[1]


def test_nothing_is_said_about_no_runs(piped):
    with LineProgress([], piped):
        pass
    assert lines(piped) == []


def test_stages_are_lines_in_a_file_and_a_spinner_in_a_terminal(piped):
    terminal = Console(file=io.StringIO(), width=80, force_terminal=True)
    for console in (piped, terminal):
        with stages(console) as stage:
            stage("drawing one")
            stage("drawing two")
    assert lines(piped) == ["drawing one", "drawing two"]
    assert "\x1b" in terminal.file.getvalue()
