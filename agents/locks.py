"""Locks of folders, which the operating system releases when their process ends."""

import os
import sys
import weakref
from contextlib import suppress
from pathlib import Path

from .errors import AgentError
from .held import patiently


class FolderLock:
    """Locks a folder until `release`, until the object is deleted, or until the process ends.

    On POSIX the folder itself is locked, on Windows by a hidden file that vanishes with its process. On file
    systems without locks, nothing is locked.

    Raises:
        AgentError: If the folder is locked already.
    """

    def __init__(self, folder: Path) -> None:
        try:
            descriptor = _lock(folder)
        except (BlockingIOError, FileExistsError):
            raise AgentError(
                f"{folder} is being trained by another process; wait until it ends, or choose another folder"
            ) from None
        self.release = weakref.finalize(self, _close, descriptor)


def _close(descriptor: int) -> None:
    with suppress(OSError):  # nothing is lost, and an error that led here counts
        os.close(descriptor)


if sys.platform == "win32":

    def _lock(folder: Path) -> int:
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_TEMPORARY
        path = folder / ".lock"  # while a scanner holds the deleted file of the last lock, it remains
        return patiently(path, lambda: os.open(path, flags))

else:
    import fcntl

    def _lock(folder: Path) -> int:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise
        except OSError:  # no locks on this file system
            pass
        return descriptor
