"""Names of files and folders that every system can hold: Windows, macOS and Linux.

A run, a data set or a result that was made on one system is opened on another. What a program creates is
therefore checked; what exists can be read whatever its name is.
"""

import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

MOST_BYTES = 230  # of a name; systems allow 255, and a temporary file of it has some more
FORBIDDEN = '<>:"/\\|?*'
DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ ]*(\..*)?", re.IGNORECASE | re.DOTALL
)
NO_FOLDER = r"\.(json|safetensors)$"  # end of a name that programs take for that of a file
UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")  # control characters, halves of characters, ends of lines


def name_fault(name: str) -> str | None:
    """Return why a system cannot hold a name, or None."""
    for character in name:
        if character in FORBIDDEN:
            return f"the character {character} is not allowed on every system"
        if unicodedata.category(character) in UNPRINTABLE:
            return f"{character!a} is a control character"
    if name.endswith((".", " ")):
        return "Windows drops a dot or a space at the end of a name"
    if DEVICE.fullmatch(name):
        return f"{name.partition('.')[0].strip()} is a device on Windows"
    if (length := len(name.encode())) > MOST_BYTES:
        return f"a name has at most {MOST_BYTES} bytes, and this one {length:,}"
    return None if name else "a name is not empty"


def is_plain(name: str) -> bool:
    """Return whether a name can be used for a folder on all systems and typed as an argument."""
    return not (
        name_fault(name)
        or name != name.strip()
        or re.match(r"[-.]", name)
        or re.search(NO_FOLDER, name, re.IGNORECASE)
        or any(unicodedata.category(character) == "Cf" for character in name)
    )


def path_fault(path: Path) -> str | None:
    """Return why a file or a folder should not be created at a path, with another name for it, or None.

    Parts of the path that exist already are not checked.
    """
    for place in (*reversed(path.parents), path):
        if place.name in ("", "..") or os.path.lexists(place):
            continue
        if reason := name_fault(place.name):
            other = place.with_name(portable(place.name))
            return f"expected a name for all systems, got {place.name!r:.100}: {reason}; for example: {other}"
        if twin := twin_of(place):
            return (
                f"{str(place)!r}: {twin.name!r} exists and differs only in case or in the form of accents; "
                "other systems cannot hold both: choose another name"
            )
    return None


def twin_of(path: Path) -> Path | None:
    """Return what exists beside a path under another name that some systems do not tell from its name."""
    try:
        names = os.listdir(path.parent)
    except OSError:
        return None
    key = _key(path.name)
    return next((path.with_name(name) for name in names if name != path.name and _key(name) == key), None)


def first_twins(names: Iterable[str]) -> tuple[str, str] | None:
    """Return the first two of different names that some systems do not tell apart, or None."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(_key(name), name)
        if other != name:
            return other, name
    return None


def portable(name: str) -> str:
    """Return a similar name that all systems can hold."""
    stem, _, suffix = (_plain(part) for part in unicodedata.normalize("NFC", name).rpartition("."))
    if not stem:
        stem, suffix = suffix, ""
    if DEVICE.fullmatch(stem) or not stem:
        first, dot, rest = (stem or "name").partition(".")
        stem = f"{first.strip()}-1{dot}{rest}"
    suffix = f".{suffix}" if suffix and len(suffix) < 20 else ""
    return stem.encode()[: MOST_BYTES - 20 * 4].decode(errors="ignore").rstrip(" .-") + suffix


def _plain(part: str) -> str:
    """Return a part of a name in which hyphens replace what some systems do not allow."""
    bad = {c for c in part if c in FORBIDDEN or unicodedata.category(c) in (*UNPRINTABLE, "Cf")}
    kept = "".join("-" if character in bad else character for character in part)
    return re.sub(r"-{2,}", "-", kept).strip().strip(" .-").strip()


def _key(name: str) -> str:
    """Return the same text for names that differ in case, or in the normal form of Unicode."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())
