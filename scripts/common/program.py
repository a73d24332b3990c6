"""Whether this process is one of the programs, and Ctrl-C while a program imports its libraries.

The first module that a program imports; imports as little as possible.
"""

import os
import signal
import sys
from itertools import pairwise
from types import FrameType

STOPPED = 130  # exit status after Ctrl-C


def is_program() -> bool:
    """Return whether this process was started as a program, or by one, such as the workers of `compare`."""
    called = (getattr(sys, "argv", None) or ["none"])[0]
    if called == "-m":  # Python is still looking for the module
        words = sys.orig_argv
        return any(a == "-m" and b.startswith("cookie_jar.scripts.") for a, b in pairwise(words))
    stem, suffix = os.path.splitext(os.path.basename(called))
    folder = os.path.dirname(os.path.realpath(called))
    in_folder = suffix == ".py" and folder == os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    return stem in ("cookie-jar", "cookie-jar-script") or in_folder


def end_at_ctrl_c() -> None:
    """Let Ctrl-C end a program with one line, until the program handles Ctrl-C itself.

    While libraries are imported, an exception would not do: some libraries lose it, and Python prints a
    traceback.
    """
    if is_program() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end)


def end(number: int, frame: FrameType | None) -> None:
    """End the process at once, as the handler of a signal; a worker says nothing, as its parent does."""
    if "--multiprocessing-fork" not in sys.orig_argv and sys.stderr is not None:
        os.write(sys.stderr.fileno(), b"stopped\n")
    os._exit(STOPPED)
