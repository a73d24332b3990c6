"""Files: the one place that reads them, and atomic writes: a reader sees the old file or the new one."""

import csv
import errno
import io
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NoReturn

from .errors import FileError, shown
from .held import named, patiently

MAX_PATH = 4_096  # bytes of a path
MAX_BYTES = 1 << 24  # of a text file, unless a caller sets another limit
PART = re.compile(r"\.(?P<name>.+)\.(?P<process>[1-9][0-9]{0,8})\.part", re.ASCII)
MAX_JSON_BYTES = 1 << 22  # JSON takes more memory than its text
FORMULA = ("=", "+", "-", "@", "\t", "\n")  # first characters that spreadsheets may evaluate
NUMBER = r"[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|inf|nan)"
LFS_POINTER = b"version https://git-lfs"


def checked_path(path: Any) -> Path:
    """Return a path.

    Raises:
        FileError: If the value cannot be the path of a file or a folder.
    """
    try:
        encoded = os.fsencode(Path(path))
        usable = b"\0" not in encoded and len(encoded) < MAX_PATH
    except (TypeError, ValueError):  # not a path, or not encodable
        usable = False
    if not usable:
        raise FileError(f"expected the path of a file or a folder, got {shown(path)}")
    return Path(path)


def with_suffix(path: str | Path) -> Path:
    """Return the path, ending in ".safetensors".

    Raises:
        FileError: If it cannot be the path of a file.
    """
    path = checked_path(path)
    if path.name in ("", ".."):
        raise FileError(f"expected the path of a file, got {shown(str(path))}")
    return path if path.suffix == ".safetensors" else path.with_name(path.name + ".safetensors")


