"""Reading `metadata.csv`, which lists picture files with their labels and attributes."""

import csv
import math
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from cookie_jar.agents import FileError
from cookie_jar.agents.files import NUMBER, read_text
from cookie_jar.envs.cookies.recipe import ATTRIBUTES
from cookie_jar.scripts.common.dataset import LARGEST_NUMBER

METADATA_FILE = "metadata.csv"
FILE, LABEL, PICTURE_NUMBER = "file_name", "label", "number"


class Entry(NamedTuple):
    """A row; None where the file has no such column.

    Attributes:
        label: The name of the kind.
        number: The number of the picture.
        attributes: The values of `ATTRIBUTES`.
    """

    label: str | None
    number: int | None
    attributes: tuple[float, ...] | None


NO_ENTRY = Entry(None, None, None)


def read_metadata(path: Path, files: set[str]) -> dict[str, Entry]:
    """Return the rows by the names of their files; other columns than those of `Entry` are ignored.

    Args:
        path: The file.
        files: The names of all picture files, relative to the folder, with slashes.

    Raises:
        FileError: If the file is not valid, or does not list every picture once.
    """
    try:
        rows = list(csv.reader(StringIO(read_text(path)), strict=True))
    except csv.Error as error:
        raise FileError(f"{path}: expected a csv file; {error}") from None
    header = rows[0] if rows else []
    _check_header(path, header)
    entries: dict[str, Entry] = {}
    numbers: set[int] = set()
    for line, row in enumerate(rows[1:], 2):
        place = f"{path}, line {line}"
        if len(row) != len(header):
            raise FileError(f"{place}: expected {len(header)} values, got {len(row)}")
        values = dict(zip(header, row, strict=True))
        name = values[FILE].removeprefix("'")  # written before a name that spreadsheets take for a formula
        if name not in files or name in entries:
            found = "which is listed twice" if name in entries else "which is not in the folder"
            raise FileError(f"{place}: expected the name of a picture file, got {name!r:.200}, {found}")
        entries[name] = entry = _entry(place, values)
        if entry.number is not None and entry.number in numbers:
            raise FileError(f"{place}: expected each number once, got {entry.number} again")
        numbers |= set() if entry.number is None else {entry.number}
    if missing := sorted(files - entries.keys()):
        raise FileError(f"{path}: expected every picture file, got no line for {missing[0]!r:.200}")
    return entries


def _check_header(path: Path, header: Sequence[str]) -> None:
    if FILE not in header or len(set(header)) < len(header):
        raise FileError(
            f"{path}: expected a column {FILE}, and each column once, got {','.join(header)!r:.200}"
        )
    known = set(ATTRIBUTES) & set(header)
    if known and len(known) < len(ATTRIBUTES):
        missing = ", ".join(name for name in ATTRIBUTES if name not in known)
        raise FileError(f"{path}: expected all attributes or none, got no column {missing}")


def _entry(place: str, values: dict[str, str]) -> Entry:
    """Return the checked values of a row."""
    number = None
    if PICTURE_NUMBER in values:
        text = values[PICTURE_NUMBER]
        number = int(text) if re.fullmatch("[0-9]{1,16}", text, re.ASCII) else LARGEST_NUMBER
        if number >= LARGEST_NUMBER:
            raise FileError(f"{place}: expected the number of a picture, got {text!r:.50}")
    attributes = None
    if ATTRIBUTES[0] in values:
        attributes = tuple(_number(place, name, values[name]) for name in ATTRIBUTES)
    return Entry(values.get(LABEL), number, attributes)


def _number(place: str, name: str, text: str) -> float:
    value = float(text) if re.fullmatch(NUMBER, text, re.ASCII) else math.nan
    if not math.isfinite(value):
        raise FileError(f"{place}: expected a finite number for {name}, got {text!r:.50}")
    return value
