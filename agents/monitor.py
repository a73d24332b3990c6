"""monitor.csv: the training episodes of a run, in the format of Stable-Baselines3's `Monitor`."""

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import FileError, NotFiniteError
from .files import append, parse_json, read_bytes, write_atomically

MAX_BYTES = 1 << 27  # about six million episodes
MAX_HEADER = 10_000  # bytes
BLOCK = 1 << 20  # bytes that are parsed together
COLUMNS = b"r,l,t\n"
BOM = b"\xef\xbb\xbf"

NUMBER = rb"(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,20})?(?:e[+-]?[0-9]{1,3})?"  # as `repr` writes it
LENGTH = rb"[1-9][0-9]{0,14}"
CUT_ROW = re.compile(rb"[-+.,e0-9]{0,100}")
ROWS = re.compile(rb"(?:-?%b,%b,%b\n)*+" % (NUMBER, LENGTH, NUMBER))

Row = tuple[float, int, float]


class Extent(NamedTuple):
    """The rows of a csv file that belong to a saved agent.

    Attributes:
        rows: The number of rows.
        bytes: The length of the header and these rows.
        sha256: The digest of the header and these rows.
    """

    rows: int
    bytes: int
    sha256: str


class Episodes(NamedTuple):
    """The contents of monitor.csv.

    Attributes:
        env_id: The id of the environment.
        start: When training started, in seconds since 1970.
        returns: float64 [n].
        lengths: int64 [n].
        seconds: Seconds of training at the end of each episode, float64 [n].
    """

    env_id: str
    start: float
    returns: NDArray[np.float64]
    lengths: NDArray[np.int64]
    seconds: NDArray[np.float64]

    @property
    def rows(self) -> list[Row]:
        """Return, length and seconds of each episode."""
        return list(zip(self.returns.tolist(), self.lengths.tolist(), self.seconds.tolist(), strict=True))

    def first(self, number: int | None) -> "Episodes":
        """Return the first episodes; all, if the number is None."""
        parts = (self.returns, self.lengths, self.seconds)
        return Episodes(self.env_id, self.start, *(part[:number] for part in parts))


def read_episodes(path: Path, until: int | None = None) -> Episodes:
    """Read the episodes of a file.

    Args:
        path: The file.
        until: The number of rows to read; later rows are ignored. By default, all rows are read, except a
            last one that was not completely written.

    Raises:
        FileError: If the file cannot be read, a row is not valid, or there are fewer rows than `until`.
    """
    data = read_bytes(path, MAX_BYTES).removeprefix(BOM).replace(b"\r\n", b"\n")
    env_id, start = _read_header(path, data)
    columns, end = _parse_rows(data, data.index(b"\n") + 1 + len(COLUMNS), until)
    episodes = Episodes(env_id, start, *columns).first(until)
    _check_numbers(path, episodes)
    count = len(episodes.returns)
    rest = data[end : end + 200]
    if count != until and (b"\n" in rest or not CUT_ROW.fullmatch(rest)):
        raise FileError(
            f"{path}, line {count + 3}: expected RETURN,LENGTH,SECONDS with a length of at least 1, "
            f"got {rest.splitlines()[0]!r:.80}"
        )
    if until is not None and count < until:
        raise FileError(f"{path}: expected {until:,} whole rows of episodes, got {count:,}")
    return episodes


