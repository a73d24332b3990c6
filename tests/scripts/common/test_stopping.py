import signal
import threading
import time

import pytest
from needs import needs

from cookie_jar.scripts.common import stopping
from cookie_jar.scripts.common.console import UsageError, run
from cookie_jar.scripts.common.stopping import Interrupt, ending_like_ctrl_c, handlers_kept

TERM = signal.SIGTERM


@pytest.fixture(autouse=True)
def _default():
    """SIGTERM ends a program, as when it is started."""
    before = signal.signal(TERM, signal.SIG_DFL)
    yield
    signal.signal(TERM, before)


def test_ctrl_c_is_a_wish_until_the_third_time():
    before = signal.getsignal(signal.SIGINT)
    with Interrupt() as interrupt:
        assert not interrupt.asked
        signal.raise_signal(signal.SIGINT)
        assert interrupt.asked
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_sigterm_does_what_ctrl_c_does():
    with ending_like_ctrl_c() as ending:
        assert ending.status == 0
        with Interrupt() as interrupt:
            signal.raise_signal(TERM)
            assert interrupt.asked
        assert ending.status == 143
    assert signal.getsignal(TERM) is signal.SIG_DFL
    with ending_like_ctrl_c(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(TERM)


def test_sigterm_stops_where_ctrl_c_is_ignored(monkeypatch):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with ending_like_ctrl_c(), pytest.raises(KeyboardInterrupt):
            signal.raise_signal(TERM)
    finally:
        signal.signal(signal.SIGINT, before)


def test_the_same_signal_at_the_same_moment_counts_once_and_a_later_one_ends_the_program(monkeypatch):
    ended = []
    with ending_like_ctrl_c(), Interrupt():
        raise_signal = signal.raise_signal
        raise_signal(TERM)
        raise_signal(TERM)
        now = time.monotonic()
        monkeypatch.setattr(stopping.time, "monotonic", lambda: now + 1)
        monkeypatch.setattr(signal, "raise_signal", ended.append)
        raise_signal(TERM)
        assert ended == [TERM]
        assert signal.getsignal(TERM) is signal.SIG_DFL


@needs(hasattr(signal, "SIGUSR1"), "the signal SIGUSR1")
def test_other_signals_can_be_among_them(monkeypatch):
    monkeypatch.setattr(stopping, "ENDING", ("SIGTERM", "SIGUSR1"))  # as SIGBREAK on Windows
    with ending_like_ctrl_c() as ending, pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGUSR1)
    assert ending.status == 128 + signal.SIGUSR1


@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda number, frame: None])
def test_a_handler_of_others_stays(handler):
    signal.signal(TERM, handler)
    with ending_like_ctrl_c() as ending:
        signal.raise_signal(TERM)
        assert ending.status == 0
    assert signal.getsignal(TERM) is handler


def test_handlers_of_libraries_are_replaced_by_those_before():
    with handlers_kept():
        signal.signal(TERM, lambda number, frame: None)
    assert signal.getsignal(TERM) is signal.SIG_DFL


def test_in_another_thread_nothing_changes():
    seen = []

    def look():
        with ending_like_ctrl_c():
            seen.append(signal.getsignal(TERM))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.SIG_DFL]


def stop(argv):
    with Interrupt():
        signal.raise_signal(TERM)


def fail(argv):
    stop(argv)
    raise UsageError("stopped: the rest is kept")


def end(argv):
    signal.raise_signal(TERM)


@pytest.mark.parametrize(
    ("program", "said"), [(stop, ""), (fail, "error: stopped: the rest is kept\n"), (end, "stopped\n")]
)
def test_the_exit_status_says_that_sigterm_has_stopped_the_program(program, said, capsys):
    assert run(program) == 143
    assert capsys.readouterr().err == said
