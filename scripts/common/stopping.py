"""Stopping a program: Ctrl-C, and what means the same: SIGTERM, a closed terminal, Ctrl-Break on Windows."""

import os
import signal
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from cookie_jar.scripts.common import program

ENDING = ("SIGTERM", "SIGHUP", "SIGBREAK")  # signals that do what Ctrl-C does, where they exist
REPEATED = 0.2  # seconds in which a signal counts once; `timeout` sends each to the program and to its group


@contextmanager
def ctrl_c_raises() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt in a program, as usual in Python, until the end of the block."""
    ends = signal.getsignal(signal.SIGINT) is program.end
    if ends:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if ends:
            signal.signal(signal.SIGINT, program.end)


class Interrupt:
    """Context manager that turns Ctrl-C into a request to stop and save; the third Ctrl-C stops at once."""

    def __init__(self) -> None:
        self._times = 0
        self._before: Any = None

    @property
    def asked(self) -> bool:
        """Whether the user has asked to stop."""
        return self._times > 0

    def __enter__(self) -> "Interrupt":
        self._before = signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._times += 1
        if self._times > 2:
            raise KeyboardInterrupt


class Ending:
    """What has asked this program to end: the first signal does what Ctrl-C does, the second ends it at once.

    Attributes:
        status: The exit status, 128 plus the number of the signal; 0 without a signal.
    """

    def __init__(self) -> None:
        self.status = 0
        self._time = 0.0

    def ask(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal.

        Raises:
            KeyboardInterrupt: If nothing else handles Ctrl-C now.
        """
        now = time.monotonic()
        if self.status:
            if now - self._time > REPEATED:
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)
            return
        self.status, self._time = 128 + number, now
        if number == getattr(signal, "SIGHUP", None):
            _leave_terminal()
        handler = signal.getsignal(signal.SIGINT)
        if not callable(handler):  # Ctrl-C is ignored, as in a background job of a script
            raise KeyboardInterrupt
        handler(signal.SIGINT, frame)


def _leave_terminal() -> None:
    """Write to a terminal that is closed nowhere, or an error would come before what is saved."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        if stat.S_ISCHR(os.fstat(descriptor).st_mode):
            os.dup2(nowhere, descriptor)


@contextmanager
def ending_like_ctrl_c() -> Iterator[Ending]:
    """Let the signals `ENDING` do what Ctrl-C does, unless they are handled or ignored already."""
    ending = Ending()
    with handlers_kept() as numbers:
        for number in numbers:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, ending.ask)
        yield ending


@contextmanager
def handlers_kept() -> Iterator[list[signal.Signals]]:
    """Restore the handlers of the signals `ENDING` at the end; yield those that this thread can handle."""
    numbers = [signal.Signals[name] for name in ENDING if name in signal.Signals.__members__]
    if threading.current_thread() is not threading.main_thread():  # others cannot handle signals
        numbers = []
    before = [signal.getsignal(number) for number in numbers]
    try:
        yield numbers
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
