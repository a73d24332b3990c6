"""Files that another program holds, as happens on Windows: wait two seconds, then say what to close."""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)  # no room on the disk
PAUSES = 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.7  # seconds between attempts, two in all
ADVICE = (
    "close the program that has it open (such as a spreadsheet, an editor, a picture viewer, a virus scanner "
    "or a cloud folder), then try again"
)


def patiently(path: Path, action: Callable[[], Result], mode: int = os.W_OK) -> Result:
    """Return the result of an action on a file or a folder; repeat it while another program holds the path.

    On Windows, a spreadsheet, a virus scanner or a cloud folder may hold a file, for moments or longer. That
    is what a PermissionError means if the permissions allow the action.

    Args:
        path: The file or the folder.
        action: The action, which changes nothing if it fails.
        mode: The permission that the action needs, as for `os.access`.

    Raises:
        OSError: If the action fails; `filename` is the path.
    """
    for pause in (*PAUSES, None):
        try:
            return action()
        except PermissionError as error:
            held = _is_allowed(path, mode)
            if pause is None or not held:
                raise named(error, path, f"; {ADVICE}" if held else "") from None
        except OSError as error:
            raise named(error, path) from None
        time.sleep(pause)
    raise AssertionError


def named(error: OSError, path: Path, advice: str = "") -> OSError:
    """Return the same error with the name of a file, and perhaps what to do."""
    if error.errno is None:
        return error
    return OSError(error.errno, f"{error.strerror}{advice}", str(path))


def _is_allowed(path: Path, mode: int) -> bool:
    """Return whether the permissions allow an action on a path and in its folder."""
    if mode == os.R_OK and path.is_dir():  # Windows refuses to open a folder
        return False
    existing = next(place for place in (path, *path.parents, Path()) if os.path.lexists(place))
    return os.access(existing, mode) and (existing != path or os.access(path.parent, mode))
