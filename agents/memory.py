"""Memory files: arrays and a JSON description as safetensors. Loading cannot run code."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from .errors import AgentError, FileError, MemoryFileError
from .files import parse_json, read_bytes, write_atomically
from .tensors import MAX_HEADER_BYTES, unpack

FORMAT_VERSION = 1
KEY = "cookie_jar"  # a single key: safetensors does not keep the order of several
MAX_BYTES = 1 << 28

Arrays = Mapping[str, NDArray[Any]]

version = cache(metadata.version)  # of an installed package, parsed from its metadata once


def write_memory(path: Path, arrays: Arrays, description: Mapping[str, Any]) -> None:
    """Write arrays and a JSON-able description atomically.

    Raises:
        MemoryFileError: If a number is not finite, or the written data cannot be read back unchanged.
    """
    arrays = {name: np.ascontiguousarray(array) for name, array in sorted(arrays.items())}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise MemoryFileError(f"{path}: not saved, because {name} contains numbers that are not finite")
    described = {"format_version": FORMAT_VERSION, **description}
    try:
        header = json.dumps(
            described | {"checksum": checksum(arrays, described)}, sort_keys=True, allow_nan=False
        )
    except ValueError:  # for example, the return of an episode with huge rewards
        raise MemoryFileError(
            f"{path}: not saved, because the description contains numbers that are not finite"
        ) from None
    data = save(arrays, {KEY: header})
    described_bytes = int.from_bytes(data[:8], "little")
    if len(data) > MAX_BYTES or described_bytes > MAX_HEADER_BYTES:
        raise MemoryFileError(
            f"{path}: not saved, because it would have {len(data):,} bytes with {described_bytes:,} for its "
            f"description; at most {MAX_BYTES:,} and {MAX_HEADER_BYTES:,} can be read back"
        )
    if checksum(unpack(data)[0], described) != checksum(arrays, described):
        raise MemoryFileError(
            f"{path}: the data cannot be read back unchanged; try another version of safetensors"
        )
    write_atomically(path, data)


def read_memory(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Read the arrays and the description of a file; the arrays are read-only.

    Raises:
        MemoryFileError: If the file does not exist, is not a memory file, or is damaged.
    """
    try:
        data = read_bytes(path, MAX_BYTES)
    except FileError as error:
        raise MemoryFileError(f"{error}; expected a memory file") from None
    try:
        arrays, metadata = unpack(data)
        description = parse_json(metadata[KEY], "description")
        version, found = description["format_version"], description.pop("checksum", None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        raise MemoryFileError(f"{path}: expected a file saved by Cookie Jar; {reason}") from None
    if version != FORMAT_VERSION:
        raise MemoryFileError(
            f"{path}: expected format version {FORMAT_VERSION}, got {version!r:.50}; update Cookie Jar"
        )
    if found != checksum(arrays, description):
        raise MemoryFileError(f"{path}: the file is damaged: its checksum does not match its contents")
    return arrays, description


def replace_arrays(path: Path, mine: Arrays, arrays: Arrays, purpose: str = "this environment") -> None:
    """Replace the values of arrays in place with those of a file.

    Args:
        path: The file, for messages.
        mine: The arrays to change.
        arrays: The arrays of the file.
        purpose: What the arrays must fit, for messages.

    Raises:
        MemoryFileError: If names differ, or a number is not finite.
        AgentError: If a shape or dtype differs.
    """
    if arrays.keys() != mine.keys():
        raise MemoryFileError(f"{path}: expected the arrays {sorted(mine)}, got {sorted(arrays)}")
    for name, array in mine.items():
        new = arrays[name]
        if new.shape != array.shape or new.dtype != array.dtype:
            raise AgentError(
                f"{path}: expected {name} of {array.dtype} {list(array.shape)} for {purpose}, "
                f"got {new.dtype} {list(new.shape)}"
            )
        if not np.isfinite(new).all():
            raise MemoryFileError(f"{path}: {name} contains numbers that are not finite")
        array[...] = new


def check_shapes(
    path: Path,
    shapes: Mapping[str, tuple[int, ...]],
    arrays: Arrays,
    purpose: str = "this environment",
) -> None:
    """Check the arrays of a file before arrays of these shapes are allocated.

    Raises:
        MemoryFileError: If an array is missing.
        AgentError: If a shape differs.
    """
    if not shapes.keys() <= arrays.keys():
        raise MemoryFileError(f"{path}: expected the arrays {sorted(shapes)}, got {sorted(arrays)}"[:500])
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            raise AgentError(
                f"{path}: expected {name} of {arrays[name].dtype} {list(shape)} for {purpose}, "
                f"got {arrays[name].dtype} {list(arrays[name].shape)}"
            )


def checksum(arrays: Arrays, description: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the names, dtypes, shapes and bytes of the arrays, and of the description."""
    digest = sha256(json.dumps(description, sort_keys=True).encode())
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
