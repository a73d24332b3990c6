import io

import pytest
from rich.console import Console
from rich.progress import BarColumn, TextColumn

from cookie_jar.agents import progress_lines
from cookie_jar.agents.progress_lines import ProgressLines
from cookie_jar.agents.time_left import COUNT


@pytest.fixture
def clock(monkeypatch):
    """The time that the lines read, as a list of one number."""
    now = [100.0]
    monkeypatch.setattr(progress_lines, "monotonic", lambda: now[0])
    return now


def lines(clock, seconds, transient=False):
    """The lines of a task that advances by one each second."""
    file = io.StringIO()
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn(COUNT)
    with ProgressLines(*columns, console=Console(file=file), transient=transient) as bar:
        task = bar.add_task("work", total=seconds)
        for done in range(1, seconds + 1):
            clock[0] += 1
            bar.update(task, completed=done) if done % 2 else bar.advance(task)
    return file.getvalue().splitlines()


def test_lines_come_at_growing_intervals_and_at_the_end(clock):
    shown = lines(clock, 20)
    assert shown == [f"work  {done}/20" for done in (2, 3, 5, 8, 12, 18, 20)]


def test_an_hour_has_few_lines(clock):
    assert 15 <= len(lines(clock, 3_600)) <= 20


def test_short_work_has_at_most_the_last_line(clock):
    assert lines(clock, 1) == ["work  1/1"]
    assert lines(clock, 1, transient=True) == []