def read_bytes(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the contents of a regular file of at most `max_bytes` bytes.

    Devices, pipes and directories are never read, also not through links.

    Raises:
        FileError: If there is no such regular file, or it is too large, not readable, or a Git LFS pointer.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = patiently(path, lambda: os.open(path, flags), os.R_OK)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise FileError(f"{path}: expected a file, got {_kind(status.st_mode)}")
            with open(descriptor, "rb", closefd=False) as file:
                data = file.read(status.st_size + 1) if status.st_size <= max_bytes else b""
                if len(data) > status.st_size:  # the file grows
                    data += file.read(max_bytes + 1 - len(data))
        finally:
            os.close(descriptor)
    except FileError:
        raise
    except OSError as error:
        if path.is_dir():  # Windows opens no folder
            raise FileError(f"{path}: expected a file, got a folder") from None
        raise FileError(f"{path}: cannot be read; {error.strerror}") from None
    except ValueError as error:  # for example, a NUL in the path
        raise FileError(f"{str(path)!r}: not a valid path; {error}") from None
    if max(status.st_size, len(data)) > max_bytes:
        raise FileError(f"{path}: expected a file of at most {max_bytes:,} bytes, got a larger one")
    if data.startswith(LFS_POINTER):
        raise FileError(f"{path}: expected the file, got a Git LFS pointer to it; run: git lfs pull")
    return data


def read_text(path: Path, max_bytes: int = MAX_BYTES) -> str:
    """Return the text of a UTF-8 file, without a byte order mark. See `read_bytes`.

    Raises:
        FileError: If the file cannot be read, or is not UTF-8.
    """
    try:
        return read_bytes(path, max_bytes).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: expected text in UTF-8, got other bytes at {error.start:,}") from None


def read_json(path: Path, max_bytes: int = MAX_JSON_BYTES) -> Any:
    """Return the value of a JSON file. See `parse_json`.

    Raises:
        FileError: If the file cannot be read, or is not valid.
    """
    return parse_json(read_text(path, max_bytes), str(path))


def parse_json(text: str, source: str, *, nan: bool = False) -> Any:
    """Return the value of a JSON text, in which keys are unique and numbers finite.

    Args:
        text: The text.
        source: The file and perhaps the line, for messages.
        nan: Whether NaN is a number too, which stands for an unknown number.

    Raises:
        FileError: If the text is not valid.
    """
    constant = _nan if nan else _refuse_constant
    try:
        return json.loads(text, parse_constant=constant, parse_float=_finite, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise FileError(f"{source}: expected JSON; {str(error)[:200]}") from None


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file under a temporary name in the same folder, flush it to disk, then rename it.

    A link is replaced by the file; its target stays as it is. A device, a pipe or a socket is not replaced.
    If another program holds the file, the attempts go on for two seconds; see `held`.

    Raises:
        OSError: If the file cannot be written; `filename` is the path.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if _is_special(path):
            raise OSError(errno.EINVAL, "expected a regular file, got a device, a pipe or a socket")
        patiently(path, lambda: path.parent.mkdir(parents=True, exist_ok=True))
        try:
            patiently(path, lambda: temporary.unlink(missing_ok=True))
            write_to_disk(patiently(path, lambda: temporary.open("xb")), data)
            patiently(path, lambda: temporary.replace(path))
        except BaseException:
            with suppress(OSError):  # the first error counts
                temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise named(error, path) from None


def write_to_disk(file: IO[bytes], data: bytes, *, flushed: bool = True) -> None:
    """Write data to an open file, flush them to the disk if `flushed`, and close the file."""
    try:
        file.write(data)
        file.flush()
        if flushed:
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):  # the first error counts
            file.close()
        raise
    file.close()


def _is_special(path: Path) -> bool:
    """Return whether a path is a device, a pipe or a socket."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISLNK(mode) or stat.S_ISDIR(mode))


def append(path: Path, data: bytes) -> None:
    """Append to a file that exists and is not a link.

    Raises:
        OSError: If the data cannot be written; `filename` is the path.
    """
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = patiently(path, lambda: os.open(path, flags))
        write_to_disk(os.fdopen(descriptor, "wb"), data, flushed=False)
    except OSError as error:
        raise named(error, path) from None


def delete(path: Path) -> None:
    """Delete a file; a link, a folder, or a path that does not exist stays as it is."""
    if is_regular(path):
        patiently(path, lambda: path.unlink(missing_ok=True))


def is_regular(path: Path) -> bool:
    """Return whether a path is a regular file, and not a link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def delete_parts(folder: Path, is_name: Callable[[str], bool]) -> None:
    """Delete the temporary files that `write_atomically` left in a folder when its process was killed.

    Args:
        folder: The folder.
        is_name: Whether a file of this name is written there.
    """
    for path in folder.glob(".*.part"):
        match = PART.fullmatch(path.name)
        if match is not None and is_name(match["name"]) and not _lives(int(match["process"])):
            delete(path)


def write_table(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a small csv file atomically; a text that spreadsheets would take for a formula begins with '."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerows([_cell(value) for value in row] for row in (header, *rows))
    write_atomically(path, text.getvalue().encode())


def _cell(value: Any) -> Any:
    """Return a value for a csv file; numbers remain numbers, also as text."""
    if not isinstance(value, str) or re.fullmatch(NUMBER, value):
        return value
    text = value.replace("\r", "\n")  # Python 3.11 does not quote a carriage return
    return f"'{text}" if text.startswith(FORMULA) else text


def _kind(mode: int) -> str:
    """Return what a path is that is not a regular file."""
    kinds = {stat.S_ISDIR: "a folder", stat.S_ISFIFO: "a pipe", stat.S_ISSOCK: "a socket"}
    return next((kind for test, kind in kinds.items() if test(mode)), "a device")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"expected finite numbers, got {name}")


def _nan(name: str) -> float:
    return float(name) if name == "NaN" else _refuse_constant(name)


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"expected finite numbers, got {text[:50]}")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs as a dict; a repeated key would hide a value."""
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise ValueError(f"expected each key once, got {key!r:.80} again")
        values[key] = value
    return values


def _lives(process: int) -> bool:
    """Return whether a process may be alive."""
    if sys.platform == "win32":  # there, a signal would end the process
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return process != os.getpid()  # this process writes no other file now
