"""The split of a data set into training, validation and test pictures, kept in `split.csv`."""

import csv
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import FileError
from cookie_jar.agents.files import is_regular, read_text, write_table
from cookie_jar.scripts.common.console import UsageError, command, printable
from cookie_jar.scripts.common.dataset import SPLIT_FILE, Dataset, digest, read_dataset

VALIDATION, TEST = 1_000, 5_000  # pictures, of a large data set
LARGE = 11_000  # pictures from which the sizes above are the defaults
SMALL_SHARE = 0.2  # of a smaller data set: the default share of validation and of test
HEADER = ["number", "kind", "part"]
NUMBER = "number"  # key in what a run keeps about its data: the number of training pictures


class Split(NamedTuple):
    """The indices of the pictures of each part, int64, in ascending order of the pictures' numbers."""

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


def make_split(
    dataset: Dataset, validation: float | None = None, test: float | None = None, seed: int = 0
) -> Split:
    """Return a random split that is stratified by kind: each part has the same shares of the kinds.

    A part is a function of the pictures' numbers, their kinds and the seed, whatever their order.

    Args:
        dataset: The data set.
        validation: The number of pictures, or a share below 1 of all; by default 1,000, or a fifth of a data
            set of fewer than 11,000.
        test: The same; by default 5,000, or a fifth.
        seed: The seed of the random order.

    Raises:
        UsageError: If there are too few pictures: each part needs at least one picture of each kind.
    """
    n, rng = len(dataset.labels), np.random.default_rng(seed)
    sizes = [_size(n, validation, VALIDATION), _size(n, test, TEST)]
    counts = np.bincount(dataset.labels, minlength=len(dataset.kinds))
    if sum(sizes) >= n:
        raise UsageError(
            f"expected more pictures than the {sizes[0]:,} for validation and {sizes[1]:,} for the test, "
            f"got {n:,}: leave some for training"
        )
    shares = [apportioned(size, counts) for size in sizes]
    parts: list[list[NDArray[np.int64]]] = [[], [], []]
    for label, kind in enumerate(dataset.kinds):
        own = np.flatnonzero(dataset.labels == label)
        own = rng.permutation(own[np.argsort(dataset.numbers[own])])
        ends = np.cumsum([share[label] for share in shares])
        held = np.split(own, ends)
        for name, indices in zip(("validation", "test", "train"), held, strict=True):
            if not len(indices):
                raise UsageError(
                    f"expected at least one picture of each kind in each part, got none of {printable(kind)} "
                    f"for {name} ({len(own):,} in all): gather more pictures, or change the sizes"
                )
        for part, indices in zip(parts, (held[2], held[0], held[1]), strict=True):
            part.append(indices)
    return Split(*(_by_number(dataset, np.concatenate(part)) for part in parts))


def _size(n: int, size: float | None, large: int) -> int:
    """Return the number of pictures of a part."""
    if size is None:
        size = large if n >= LARGE else max(1, round(SMALL_SHARE * n))
    return round(size * n) if size < 1 else int(size)


