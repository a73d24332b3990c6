"""Data sets of labelled pictures: a folder with `pictures.safetensors`, and `pictures.csv` for readers."""

import re
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import FileError
from cookie_jar.agents.files import FORMULA, checked_path, delete, delete_parts, is_regular, write_table
from cookie_jar.agents.memory import MAX_BYTES, read_memory, write_memory
from cookie_jar.agents.moving import make_folder
from cookie_jar.envs.cookies.recipe import ATTRIBUTES
from cookie_jar.scripts.common.console import UsageError, command, printable

DATA = Path("data/cookies")  # the default folder
PICTURES_FILE, TABLE_FILE, SPLIT_FILE = "pictures.safetensors", "pictures.csv", "split.csv"
OPENINGS_FILE = "openings.csv"  # each use of a test set, by the digest of its split
RUNS_FILE = "runs.csv"  # the runs that were trained, by the digest of their split
SHEET_FILE = "contact_sheet.png"
DERIVED = (SPLIT_FILE, SHEET_FILE)  # they describe the pictures
OWN_FILES = (PICTURES_FILE, TABLE_FILE, *DERIVED, OPENINGS_FILE, RUNS_FILE)

CONTENT = "pictures"  # marks the description of a data set
SMALLEST, LARGEST = 8, 128  # limits of the width of a picture in pixels
LARGEST_NUMBER = 1 << 53  # of a picture
MAX_KINDS = 100
LONGEST_KIND = 60  # characters

Integers = NDArray[np.int64]


class Dataset(NamedTuple):
    """Labelled pictures.

    Attributes:
        pictures: uint8 [n, S, S, 3].
        labels: int64 [n], indices of `kinds`; for cookies, the numbers of `Cookie`.
        numbers: int64 [n], distinct; a drawn picture is determined by its number and the options in `about`.
        attributes: float64 [n, 5], the columns of `ATTRIBUTES`; None for photographs.
        kinds: The names of the kinds.
        about: Plain values that say where the pictures come from.
    """

    pictures: NDArray[np.uint8]
    labels: Integers
    numbers: Integers
    attributes: NDArray[np.float64] | None
    kinds: tuple[str, ...]
    about: dict[str, Any]


def digest(dataset: Dataset) -> str:
    """Return the SHA-256 of the pictures, labels, numbers, attributes and kinds, as hexadecimal digits."""
    found = sha256(repr(dataset.kinds).encode())
    for array in dataset[:4]:
        if array is not None:
            found.update(f"{array.dtype.str} {array.shape}".encode())
            found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()


def most_pictures(size: int) -> int:
    """Return the largest number of pictures of this width that a data set can hold."""
    return (MAX_BYTES - (1 << 20)) // (3 * size**2 + 8 * (2 + len(ATTRIBUTES)))


def is_dataset(folder: Path) -> bool:
    """Return whether a folder holds a data set."""
    return is_regular(folder / PICTURES_FILE)


