"""Reading folders of picture files by kind, with or without `metadata.csv`."""

import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from cookie_jar.agents import FileError
from cookie_jar.envs.dynamics import Cookie
from cookie_jar.scripts.classification.metadata import METADATA_FILE, NO_ENTRY, Entry, read_metadata
from cookie_jar.scripts.classification.photographs import Photograph, read_photograph
from cookie_jar.scripts.common.console import Console, UsageError, printable, progress_bar
from cookie_jar.scripts.common.dataset import Dataset, kind_mistake, most_pictures

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")  # of pictures beside the folders of the kinds
IGNORED = ("thumbs.db", "desktop.ini")  # files that systems add to folders of pictures
MAX_FILES = 100_000  # in all folders
SHOWN = 20  # bad files that are named


def read_folders(folder: Path, size: int, skip_bad: bool, console: Console) -> tuple[Dataset, list[str]]:
    """Read the pictures in folders by kind.

    Pictures are sorted by the numbers of `metadata.csv`, otherwise numbered in the order of their names.

    Args:
        folder: The folder with a folder for each kind, or with `metadata.csv` that names the labels.
        size: The width and height of the pictures in the data set.
        skip_bad: Whether to leave out files that cannot be read.
        console: The console for the progress bar and the names of bad files.

    Returns:
        The data set, and the name of each picture's file.

    Raises:
        UsageError: If the layout is not as expected, or a file cannot be read and `skip_bad` is false.
        FileError: If `metadata.csv` is not valid.
    """
    paths = find_files(folder)
    entries = read_metadata(folder / METADATA_FILE, set(paths)) if _has_metadata(folder) else {}
    names = sorted(entries or paths, key=lambda name: (entries.get(name, NO_ENTRY).number or 0, name))
    if not names:
        raise UsageError(
            f"--from: expected pictures in folders named after their kinds, found none in {folder}"
        )
    if len(names) > most_pictures(size):
        raise UsageError(f"--from: expected at most {most_pictures(size):,} pictures, got {len(names):,}")
    kind_of = {name: _kind(name, entries.get(name, NO_ENTRY)) for name in names}
    kinds = _ordered(set(kind_of.values()))
    if wrong := kind_mistake(kinds):
        raise UsageError(f"--from: {wrong}")
    photographs = read_all(folder, names, size, skip_bad, console)
    names = [name for name in names if name in photographs]
    _print_sizes(console, photographs, size)
    if unread := set(kinds) - {kind_of[name] for name in names}:
        raise UsageError(f"--from: expected pictures of each kind, none of {min(unread)} could be read")
    given = [entries.get(name, NO_ENTRY) for name in names]
    attributes = [entry.attributes for entry in given if entry.attributes is not None]
    dataset = Dataset(
        np.stack([photographs[name].pixels for name in names]),
        np.array([kinds.index(kind_of[name]) for name in names]),
        np.array([i if entry.number is None else entry.number for i, entry in enumerate(given)]),
        np.array(attributes) if attributes else None,
        kinds,
        {"source": "files", "folder": printable(folder.resolve().name, 200), "size": size},
    )
    return dataset, names


def find_files(folder: Path) -> list[str]:
    """Return the pictures in a folder and all files in its folders, as sorted paths with slashes.

    Hidden files, and other files than pictures beside the folders of the kinds, are ignored.

    Raises:
        UsageError: If there is a link or an empty folder, or a folder in these folders, or too many files.
    """
    found: list[str] = []
    for entry in _entries(folder):
        if entry.is_symlink():
            raise UsageError(f"--from: expected folders and pictures, got the link {entry.path}")
        if entry.is_dir():
            found += _files_of_kind(Path(entry.path))
        elif Path(entry.name).suffix.lower() in SUFFIXES:
            found.append(entry.name)
        if len(found) > MAX_FILES:
            raise UsageError(f"--from: expected at most {MAX_FILES:,} files, found more in {folder}")
    return sorted(found)


def _files_of_kind(folder: Path) -> list[str]:
    entries = _entries(folder)
    inner = next((entry.path for entry in entries if entry.is_dir(follow_symlinks=False)), None)
    if inner is not None or not entries:
        found = f"the folder {inner}" if inner else f"none in {folder}"
        raise UsageError(
            f"--from: expected pictures in each folder, got {found}; FOLDER is the one that holds the "
            "folders of the kinds"
        )
    return [f"{folder.name}/{entry.name}" for entry in entries]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return the entries of a folder that are not hidden; of too many, only as many as show that."""
    with os.scandir(folder) as entries:
        shown = (e for e in entries if not e.name.startswith(".") and e.name.lower() not in IGNORED)
        return list(islice(shown, MAX_FILES + 1))


def _has_metadata(folder: Path) -> bool:
    return os.path.lexists(folder / METADATA_FILE)


def _kind(name: str, entry: Entry) -> str:
    """Return the kind of a file: its label, or the name of its folder.

    Raises:
        UsageError: If there is neither, or they differ.
    """
    parent = name.rpartition("/")[0]
    if entry.label is not None and parent and entry.label != parent:
        raise UsageError(
            f"--from: expected the label of {name} to be its folder, got {entry.label!r} in {METADATA_FILE}"
        )
    if entry.label is None and not parent:
        raise UsageError(
            f"--from: expected a folder for each kind, or labels in {METADATA_FILE}, got the file {name}"
        )
    return parent if entry.label is None else entry.label


def read_all(
    folder: Path, names: Sequence[str], size: int, skip_bad: bool, console: Console
) -> dict[str, Photograph]:
    """Read files with a progress bar, and name those that cannot be read.

    Raises:
        UsageError: If a file cannot be read and `skip_bad` is false.
    """
    photographs: dict[str, Photograph] = {}
    bad: list[FileError] = []
    with progress_bar(console) as bar:
        for name in bar.track(names, description="reading pictures"):
            try:
                if (folder / name).is_symlink():
                    raise FileError(f"{folder / name}: expected a file, got a link")
                photographs[name] = read_photograph(folder / name, size)
            except FileError as error:
                bad.append(error)
    for reason in bad[:SHOWN]:
        console.out(f"left out: {reason}" if skip_bad else reason, style="" if skip_bad else "red")
    if len(bad) > SHOWN:
        console.out(f"and {len(bad) - SHOWN:,} more")
    if bad and not skip_bad:
        raise UsageError(
            f"--from: {len(bad):,} of {len(names):,} files cannot be read: correct them, or add --skip-bad "
            "to leave them out"
        )
    return photographs


def _print_sizes(console: Console, photographs: dict[str, Photograph], size: int) -> None:
    """Say how many pictures were cropped and resampled."""
    changed = [p for p in photographs.values() if (p.width, p.height) != (size, size)]
    if changed:
        smallest = min(min(p.width, p.height) for p in changed)
        largest = max(max(p.width, p.height) for p in changed)
        console.out(
            f"{len(changed):,} pictures with sides from {smallest:,} to {largest:,} pixels were cropped to "
            f"the central square and resampled to {size}x{size}"
        )


def _ordered(kinds: set[str]) -> tuple[str, ...]:
    """Return kinds of cookies in the order of `Cookie`, other kinds by name."""
    cookies = [cookie.label for cookie in Cookie]
    return tuple(k for k in cookies if k in kinds) if kinds <= set(cookies) else tuple(sorted(kinds))
