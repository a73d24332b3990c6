import io

import pytest
from rich.console import Console
from rich.progress import Progress

from cookie_jar.agents.time_left import TimeLeft, TimeLeftColumn, duration


class Clock:
    """A clock that the test moves."""

    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bar(clock):
    return Progress(TimeLeftColumn(), console=Console(file=io.StringIO()), get_time=clock)


def seconds_of(text):
    number, unit, _ = text.split()
    return float(number) * {"s": 1, "min": 60, "h": 3600}[unit]


def watch(bar, clock, durations, total=None, **fields):
    """Advance a task step by step, and return (seconds left, text) at every tenth of a second."""
    task = bar.add_task("", total=total or len(durations), **fields)
    end, shown = clock.now + sum(durations), []
    for seconds in durations:
        done = clock.now + seconds
        while clock.now < done:
            clock.now = min(done, clock.now + 0.1)
            shown.append((end - clock.now, bar.columns[0].render(bar.tasks[task]).plain))
        bar.advance(task, (total or len(durations)) / len(durations))
        shown.append((end - clock.now, bar.columns[0].render(bar.tasks[task]).plain))
    return shown


STEADY = {
    "steady": [0.2] * 100,
    "few steps": [5.0] * 8,
    "three steps": [10.0] * 3,
    "compiles first": [6.0] + [0.2] * 100,
    "long first step": [20.0] + [1.0] * 60,
    "uneven": [0.5, 1.5, 1.0] * 20,
}


@pytest.mark.parametrize("durations", STEADY.values(), ids=STEADY)
def test_a_time_that_is_shown_is_right_within_a_factor_of_two(bar, clock, durations):
    shown = [(left, seconds_of(text)) for left, text in watch(bar, clock, durations) if text]
    assert len(shown) > 30
    wrong = [(left, said) for left, said in shown if not left / 2 - 1 <= said <= 2 * left + 1]
    assert wrong == []


def test_a_run_that_starts_slowly_does_not_say_hours(bar, clock):
    """The first of 300 million steps are interrupted by many snapshots."""
    stops = [100 * 2**number for number in range(20)]
    parts = [stop / 300e6 for stop in stops] + [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    task = bar.add_task("", total=300_000_000)
    texts = []
    for part in parts:
        before = bar.tasks[task].completed
        clock.now += 0.1 + (part * 300e6 - before) / 25e6
        bar.update(task, completed=part * 300e6)
        texts.append(bar.columns[0].render(bar.tasks[task]).plain)
    assert all(seconds_of(text) < 60 for text in texts if text)
    assert texts[-2]


def test_nothing_is_shown_before_the_rate_is_known(bar, clock):
    shown = watch(bar, clock, [30.0] + [1.0] * 20)
    assert not any(text for left, text in shown if left > 20)
    assert shown[-1][1] == ""  # and nothing at the end


def test_a_step_that_takes_much_longer_hides_the_time(bar, clock):
    shown = watch(bar, clock, [1.0] * 10 + [20.0] + [1.0] * 10)
    assert any(text for left, text in shown if left > 31)
    assert not any(text for left, text in shown if 10.5 < left < 25)


def test_steps_of_unequal_cost(bar, clock):
    costs = [1.0] * 20 + [9.0] * 20
    shown = watch(bar, clock, [cost / 10 for cost in costs], costs=costs)
    said = [(left, seconds_of(text)) for left, text in shown if text]
    assert len(said) > 100
    assert all(left / 2 - 1 <= seconds <= 2 * left + 1 for left, seconds in said)


def test_a_task_that_was_begun_before(bar, clock):
    """A resumed run: what was done before says nothing about the rate."""
    task = bar.add_task("", total=1_000, completed=900)
    for _ in range(4):
        bar.columns[0].render(bar.tasks[task])
        clock.now += 1.0
        bar.advance(task, 10)
    assert bar.columns[0].render(bar.tasks[task]).plain == "6 s left"


def test_many_samples_are_thinned_out():
    estimate = TimeLeft()
    for number in range(1, 5_001):
        estimate.add(number, number / 10_000)
    assert estimate.estimate(5_000.0) == pytest.approx(5_000.0, rel=0.01)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (7, "7 s"), (42, "40 s"), (88, "90 s"), (95, "2 min"), (720, "12 min"), (12_600, "3.5 h")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text
