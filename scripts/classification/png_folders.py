"""Writing PNG files in folders by kind, as torchvision's ImageFolder and Hugging Face read them."""

import io
import os
from collections.abc import Sequence
from pathlib import Path

from cookie_jar.agents.files import write_table
from cookie_jar.agents.moving import (
    create,
    make_folder,
    make_new_folder,
    remove_empty,
    remove_unfinished,
    rename,
)
from cookie_jar.envs.cookies.recipe import ATTRIBUTES
from cookie_jar.scripts.classification.metadata import FILE, LABEL, METADATA_FILE, PICTURE_NUMBER
from cookie_jar.scripts.common.console import Console, UsageError, progress_bar
from cookie_jar.scripts.common.dataset import Dataset
from cookie_jar.scripts.common.names import first_twins, name_fault


def check_new_folder(folder: Path) -> None:
    """Check that a folder is new or empty.

    Raises:
        UsageError: If it is not.
    """
    if folder.is_symlink() or (folder.is_dir() and any(folder.iterdir())):
        raise UsageError(
            f"--png: expected a new or empty folder, but {folder} holds files; choose another one"
        )


def check_kinds(kinds: Sequence[str]) -> None:
    """Check that every system can hold a folder for each kind.

    Raises:
        UsageError: If it cannot.
    """
    for kind in kinds:
        if reason := name_fault(kind):
            raise UsageError(f"--png: expected kinds that can name folders, got {kind!r:.100}: {reason}")
    if twins := first_twins(kinds):
        raise UsageError(
            f"--png: expected kinds that can name folders, got {twins[0]!r:.50} and {twins[1]!r:.50}, "
            "which differ only in case or in the form of accents"
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
    make_folder(part.parent)
    make_new_folder(part)
    try:
        names = _names(dataset)
        for kind in {name.partition("/")[0] for name in names}:
            make_new_folder(part / kind)
        with progress_bar(console) as bar:
            for name, pixels in bar.track(
                list(zip(names, dataset.pictures, strict=True)), description="writing PNG files"
            ):
                Image.fromarray(pixels).save(png := io.BytesIO(), "PNG")
                create(part / name, png.getvalue())
        write_table(part / METADATA_FILE, *_metadata(dataset, names))
        if folder.is_dir():
            remove_empty(folder)
        rename(part, folder)
    except BaseException:
        remove_unfinished(part)
        raise


def _names(dataset: Dataset) -> list[str]:
    """Return the name of the file of each picture, such as "raisin/000007.png"."""
    pairs = zip(dataset.labels.tolist(), dataset.numbers.tolist(), strict=True)
    return [f"{dataset.kinds[label]}/{number:06}.png" for label, number in pairs]


def _metadata(dataset: Dataset, names: Sequence[str]) -> tuple[list[str], list[list[object]]]:
    header = [FILE, LABEL, PICTURE_NUMBER]
    kinds = [dataset.kinds[label] for label in dataset.labels.tolist()]
    rows: list[list[object]] = [list(row) for row in zip(names, kinds, dataset.numbers.tolist(), strict=True)]
    if dataset.attributes is not None:
        header += ATTRIBUTES
        rows = [[*row, *values] for row, values in zip(rows, dataset.attributes.tolist(), strict=True)]
    return header, rows
