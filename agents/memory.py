"""Memory on disk: arrays of numbers and a description in one file that cannot run code."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from .errors import MemoryFileError

FORMAT_VERSION = 1
KEY = "cookie_jar"  # one key: safetensors writes several in an order of its own
MAX_BYTES = 1 << 31


def write_memory(path: Path, arrays: Mapping[str, NDArray[Any]], description: Mapping[str, Any]) -> None:
    """Write arrays and a JSON-able description; a reader sees the old file or the new one, never half."""
    header = json.dumps({"format_version": FORMAT_VERSION, **description}, sort_keys=True, allow_nan=False)
    contiguous = {name: np.ascontiguousarray(array) for name, array in sorted(arrays.items())}
    for name, array in contiguous.items():
        if not np.isfinite(array).all():
            raise MemoryFileError(f"{path}: not saved, because {name} holds numbers that are not finite")
    data = save(contiguous, {KEY: header})
    written = load(data)
    if any(not np.array_equal(written[name], array) for name, array in contiguous.items()):
        raise MemoryFileError(f"{path}: the file does not hold what was to be saved; try another safetensors")
    write_atomically(path, data)


def read_memory(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays and the description of a file.

    Raises:
        MemoryFileError: there is no such file, or it is not a memory.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MemoryFileError(f"{path}: expected at most {MAX_BYTES} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise MemoryFileError(f"{path}: expected a memory file; {error.strerror}") from None
    try:
        arrays = load(data)
        length = int.from_bytes(data[:8], "little")
        text = json.loads(data[8 : 8 + length])["__metadata__"][KEY]
        description = json.loads(text, parse_constant=_refuse_constant)
        version = description["format_version"]
    except (SafetensorError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        raise MemoryFileError(f"{path}: expected a memory saved by an agent; {reason}") from None
    if version != FORMAT_VERSION:
        raise MemoryFileError(
            f"{path}: expected format version {FORMAT_VERSION}, got {version!r}; update Cookie Jar"
        )
    return arrays, description


def _refuse_constant(name: str) -> float:
    raise ValueError(f"expected finite numbers, got {name}")


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file under a temporary name beside it, flush it to the disk, then give it its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
