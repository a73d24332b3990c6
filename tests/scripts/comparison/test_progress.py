import io
import re

import pytest
from trials import trials

from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.comparison.progress import LineProgress, stages


def lines(console):
    return console.file.getvalue().splitlines()


@pytest.fixture
def piped():
    return Console(file=io.StringIO(), width=80)


def test_a_line_says_what_is_finished_and_what_is_running(piped):
    every = trials(5)
    progress = LineProgress(every, piped, period=600)
    assert re.fullmatch(r"0 of 5 runs finished after \d+ s; the next ones are starting", progress.line())
    progress.update(every[:2], 150)
    progress.update(every[2:3], 25)
    assert progress.line().startswith("1 of 5 runs finished")
    assert "; running: q-learning in CookieJarCorner-v0, seed 1 (50 %), " in progress.line()
    progress.update(every[3:4], 99)
    assert progress.line().endswith("seed 2 (25 %), 1 more")


def test_lines_come_by_themselves_and_one_at_the_end(piped):
    with LineProgress(trials(2), piped, period=0.01) as progress:
        while not lines(piped):
            pass
        progress.update(trials(2), 200)
    assert lines(piped)[-1].startswith("2 of 2 runs finished after ")
    assert ";" not in lines(piped)[-1]


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
