"""The exit status of a program, whatever ends it: Ctrl-C, a signal, or an output that takes no more.

Imports no library, for `doctor`.
"""

import errno
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper

from cookie_jar.scripts.common.program import STOPPED
from cookie_jar.scripts.common.stopping import ctrl_c_raises, ending_like_ctrl_c

FAILED = 2  # exit status after an error that is printed
UNREAD = 141  # exit status when the reader of the output has ended, as by SIGPIPE
# of an error without a file: the output cannot be written
UNWRITABLE = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG, errno.EIO, errno.EBADF)
WINDOWS = sys.platform == "win32"  # where the error of an output that nobody reads is EINVAL


def exit_status(main: Callable[[], int]) -> int:
    """Call a program, and return the exit status.

    SIGTERM, SIGHUP, and Ctrl-Break on Windows, stop the program as Ctrl-C does; the exit status is then 128
    plus the number of the signal.

    Args:
        main: The program, which returns its exit status. The message of a KeyboardInterrupt is printed.
    """
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # for terminals that cannot print all characters
    with ending_like_ctrl_c() as ending:
        status = _status(main)
    return ending.status or status


def _status(main: Callable[[], int]) -> int:
    try:
        with ctrl_c_raises():
            try:
                return main()
            finally:
                sys.stdout.flush()  # here, an error can be reported
    except KeyboardInterrupt as error:
        print(str(error) or "stopped", file=sys.stderr)
        return STOPPED
    except OSError as error:
        if error.filename is not None:
            raise
        if isinstance(error, BrokenPipeError) or (WINDOWS and error.errno == errno.EINVAL):
            _discard_output()
            return UNREAD
        place = ""
        if error.errno in UNWRITABLE:
            _discard_output()
            place = "the standard output cannot be written: "
        print(f"error: {place}{error.strerror or error}", file=sys.stderr)
        return FAILED


def _open_streams() -> None:
    """Let standard streams that are closed lead nowhere; the next opened files would get their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(nowhere, True)  # also in workers
            setattr(sys, name, os.fdopen(nowhere, mode, encoding="utf-8"))


def _discard_output() -> None:
    """Write the rest of the output nowhere, or Python would try again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