def apportioned(total: int, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Divide a number of pictures in proportion to the counts of the kinds, by largest remainders."""
    exact = total * counts / counts.sum()
    parts: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    most = np.argsort(parts - exact, kind="stable")[: total - parts.sum()]
    parts[most] += 1
    return parts


def _by_number(dataset: Dataset, indices: NDArray[np.int64]) -> NDArray[np.int64]:
    return indices[np.argsort(dataset.numbers[indices])]


def split_digest(dataset: Dataset, split: Split) -> str:
    """Return the SHA-256 of the data set and the numbers in each part, as hexadecimal digits."""
    found = sha256(digest(dataset).encode())
    for name, indices in zip(Split._fields, split, strict=True):
        found.update(f"{name} {len(indices)}".encode() + np.sort(dataset.numbers[indices]).tobytes())
    return found.hexdigest()


def write_split(folder: Path, dataset: Dataset, split: Split) -> None:
    """Write a split as a table, in the order of the data set.

    Raises:
        FileError: If there is a folder of that name.
    """
    if (folder / SPLIT_FILE).is_dir():
        raise FileError(f"{folder / SPLIT_FILE}: expected a file to write, got a folder; rename that folder")
    part_of = dict.fromkeys(range(len(dataset.labels)), "")
    for name, indices in zip(Split._fields, split, strict=True):
        part_of |= dict.fromkeys(indices.tolist(), name)
    numbers, labels = dataset.numbers.tolist(), dataset.labels.tolist()
    rows = [[numbers[i], dataset.kinds[labels[i]], part] for i, part in part_of.items()]
    write_table(folder / SPLIT_FILE, HEADER, rows)


def has_split(folder: Path) -> bool:
    """Return whether a data set has a split."""
    return is_regular(folder / SPLIT_FILE)


def read_split(folder: Path, dataset: Dataset) -> Split:
    """Read the split of a data set.

    Raises:
        FileError: If there is none, or the file is not a split of this data set.
    """
    path = folder / SPLIT_FILE
    if not path.exists():
        raise FileError(
            f"{folder}: expected a split of the pictures; "
            f"make one with: {command('cookies', 'split', folder)}"
        )
    index = {number: i for i, number in enumerate(dataset.numbers.tolist())}
    parts: dict[str, list[int]] = {name: [] for name in Split._fields}
    for place, (number, kind, part) in _rows(path):
        i = index.pop(int(number), None) if re.fullmatch("[0-9]{1,16}", number) else None
        if i is None:
            raise FileError(f"{place}: expected each number of the pictures once, got {number!r:.50}")
        if kind != dataset.kinds[dataset.labels[i]]:
            expected = dataset.kinds[dataset.labels[i]]
            raise FileError(f"{place}: expected the kind {expected}, as in the pictures, got {kind!r:.80}")
        if part not in parts:
            raise FileError(f"{place}: expected one of {', '.join(parts)}, got {part!r:.50}")
        parts[part].append(i)
    if index:
        raise FileError(f"{path}: expected every picture, got no line for number {next(iter(index)):,}")
    for name, indices in parts.items():
        if not indices:
            raise FileError(f"{path}: expected pictures for {name}, got none")
    return Split(*(_by_number(dataset, np.array(indices)) for indices in parts.values()))


def _rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield file and line, and the three cells of each row."""
    try:
        rows = list(csv.reader(StringIO(read_text(path)), strict=True))
    except csv.Error as error:
        raise FileError(f"{path}: expected a csv file; {error}") from None
    if not rows or rows[0] != HEADER:
        raise FileError(f"{path}: expected the columns {','.join(HEADER)}")
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(HEADER):
            raise FileError(f"{path}, line {line}: expected {len(HEADER)} values, got {len(row)}")
        yield f"{path}, line {line}", row


def parts(folder: Path | str) -> tuple[Dataset, Split]:
    """Read a data set and its split.

    Raises:
        FileError: If one of them is missing or damaged.
    """
    dataset = read_dataset(folder)
    return dataset, read_split(Path(folder), dataset)


def about_data(folder: Path, dataset: Dataset, split: Split) -> dict[str, Any]:
    """Return the plain values that a run keeps about the data set that it learns from."""
    return {
        "data": str(folder),
        "digest": digest(dataset),
        "split": split_digest(dataset, split),
        "kinds": list(dataset.kinds),
        "pictures": [len(indices) for indices in split],
        "about": dataset.about,
    }


def training_pictures(dataset: Dataset, split: Split, number: int | None) -> NDArray[np.int64]:
    """Return the indices of the first training pictures, in the shares of the kinds.

    Args:
        dataset: The data set.
        split: Its split.
        number: The number of pictures; None for all.

    Raises:
        UsageError: If there are not as many, or too few for one of each kind.
    """
    if number is None:
        return split.train
    labels = dataset.labels[split.train]
    if not len(dataset.kinds) <= number <= len(labels):
        raise UsageError(
            f"--number: expected from {len(dataset.kinds)} to {len(labels):,} training pictures, "
            f"got {number:,}"
        )
    counts = np.bincount(labels, minlength=len(dataset.kinds))
    shares = np.maximum(apportioned(number, counts), 1)
    shares[shares.argmax()] -= shares.sum() - number
    first = [split.train[labels == label][:share] for label, share in enumerate(shares)]
    return np.sort(np.concatenate(first))


def split_of_run(dataset: Dataset, split: Split, about: Mapping[str, Any]) -> Split:
    """Return a split whose training part has the pictures that a run learned from.

    Args:
        dataset: The data set.
        split: Its split.
        about: What the run keeps about the data set: `about_data`, perhaps with the number of pictures.
    """
    number = about.get(NUMBER)
    chosen = training_pictures(dataset, split, number if type(number) is int and number > 0 else None)
    return split._replace(train=chosen)