class Monitor:
    """Writes and reads monitor.csv.

    Attributes:
        rows: The number of rows written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows = self._bytes = 0
        self._all, self._played = sha256(), sha256()

    @property
    def extent(self) -> Extent:
        """The extent of all rows written."""
        return Extent(self.rows, self._bytes, self._all.hexdigest())

    @property
    def played(self) -> str:
        """The digest of returns and lengths, which are the same for the same seed."""
        return self._played.hexdigest()

    def begin(self, env_id: str, start: float) -> None:
        """Start a new file, replacing an old one."""
        write_atomically(self._path, self._begin(env_id, start))

    def read(self) -> tuple[float, list[Row]]:
        """Return the start time in seconds since 1970, and the return, length and seconds of each episode.

        Raises:
            FileError: If the file cannot be read, or is not valid.
        """
        episodes = read_episodes(self._path)
        return episodes.start, episodes.rows

    def truncate(self, episodes: int) -> list[Row]:
        """Return the first `episodes` rows, and delete later rows, whose episodes will be repeated.

        Raises:
            FileError: If the file cannot be read, or its first rows are not valid.
        """
        kept = read_episodes(self._path, episodes)
        write_atomically(self._path, self.take(kept))
        return kept.rows

    def take(self, episodes: Episodes) -> bytes:
        """Count some episodes as written, and return the contents of a file with them."""
        header = self._begin(episodes.env_id, episodes.start)
        return header + self._add(episodes.rows)

    def write(self, returns: Iterable[float], lengths: Iterable[int], seconds: float) -> None:
        """Append the returns and lengths of episodes that ended after some seconds of training.

        Raises:
            NotFiniteError: If a return is not finite; nothing is written.
            OSError: If the file cannot be written.
        """
        rounded = [round(float(value), 6) for value in returns]
        if not np.isfinite(rounded).all():
            bad = next(value for value in rounded if not np.isfinite(value))
            raise NotFiniteError(f"expected episodes with finite returns, got {bad}")
        now = round(seconds, 6)
        rows = [(value, length, now) for value, length in zip(rounded, lengths, strict=True)]
        append(self._path, self._add(rows))

    def _begin(self, env_id: str, start: float) -> bytes:
        """Return the header, and count it."""
        header = json.dumps({"t_start": start, "env_id": env_id})
        data = f"#{header}\n".encode() + COLUMNS
        self.rows, self._bytes = 0, len(data)
        self._all, self._played = sha256(data), sha256()
        return data

    def _add(self, rows: Sequence[Row]) -> bytes:
        """Return the text of some rows, and count them."""
        data = "".join([f"{value!r},{length},{seconds!r}\n" for value, length, seconds in rows]).encode()
        self._all.update(data)
        self._played.update("".join([f"{value!r},{length}\n" for value, length, _ in rows]).encode())
        self.rows += len(rows)
        self._bytes += len(data)
        return data


def _read_header(path: Path, data: bytes) -> tuple[str, float]:
    """Return the environment's id and the start."""
    first, _, rest = data[:MAX_HEADER].partition(b"\n")
    try:
        text = first.decode()
    except UnicodeDecodeError:
        raise FileError(f"{path}, line 1: expected text in UTF-8") from None
    if not text.startswith("#"):
        raise FileError(f'{path}, line 1: expected #{{"t_start": ..., "env_id": ...}}, got {text!r:.80}')
    header = parse_json(text[1:], f"{path}, line 1")
    if not isinstance(header, dict) or header.keys() != {"t_start", "env_id"}:
        raise FileError(f"{path}, line 1: expected the keys t_start and env_id, got {text!r:.80}")
    env_id, start = header["env_id"], header["t_start"]
    if type(start) not in (int, float) or not 0 <= start < 1e12 or not isinstance(env_id, str):
        raise FileError(f"{path}, line 1: expected seconds and the id of an environment, got {text!r:.80}")
    if not rest.startswith(COLUMNS):
        raise FileError(f"{path}, line 2: expected r,l,t, got {rest[:80]!r:.80}")
    return env_id, float(start)


def _parse_rows(data: bytes, position: int, until: int | None) -> tuple[list[NDArray[Any]], int]:
    """Return the columns of valid rows, and the position after the last of these rows."""
    kinds, dtypes = (float, int, float), (np.float64, np.int64, np.float64)
    parts: list[list[NDArray[Any]]] = [[np.empty(0, dtype)] for dtype in dtypes]
    count = 0
    while until is None or count < until:
        match = ROWS.match(data, position, position + BLOCK)
        if match is None or match.end() == position:
            break
        cells = data[position : match.end() - 1].replace(b"\n", b",").split(b",")
        for number, (column, kind, dtype) in enumerate(zip(parts, kinds, dtypes, strict=True)):
            column.append(np.array(list(map(kind, cells[number::3])), dtype))
        count += len(cells) // 3
        position = match.end()
    return [np.concatenate(column) for column in parts], position


def _check_numbers(path: Path, episodes: Episodes) -> None:
    """Check that numbers are finite, and that seconds do not decrease."""
    _, _, returns, lengths, seconds = episodes
    bad = ~np.isfinite(returns) | ~np.isfinite(seconds) | (np.diff(seconds, prepend=0.0) < 0)
    if bad.any():
        row = int(bad.argmax())
        raise FileError(
            f"{path}, line {row + 3}: expected finite numbers, and seconds that do not decrease, "
            f"got {float(returns[row])!r},{lengths[row]},{float(seconds[row])!r}"
        )
