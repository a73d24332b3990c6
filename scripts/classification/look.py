"""`cookies look`: contact sheet, attributes by kind, and a warning if something else gives the kind away."""

import argparse
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.files import write_atomically
from cookie_jar.envs.cookies.recipe import ATTRIBUTES
from cookie_jar.scripts.classification.contact_sheet import draw_contact_sheet
from cookie_jar.scripts.classification.data_folder import add_data, data_words
from cookie_jar.scripts.classification.gather import print_kinds
from cookie_jar.scripts.classification.shortcut import ERROR, count_copies, find_shortcut
from cookie_jar.scripts.common.argument_types import add_command, file_of
from cookie_jar.scripts.common.console import Console, command
from cookie_jar.scripts.common.dataset import SHEET_FILE, Dataset, read_dataset
from cookie_jar.scripts.common.split import has_split
from cookie_jar.scripts.common.tables import new_table

DIGITS = (3, 1, 3, 2, 2)  # decimals of the attributes
UNITS = "mean +- standard deviation; size and dot size in picture widths, darkness from 0 to 1"


def add_commands(commands: Any) -> None:
    """Declare the command and its options."""
    look = add_command(
        commands,
        "look",
        "draw a contact sheet, print the attributes by kind, and warn if something other than the cookie "
        "gives the kind away",
    )
    add_data(look)
    look.add_argument(
        "--png",
        type=file_of(".png"),
        metavar="FILE",
        help=f"file for the contact sheet (default: DATA/{SHEET_FILE})",
    )
    look.set_defaults(do=look_at_dataset)


def look_at_dataset(args: argparse.Namespace, console: Console) -> None:
    """Print a description of a data set, and write its contact sheet."""
    dataset = read_dataset(args.data)
    file = args.png or args.data / SHEET_FILE
    write_atomically(file, draw_contact_sheet(dataset, sheet_title(dataset)))
    print_attributes(console, dataset)
    print_origin(console, dataset)
    print_copies(console, dataset)
    print_shortcut(console, dataset)
    console.out(f"\nContact sheet: {file}")
    following = "train" if has_split(args.data) else "split"
    console.out(f"Next: {command('cookies', following, *data_words(args.data))}")


def sheet_title(dataset: Dataset) -> str:
    """Return the title of a contact sheet."""
    size = dataset.pictures.shape[1]
    return f"{len(dataset.labels):,} pictures of {size} x {size} pixels, {len(dataset.kinds)} kinds"


def print_attributes(console: Console, dataset: Dataset) -> None:
    """Print the number of pictures of each kind, and their attributes if they are known."""
    if dataset.attributes is None:
        print_kinds(console, dataset)
        return
    table = new_table("", *dataset.kinds)
    groups = [dataset.attributes[dataset.labels == label] for label in range(len(dataset.kinds))]
    table.add_row("pictures", *(f"{len(group):,}" for group in groups))
    for column, (name, digits) in enumerate(zip(ATTRIBUTES, DIGITS, strict=True)):
        cells = [_mean_and_spread(group[:, column], digits) for group in groups]
        table.add_row(name.replace("_", " "), *cells)
    console.print(table)
    console.print(f"\n{UNITS}", style="dim", soft_wrap=True)


def _mean_and_spread(values: NDArray[np.float64], digits: int) -> str:
    return f"{values.mean():.{digits}f} +- {values.std():.{digits}f}" if len(values) else ""


def print_origin(console: Console, dataset: Dataset) -> None:
    """Print where the pictures come from."""
    about = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in dataset.about.items())
    console.out(about, style="dim")


def print_copies(console: Console, dataset: Dataset) -> None:
    """Say if some pictures are equal."""
    copies = count_copies(dataset.pictures)
    if copies:
        console.out(
            f"\nwarning: {copies:,} of {len(dataset.labels):,} pictures are copies of other pictures; "
            "after a split, the same picture can be in the training and in the test part",
            style="bold yellow",
        )


def print_shortcut(console: Console, dataset: Dataset) -> None:
    """Warn if the corners of the pictures predict the kind."""
    found = find_shortcut(dataset.pictures, dataset.labels)
    if not found.testable:
        console.print(
            f"\n{len(dataset.labels)} pictures are too few to check whether something other than the "
            "cookie gives the kind away.",
            soft_wrap=True,
        )
        return
    result = (
        f"{100 * found.accuracy:.1f} % of {found.pictures:,} pictures (chance: {100 * found.chance:.1f} %)"
    )
    if not found.found:
        text = f"The corners of the pictures alone predict the kind of {result}: no shortcut found."
        console.print(f"\n{text}", style="dim", soft_wrap=True)
        return
    console.print(
        f"\nwarning: the corners of the pictures alone predict the kind of {result}. A classifier can learn "
        "the background instead of the cookie, and then fails on other backgrounds; gather pictures of all "
        f"kinds on the same background. (Probability of this warning without a shortcut: at most {ERROR:g}.)",
        style="bold yellow",
        soft_wrap=True,
    )
