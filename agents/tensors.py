"""Reading the safetensors format: a JSON header, then the bytes of all arrays, which are not copied."""

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .files import parse_json

MAX_HEADER_BYTES = 1 << 22
MAX_DIMENSIONS = 16
DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?",
}  # fmt: skip


def unpack(data: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the arrays of a safetensors file, as read-only views of its bytes, and its metadata.

    Raises:
        ValueError: If the data is not such a file.
    """
    length = int.from_bytes(data[:8], "little")
    if not 2 <= length <= min(len(data) - 8, MAX_HEADER_BYTES):
        raise ValueError(f"its header claims {length:,} bytes")
    header = parse_json(data[8 : 8 + length].decode(), "header")
    if not isinstance(header, dict) or not isinstance(header.get("__metadata__"), dict):
        raise ValueError("expected a header with metadata")
    metadata: dict[str, Any] = header.pop("__metadata__")
    arrays, position, start = {}, 0, 8 + length
    for name, entry in sorted(header.items(), key=lambda item: _offsets(item[1])):
        dtype, shape, (begin, end) = DTYPES[entry["dtype"]], entry["shape"], _offsets(entry)
        if not (isinstance(shape, list) and len(shape) <= MAX_DIMENSIONS and all(map(_is_count, shape))):
            raise ValueError(f"{name!r:.50}: expected a shape, got {shape!r:.50}")
        size = prod(shape) * np.dtype(dtype).itemsize
        if start + end > len(data):
            raise ValueError(
                f"the file is cut off: expected at least {start + end:,} bytes, got {len(data):,}"
            )
        if begin != position or end - begin != size:
            raise ValueError(
                f"{name!r:.50}: expected bytes {position} to {position + size}, got {begin} to {end}"
            )
        flat = np.frombuffer(data, dtype, prod(shape), start + begin) if size else np.empty(0, dtype)
        arrays[name] = flat.reshape(shape)
        position = end
    if start + position != len(data):
        raise ValueError(f"expected {start + position:,} bytes, got {len(data):,}")
    return arrays, metadata


def _offsets(entry: Any) -> tuple[int, int]:
    """Return where an array begins and ends."""
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"expected dtype, shape and data_offsets, got {entry!r:.50}")
    offsets = entry["data_offsets"]
    if not (isinstance(offsets, list) and len(offsets) == 2 and all(map(_is_count, offsets))):
        raise ValueError(f"expected two offsets, got {offsets!r:.50}")
    return offsets[0], offsets[1]


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 40
