"""Making and renaming files and folders, while another program may hold them; see `held`."""

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

from .files import write_to_disk
from .held import named, patiently


def create(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet; after an error, there is none.

    Raises:
        FileExistsError: If there is something of this name.
        OSError: If the file cannot be written; `filename` is the path.
    """
    file = patiently(path, lambda: path.open("xb"))
    try:
        write_to_disk(file, data, flushed=False)
    except BaseException as error:
        with suppress(OSError):  # the first error counts
            path.unlink()
        if isinstance(error, OSError):
            raise named(error, path) from None
        raise


def rename(path: Path, new: Path) -> Path:
    """Give a file or a folder a new path, where nothing may be, and return that path.

    Raises:
        FileExistsError: If there is something at the new path.
        OSError: If the file or the folder cannot be renamed; `filename` is the old path.
    """
    if os.path.lexists(new):  # only Windows refuses this
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new))
    return patiently(path, lambda: path.rename(new))


def make_folder(path: Path) -> None:
    """Make a folder and those above it, unless they exist.

    Raises:
        OSError: If that is impossible; `filename` is the path.
    """
    patiently(path, lambda: path.mkdir(parents=True, exist_ok=True))


def make_new_folder(path: Path) -> None:
    """Make a folder that does not exist yet.

    Raises:
        FileExistsError: If there is something of this name.
        OSError: If that is impossible; `filename` is the path.
    """
    patiently(path, path.mkdir)


def remove_empty(folder: Path) -> None:
    """Remove a folder that is empty.

    Raises:
        OSError: If that is impossible; `filename` is the path.
    """
    patiently(folder, folder.rmdir)


def remove_unfinished(folder: Path) -> None:
    """Remove a folder with all that is in it after an error, as far as possible; no error is raised."""
    shutil.rmtree(folder, ignore_errors=True)
