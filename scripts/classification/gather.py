"""`cookies gather`: draw pictures of cookies, or read photographs, and save them as a data set."""

import argparse
from typing import Any

import numpy as np

from cookie_jar.envs.cookies.shifts import SHIFTS
from cookie_jar.envs.dynamics import Cookie
from cookie_jar.scripts.classification.data_folder import add_data, data_words
from cookie_jar.scripts.classification.picture_folders import read_folders
from cookie_jar.scripts.classification.png_folders import check_kinds, check_new_folder, write_folders
from cookie_jar.scripts.common.argument_types import (
    add_command,
    existing_folder,
    fraction,
    non_negative,
    parent_folder,
    positive,
    whole_between,
)
from cookie_jar.scripts.common.console import Console, UsageError, command, progress_bar
from cookie_jar.scripts.common.dataset import (
    LARGEST,
    SMALLEST,
    Dataset,
    check_replaceable,
    is_dataset,
    most_pictures,
    read_dataset,
    write_dataset,
)
from cookie_jar.scripts.common.tables import new_table

NUMBER = 11_000  # 5,000 for training, 1,000 for validation, 5,000 for the test
SIZE = 32
CHUNK = 250  # pictures between two updates of the progress bar
DRAWN = ("number", "seed", "mess", "shift", "cloth_share")  # options of drawn pictures


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    gather = add_command(commands, "gather", "draw pictures of cookies, or read your own photographs")
    add_data(gather)
    _add_drawing_options(gather)
    _add_file_options(gather)
    gather.set_defaults(do=gather_pictures)


def _add_drawing_options(gather: argparse.ArgumentParser) -> None:
    group = gather.add_argument_group("drawn cookies")
    group.add_argument(
        "--number", type=positive, metavar="N", help=f"number of pictures (default: {NUMBER:,})"
    )
    group.add_argument("--seed", type=non_negative, help="random seed (default: 0)")
    group.add_argument(
        "--mess",
        type=fraction,
        metavar="X",
        help="from 0 to 1: how much cloth, light, place and neighbours vary (default: 0.3)",
    )
    group.add_argument(
        "--shift",
        choices=SHIFTS,
        help="; ".join(f"{shift.name}: {shift.label}" for shift in SHIFTS.values()) + " (default: none)",
    )
    group.add_argument(
        "--cloth-share",
        type=fraction,
        metavar="X",
        help="share of pictures whose tablecloth gives the kind away, a shortcut (default: 0)",
    )


def _add_file_options(gather: argparse.ArgumentParser) -> None:
    group = gather.add_argument_group("photographs")
    group.add_argument(
        "--from",
        dest="source",
        type=existing_folder,
        metavar="FOLDER",
        help="read the pictures in the folders of FOLDER, which are named after the kinds; "
        "metadata.csv may list their labels and attributes",
    )
    group.add_argument("--skip-bad", action="store_true", help="leave out files that cannot be read")
    group = gather.add_argument_group("files")
    group.add_argument(
        "--size",
        type=whole_between(SMALLEST, LARGEST),
        metavar="N",
        help=f"width and height of the pictures (default: {SIZE})",
    )
    group.add_argument(
        "--png",
        type=parent_folder,
        metavar="OUT",
        help="also write PNG files in folders by kind, with metadata.csv, in the layout of torchvision's "
        "ImageFolder and Hugging Face's imagefolder; without other options, export an existing data set",
    )
    group.add_argument("--overwrite", action="store_true", help="replace an existing data set")


def gather_pictures(args: argparse.Namespace, console: Console) -> None:
    """Write a data set, and PNG files if asked to; print the number of pictures of each kind."""
    if args.png is not None:
        check_new_folder(args.png)
        if args.png.resolve() == args.data.resolve():
            raise UsageError(f"--png: expected another folder than that of the data set, got {args.png}")
    if args.png is not None and only_export(args):
        dataset = read_dataset(args.data)
        check_kinds(dataset.kinds)
    else:
        dataset = new_dataset(args, console)
    print_kinds(console, dataset)
    console.print()
    if args.png is not None:
        write_folders(args.png, dataset, console)
        console.out(f"PNG files in {args.png}")
    console.out(f"Data set in {args.data}")
    console.out(f"Next: {command('cookies', 'look', *data_words(args.data))}")


def only_export(args: argparse.Namespace) -> bool:
    """Return whether the data set exists, and no option asks for other pictures."""
    options = (*DRAWN, "source", "size")
    return is_dataset(args.data) and not args.overwrite and all(getattr(args, n) is None for n in options)


def new_dataset(args: argparse.Namespace, console: Console) -> Dataset:
    """Draw or read pictures, and write the data set.

    Raises:
        UsageError: If an option is invalid, or the folder exists.
        FileError, OSError: If a file cannot be read or written.
    """
    size = args.size or SIZE
    check_replaceable(args.data, args.overwrite)
    given = [f"--{name.replace('_', '-')}" for name in DRAWN if getattr(args, name) is not None]
    if args.source is None:
        if args.skip_bad:
            raise UsageError("--skip-bad: expected --from FOLDER with it")
        options = {name: getattr(args, name) for name in DRAWN if getattr(args, name) is not None}
        dataset, files = drawn(console, size=size, **options), None
    elif given:
        raise UsageError(f"--from reads pictures, and does not take {', '.join(given)}")
    else:
        dataset, files = read_folders(args.source, size, args.skip_bad, console)
    if args.png is not None:
        check_kinds(dataset.kinds)
    if not write_dataset(args.data, dataset, files):
        console.out(f"{args.data} already holds exactly these pictures: nothing was changed")
    return dataset


def drawn(
    console: Console,
    *,
    number: int = NUMBER,
    seed: int = 0,
    mess: float = 0.3,
    shift: str = "none",
    cloth_share: float = 0.0,
    size: int = SIZE,
) -> Dataset:
    """Draw the pictures of the numbers from 0, with a progress bar.

    Raises:
        UsageError: If a data set cannot hold this many pictures.
    """
    from cookie_jar.envs.cookies.pictures import draw_pictures

    if number > most_pictures(size):
        raise UsageError(
            f"--number: expected at most {most_pictures(size):,} pictures of {size}x{size}, got {number:,}"
        )
    about: dict[str, Any] = {"seed": seed, "mess": mess, "shift": shift, "cloth_share": cloth_share}
    chunks = []
    with progress_bar(console) as bar:
        task = bar.add_task("drawing pictures", total=number)
        for first in range(0, number, CHUNK):
            numbers = np.arange(first, min(first + CHUNK, number))
            chunks.append(draw_pictures(numbers, size=size, **about))
            bar.update(task, completed=int(numbers[-1]) + 1)
    pictures, labels, attributes, numbers = (np.concatenate(part) for part in zip(*chunks, strict=True))
    kinds = tuple(cookie.label for cookie in Cookie)
    return Dataset(pictures, labels, numbers, attributes, kinds, {"source": "drawn", "size": size} | about)


def print_kinds(console: Console, dataset: Dataset) -> None:
    """Print the number of pictures of each kind."""
    table = new_table("", "pictures", "share")
    counts = np.bincount(dataset.labels, minlength=len(dataset.kinds))
    for kind, count in zip(dataset.kinds, counts, strict=True):
        table.add_row(kind, f"{count:,}", f"{100 * count / counts.sum():.1f} %")
    size = dataset.pictures.shape[1]
    table.add_row("all", f"{counts.sum():,}", "", style="dim")
    console.print(table)
    console.print(f"\npictures of {size}x{size} pixels in colour", style="dim")
