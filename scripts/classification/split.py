"""`cookies split`: divide a data set into training, validation and test pictures."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from cookie_jar.agents import FileError
from cookie_jar.scripts.classification.data_folder import add_data, check_unused, data_words
from cookie_jar.scripts.common.argument_types import add_command, finite, non_negative
from cookie_jar.scripts.common.console import Console, UsageError, command
from cookie_jar.scripts.common.dataset import SPLIT_FILE, Dataset, read_dataset
from cookie_jar.scripts.common.split import (
    LARGE,
    TEST,
    VALIDATION,
    Split,
    has_split,
    make_split,
    read_split,
    split_digest,
    write_split,
)
from cookie_jar.scripts.common.tables import new_table


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    split = add_command(
        commands, "split", "divide a data set into training, validation and test pictures, stratified by kind"
    )
    add_data(split)
    for name, large in (("validation", VALIDATION), ("test", TEST)):
        split.add_argument(
            f"--{name}",
            type=size_or_share,
            metavar="N",
            help=f"number of {name} pictures, or a share such as 0.2 (default: {large:,}, or a fifth with "
            f"fewer than {LARGE:,} pictures)",
        )
    split.add_argument("--seed", type=non_negative, default=0, help="random seed (default: %(default)s)")
    split.add_argument(
        "--overwrite",
        action="store_true",
        help="replace a split that runs were trained on, or whose test set was opened",
    )
    split.set_defaults(do=split_dataset)


def size_or_share(text: str) -> float:
    """Return a number of pictures, or a share between 0 and 1."""
    value = finite(text)
    if value <= 0 or (value >= 1 and not value.is_integer()):
        raise argparse.ArgumentTypeError(
            f"expected a number of pictures such as 1000, or a share such as 0.2, got {text}"
        )
    return value


def split_dataset(args: argparse.Namespace, console: Console) -> None:
    """Make a split, write it, and print its sizes."""
    dataset = read_dataset(args.data)
    split = make_split(dataset, args.validation, args.test, args.seed)
    replace_split(args.data, dataset, split, args.overwrite)
    print_split(console, dataset, split)
    console.out(f"\nSaved as {args.data / SPLIT_FILE}")
    console.out(f"Next: {command('cookies', 'train', *data_words(args.data))}")


def replace_split(folder: Path, dataset: Dataset, split: Split, overwrite: bool) -> None:
    """Write a split; one that was used is replaced only if `overwrite` is true.

    Raises:
        UsageError: If the present split was used, and differs.
    """
    if has_split(folder) and not overwrite:
        try:
            before = split_digest(dataset, read_split(folder, dataset))
        except FileError as error:
            raise UsageError(f"{error}; add --overwrite to replace the split") from None
        if before == split_digest(dataset, split):
            return
        check_unused(folder, before)
    write_split(folder, dataset, split)


def print_split(console: Console, dataset: Dataset, split: Split) -> None:
    """Print the number of pictures of each kind in each part."""
    table = new_table("", *dataset.kinds, "pictures")
    for name, indices in zip(Split._fields, split, strict=True):
        counts = np.bincount(dataset.labels[indices], minlength=len(dataset.kinds))
        table.add_row(name, *(f"{count:,}" for count in counts), f"{len(indices):,}")
    console.print(table)