def check_replaceable(folder: Path, overwrite: bool) -> None:
    """Check that a data set may be written into a folder.

    Raises:
        UsageError: If the folder is a link, holds other files, or a data set while `overwrite` is false.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"DATA: expected a new folder, but {folder} is a link or a file; choose another one")
    if not folder.is_dir():
        return
    delete_parts(folder, OWN_FILES.__contains__)  # of a process that was killed
    if is_dataset(folder):
        if not overwrite:
            raise UsageError(f"{folder} holds a data set: choose another folder, or add --overwrite")
    elif any(path.name not in OWN_FILES for path in folder.iterdir()):
        raise UsageError(f"DATA: expected a new or empty folder, but {folder} holds other files")


def write_dataset(folder: Path, dataset: Dataset, files: Sequence[str] | None = None) -> bool:
    """Write a data set, and delete what describes earlier pictures in the folder, such as their split.

    Args:
        folder: The folder.
        dataset: The data set.
        files: The files that the pictures were read from, for the table.

    Returns:
        Whether the folder has changed; a data set with the same digest stays as it is.

    Raises:
        FileError, OSError: If a file cannot be written.
    """
    if is_dataset(folder):
        try:
            if digest(read_dataset(folder)) == digest(dataset):
                return False
        except FileError:
            pass  # a damaged data set is replaced
    description = {"content": CONTENT, "kinds": list(dataset.kinds), "about": dataset.about}
    make_folder(folder)
    try:
        write_memory(folder / PICTURES_FILE, _arrays(dataset), description)
    except BaseException:
        with suppress(OSError):
            folder.rmdir()  # only if nothing is in it
        raise
    write_table(folder / TABLE_FILE, *_table(dataset, files))
    for name in DERIVED:
        delete(folder / name)
    return True


def _arrays(dataset: Dataset) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {
        "pictures": dataset.pictures,
        "labels": dataset.labels,
        "numbers": dataset.numbers,
    }
    return arrays if dataset.attributes is None else arrays | {"attributes": dataset.attributes}


def _table(dataset: Dataset, files: Sequence[str] | None) -> tuple[list[str], list[list[Any]]]:
    """Return the header and the rows of the table."""
    rows = [
        [number, dataset.kinds[label]]
        for number, label in zip(dataset.numbers.tolist(), dataset.labels.tolist(), strict=True)
    ]
    header = ["number", "kind"]
    if dataset.attributes is not None:
        header += ATTRIBUTES
        rows = [[*row, *values] for row, values in zip(rows, dataset.attributes.tolist(), strict=True)]
    if files is not None:
        header.append("file")
        rows = [[*row, printable(file)] for row, file in zip(rows, files, strict=True)]
    return header, rows


def read_dataset(folder: Path | str) -> Dataset:
    """Read a data set; the arrays are read-only.

    Raises:
        FileError: If the folder holds no data set, or a damaged one.
    """
    folder = checked_path(folder)
    path = folder / PICTURES_FILE
    if not path.exists():
        raise FileError(
            f"{folder}: expected the folder of a data set with {PICTURES_FILE}; "
            f"create one with: {command('cookies', 'gather', folder)}"
        )
    try:
        arrays, description = read_memory(path)
    except FileError as error:
        raise FileError(f"{error}; gather the pictures again with --overwrite, or restore the file") from None
    wrong = _mistake(arrays, description)
    if wrong:
        raise FileError(f"{path}: expected a data set written by `gather`; {wrong}")
    return Dataset(
        arrays["pictures"], arrays["labels"], arrays["numbers"], arrays.get("attributes"),
        tuple(description["kinds"]), description["about"],
    )  # fmt: skip


def _mistake(arrays: dict[str, NDArray[Any]], description: dict[str, Any]) -> str:
    """Return what is wrong with the contents of a file, or ""."""
    kinds, about = description.get("kinds"), description.get("about")
    if description.get("content") != CONTENT or not isinstance(about, dict):
        return "its description is not that of a data set"
    if not isinstance(kinds, list) or kind_mistake(kinds):
        return f"got the kinds {printable(kinds, 100)}"
    pictures = arrays.get("pictures", np.empty(0))
    n, size = len(pictures), pictures.shape[1] if pictures.ndim == 4 else 0
    expected = {
        "pictures": ("u1", (n, size, size, 3)), "labels": ("<i8", (n,)), "numbers": ("<i8", (n,)),
        "attributes": ("<f8", (n, len(ATTRIBUTES))),
    }  # fmt: skip
    if not {"pictures", "labels", "numbers"} <= arrays.keys() <= expected.keys():
        return f"got the arrays {printable(sorted(arrays), 100)}"
    for name, array in arrays.items():
        dtype, shape = expected[name]
        if array.dtype != np.dtype(dtype) or array.shape != shape or not np.isfinite(array).all():
            return f"got {name} of {array.dtype} {list(array.shape)}"
    if n == 0 or not SMALLEST <= size <= LARGEST:
        return f"got {n} pictures of {size}x{size}"
    labels, numbers = arrays["labels"], arrays["numbers"]
    if not 0 <= labels.min() <= labels.max() < len(kinds):
        return f"got labels from {labels.min()} to {labels.max()}"
    if not 0 <= numbers.min() <= numbers.max() < LARGEST_NUMBER or len(np.unique(numbers)) < n:
        return "its numbers are not distinct, or out of range"
    return ""


def kind_mistake(kinds: Sequence[Any]) -> str:
    """Return what is wrong with the names of kinds, or ""."""
    if not 2 <= len(kinds) <= MAX_KINDS:
        return f"expected 2 to {MAX_KINDS} kinds, got {len(kinds)}"
    for kind in kinds:
        if not isinstance(kind, str) or not kind.isprintable() or kind != kind.strip() or not kind:
            return f"expected a printable name of a kind, got {printable(repr(kind), 80)}"
        if len(kind) > LONGEST_KIND or kind.startswith(FORMULA) or re.search(r'[/\\<>:"|?*]|^\.|\.$', kind):
            return f"expected a plain name of a kind of at most {LONGEST_KIND} characters, got {kind!r:.100}"
    return "" if len(set(kinds)) == len(kinds) else "expected each kind once"
