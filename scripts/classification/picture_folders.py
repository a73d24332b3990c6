"""Folders of picture files by kind: the layout of torchvision's ImageFolder, Hugging Face's imagefolder."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cookie_jar.agents import FileError
from cookie_jar.agents.files import write_table
from cookie_jar.envs.dynamics import Cookie
from cookie_jar.scripts.classification.metadata import METADATA_FILE, NO_ENTRY, Entry, read_metadata
from cookie_jar.scripts.classification.photographs import Photograph, read_photograph
from cookie_jar.scripts.common.console import Console, UsageError, printable, progress_bar
from cookie_jar.scripts.common.dataset import ATTRIBUTES, Dataset, kind_mistake, most_pictures

IGNORED = ("thumbs.db", "desktop.ini")  # files that systems add to folders of pictures
MAX_FILES = 100_000  # in all folders
SHOWN = 20  # bad files that are named


def check_new_folder(folder: Path) -> None:
    """Check that a folder is new or empty.

    Raises:
        UsageError: If it is not.
    """
    if folder.is_symlink() or (folder.is_dir() and any(folder.iterdir())):
        raise UsageError(
            f"--png: expected a new or empty folder, but {folder} holds files; choose another one"
        )


def write_folders(folder: Path, dataset: Dataset, console: Console) -> None:
    """Write each picture as a PNG file in the folder of its kind, and `metadata.csv`.

    The files are written into a hidden folder, which is renamed at the end; after an error or Ctrl-C, nothing
    of it stays.

    Raises:
        OSError: If a file cannot be written.
    """
    from PIL import Image

    part = folder.parent / f".{folder.name}.{os.getpid()}.part"
    part.mkdir(parents=True)
    try:
        for kind in dataset.kinds:
            (part / kind).mkdir()
        names = _names(dataset)
        with progress_bar(console) as bar:
            for name, pixels in bar.track(
                list(zip(names, dataset.pictures, strict=True)), description="writing PNG files"
            ):
                Image.fromarray(pixels).save(part / name, "PNG")
        write_table(part / METADATA_FILE, *_metadata(dataset, names))
        if folder.is_dir():
            folder.rmdir()
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _names(dataset: Dataset) -> list[str]:
    """Return the name of the file of each picture, such as "raisin/000007.png"."""
    pairs = zip(dataset.labels.tolist(), dataset.numbers.tolist(), strict=True)
    return [f"{dataset.kinds[label]}/{number:06}.png" for label, number in pairs]


def _metadata(dataset: Dataset, names: Sequence[str]) -> tuple[list[str], list[list[object]]]:
    header = ["file_name", "label", "number"]
    kinds = [dataset.kinds[label] for label in dataset.labels.tolist()]
    rows: list[list[object]] = [list(row) for row in zip(names, kinds, dataset.numbers.tolist(), strict=True)]
    if dataset.attributes is not None:
        header += ATTRIBUTES
        rows = [[*row, *values] for row, values in zip(rows, dataset.attributes.tolist(), strict=True)]
    return header, rows


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
    photographs = read_all(folder, names, size, skip_bad, console)
    names = [name for name in names if name in photographs]
    _print_sizes(console, photographs, size)
    return _dataset(folder, names, kind_of, entries, photographs, size), names


def find_files(folder: Path) -> list[str]:
    """Return the files in a folder and in its folders, as paths with slashes; hidden files are ignored.

    Raises:
        UsageError: If there are folders in these folders, or too many files.
    """
    found: list[str] = []
    for entry in _entries(folder):
        if not entry.is_dir(follow_symlinks=False):
            found.append(entry.name)
            continue
        for inner in _entries(Path(entry.path)):
            if inner.is_dir(follow_symlinks=False):
                raise UsageError(
                    f"--from: expected pictures in the folders of {folder}, got the folder "
                    f"{entry.name}/{inner.name}; FOLDER is the one that holds the folders of the kinds"
                )
            found.append(f"{entry.name}/{inner.name}")
            if len(found) > MAX_FILES:
                raise UsageError(f"--from: expected at most {MAX_FILES:,} files, found more in {folder}")
    return sorted(name for name in found if name != METADATA_FILE)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [e for e in entries if not e.name.startswith(".") and e.name.lower() not in IGNORED]


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
    photographs, bad = {}, []
    with progress_bar(console) as bar:
        for name in bar.track(names, description="reading pictures"):
            try:
                if (folder / name).is_symlink():
                    raise FileError(f"{folder / name}: expected a file, got a link")
                photographs[name] = read_photograph(folder / name, size)
            except FileError as error:
                bad.append(error)
    for error in bad[:SHOWN]:
        console.out(f"left out: {error}" if skip_bad else error, style="" if skip_bad else "red")
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


def _dataset(
    folder: Path,
    names: Sequence[str],
    kind_of: dict[str, str],
    entries: dict[str, Entry],
    photographs: dict[str, Photograph],
    size: int,
) -> Dataset:
    """Return the data set of the pictures that could be read.

    Raises:
        UsageError: If the kinds are not usable.
    """
    kinds = _ordered({kind_of[name] for name in names})
    wrong = kind_mistake(kinds)
    if wrong:
        raise UsageError(f"--from: {wrong}")
    index = {kind: label for label, kind in enumerate(kinds)}
    given = [entries.get(name, NO_ENTRY) for name in names]
    numbers = [entry.number if entry.number is not None else i for i, entry in enumerate(given)]
    attributes = [entry.attributes for entry in given if entry.attributes is not None]
    return Dataset(
        np.stack([photographs[name].pixels for name in names]),
        np.array([index[kind_of[name]] for name in names]),
        np.array(numbers),
        np.array(attributes) if len(attributes) == len(names) else None,
        kinds,
        {"source": "files", "folder": printable(folder.name, 200), "size": size},
    )


def _ordered(kinds: set[str]) -> tuple[str, ...]:
    """Return kinds of cookies in the order of `Cookie`, other kinds by name."""
    cookies = [cookie.label for cookie in Cookie]
    return tuple(k for k in cookies if k in kinds) if kinds <= set(cookies) else tuple(sorted(kinds))
