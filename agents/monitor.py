"""monitor.csv: the training episodes of a run: return, length, seconds, and the step of the run at the end.

The first three columns are those of Stable-Baselines3's `Monitor`, whose readers ignore the fourth. Files of
earlier versions have three.
"""

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import FileError, NotFiniteError
from .files import append, parse_json, read_bytes, write_atomically

MAX_BYTES = 1 << 26  # about two million episodes, if the number of rows is not known
MAX_ROW_BYTES = 400  # on average, with the rows after those that belong to the agent
MAX_HEADER = 10_000  # bytes
BLOCK = 1 << 20  # bytes that are parsed together
ROWS_OF_BLOCK = 1 << 15  # that are written together
BOM = b"\xef\xbb\xbf"
COLUMNS, OLD_COLUMNS = b"r,l,t,steps\n", b"r,l,t\n"
UNKNOWN_END = -1  # in files of earlier versions

NUMBER = rb"(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,20})?(?:e[+-]?[0-9]{1,3})?"  # as `repr` writes it
WHOLE = rb"[1-9][0-9]{0,14}"
OLD_ROWS = re.compile(rb"(?:-?%b,%b,%b\n)*+" % (NUMBER, WHOLE, NUMBER))
ROWS = re.compile(rb"(?:-?%b,%b,%b,(?:%b)?\n)*+" % (NUMBER, WHOLE, NUMBER, WHOLE))
CUT_ROW = re.compile(rb"[-+.,e0-9]{0,100}")


class TrainingEpisode(NamedTuple):
    """A row of the record of training episodes.

    Attributes:
        episode_return: The return.
        length: The number of actions.
        seconds: Seconds of training when the episode was recorded.
        end: The value of `num_timesteps` when the episode ended, or `UNKNOWN_END` in old files.
    """

    episode_return: float
    length: int
    seconds: float
    end: int


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
        seconds: Seconds of training when each episode was recorded, float64 [n].
        ends: The value of `num_timesteps` at the end of each episode, or `UNKNOWN_END`, int64 [n].
    """

    env_id: str
    start: float
    returns: NDArray[np.float64]
    lengths: NDArray[np.int64]
    seconds: NDArray[np.float64]
    ends: NDArray[np.int64]

    @property
    def rows(self) -> list[TrainingEpisode]:
        """The episodes, one by one."""
        columns = (column.tolist() for column in self[2:])
        return list(map(TrainingEpisode._make, zip(*columns, strict=True)))

    def first(self, number: int | None) -> "Episodes":
        """Return the first episodes; all, if the number is None."""
        kept: list[Any] = [column[:number] for column in self[2:]]
        return Episodes(self.env_id, self.start, *kept)


def read_episodes(path: Path, until: int | None = None, max_bytes: int = MAX_BYTES) -> Episodes:
    """Read the episodes of a file.

    Args:
        path: The file.
        until: The number of rows to read; later rows are ignored. By default, all rows are read, except a
            last one that was not completely written.
        max_bytes: The largest size of the file.

    Raises:
        FileError: If the file cannot be read, a row is not valid, or there are fewer rows than `until`.
    """
    data = read_bytes(path, max_bytes).removeprefix(BOM).replace(b"\r\n", b"\n")
    env_id, start = _read_header(path, data)
    columns, end = _parse_rows(data, until)
    episodes = Episodes(env_id, start, *columns).first(until)
    _check_numbers(path, episodes)
    count = len(episodes.returns)
    rest = data[end : end + 200]
    if count != until and (b"\n" in rest or not CUT_ROW.fullmatch(rest)):
        raise FileError(
            f"{path}, line {count + 3}: expected return, length of at least 1, seconds and step, "
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
        """The digest of returns, lengths and ends, which are the same for the same seed."""
        return self._played.hexdigest()

    def begin(self, env_id: str, start: float) -> None:
        """Start a new file, replacing an old one."""
        write_atomically(self._path, self._begin(env_id, start))

    def read(self) -> tuple[float, list[TrainingEpisode]]:
        """Return the start time in seconds since 1970, and the episodes.

        Raises:
            FileError: If the file cannot be read, or is not valid.
        """
        episodes = read_episodes(self._path)
        return episodes.start, episodes.rows

    def truncate(self, episodes: int) -> list[TrainingEpisode]:
        """Return the first `episodes` rows, and delete later rows, whose episodes will be repeated.

        Raises:
            FileError: If the file cannot be read, or its first rows are not valid.
        """
        kept = read_episodes(self._path, episodes)
        write_atomically(self._path, self.take(kept))
        return kept.rows

    def take(self, episodes: Episodes) -> bytes:
        """Count some episodes as written, and return the contents of a file with them."""
        blocks = (
            [column[first : first + ROWS_OF_BLOCK].tolist() for column in episodes[2:]]
            for first in range(0, len(episodes.returns), ROWS_OF_BLOCK)
        )
        header = self._begin(episodes.env_id, episodes.start)
        return b"".join([header, *(self._add(*block) for block in blocks)])

    def write(
        self, returns: Iterable[float], lengths: Iterable[int], ends: Iterable[int], seconds: float
    ) -> None:
        """Append the returns, lengths and ends of episodes that ended after some seconds of training.

        Raises:
            NotFiniteError: If a return is not finite; nothing is written.
            OSError: If the file cannot be written.
        """
        rounded = [round(float(value), 6) for value in returns]
        if not np.isfinite(rounded).all():
            bad = next(value for value in rounded if not np.isfinite(value))
            raise NotFiniteError(f"expected episodes with finite returns, got {bad}")
        now = [round(seconds, 6)] * len(rounded)
        append(self._path, self._add(rounded, lengths, now, ends))

    def _begin(self, env_id: str, start: float) -> bytes:
        """Return the header, and count it."""
        header = json.dumps({"t_start": start, "env_id": env_id})
        data = f"#{header}\n".encode() + COLUMNS
        self.rows, self._bytes = 0, len(data)
        self._all, self._played = sha256(data), sha256()
        return data

    def _add(
        self, returns: list[float], lengths: Iterable[int], seconds: list[float], ends: Iterable[int]
    ) -> bytes:
        """Return the text of some rows, and count them."""
        text = (
            map(repr, returns),
            map(str, lengths),
            ("" if end == UNKNOWN_END else str(end) for end in ends),
        )
        played = list(zip(*text, strict=True))
        rows = [f"{r},{length},{t!r},{end}\n" for (r, length, end), t in zip(played, seconds, strict=True)]
        data = "".join(rows).encode()
        self._all.update(data)
        self._played.update("".join(map("%s,%s,%s\n".__mod__, played)).encode())
        self.rows += len(rows)
        self._bytes += len(data)
        return data


def known_ends(episodes: Sequence[TrainingEpisode], n_envs: int) -> list[TrainingEpisode]:
    """Return the episodes whose end is known.

    Files of earlier versions do not say where an episode ended. In one environment, the end is the sum of the
    lengths so far; with more environments, these episodes are left out.

    Args:
        episodes: All episodes of a run, from the first.
        n_envs: The number of environments of the agent.
    """
    if n_envs == 1:
        sums = accumulate(episode.length for episode in episodes)
        episodes = [
            episode if episode.end != UNKNOWN_END else episode._replace(end=end)
            for episode, end in zip(episodes, sums, strict=True)
        ]
    return [episode for episode in episodes if episode.end != UNKNOWN_END]


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
    if not isinstance(header, dict) or not {"t_start"} <= header.keys() <= {"t_start", "env_id"}:
        raise FileError(f"{path}, line 1: expected the keys t_start and env_id, got {text!r:.80}")
    env_id, start = header.get("env_id", ""), header["t_start"]
    if type(start) not in (int, float) or not 0 <= start < 1e12 or not isinstance(env_id, str):
        raise FileError(f"{path}, line 1: expected seconds and the id of an environment, got {text!r:.80}")
    if not rest.startswith((COLUMNS, OLD_COLUMNS)):
        raise FileError(f"{path}, line 2: expected {COLUMNS.decode().strip()}, got {rest[:80]!r:.80}")
    return env_id, float(start)


def _parse_rows(data: bytes, until: int | None) -> tuple[list[NDArray[Any]], int]:
    """Return the columns of valid rows, and the position after the last of these rows."""
    position = data.index(b"\n") + 1
    old = data.startswith(OLD_COLUMNS, position)
    position += len(OLD_COLUMNS if old else COLUMNS)
    kinds = (float, int, float, _end)[: 3 if old else 4]
    most = data.count(b"\n", position)
    columns = [np.full(most, UNKNOWN_END, dtype) for dtype in (np.float64, np.int64, np.float64, np.int64)]
    count = 0
    while until is None or count < until:
        match = (OLD_ROWS if old else ROWS).match(data, position, position + BLOCK)
        # `*+` before Python 3.11.5 also consumes the start of a row that does not match.
        end = data.rfind(b"\n", position, match.end()) + 1 if match else 0
        if not end:
            break
        cells = data[position : end - 1].replace(b"\n", b",").split(b",")
        before, count = count, count + len(cells) // len(kinds)
        for number, kind in enumerate(kinds):
            columns[number][before:count] = list(map(kind, cells[number :: len(kinds)]))
        position = end
    return [column[:count] for column in columns], position


def _end(cell: bytes) -> int:
    return int(cell) if cell else UNKNOWN_END


def _check_numbers(path: Path, episodes: Episodes) -> None:
    """Check that numbers are finite, and that seconds and steps do not decrease."""
    _, _, returns, lengths, seconds, ends = episodes
    bad = ~np.isfinite(returns) | ~np.isfinite(seconds) | ((ends != UNKNOWN_END) & (ends < lengths))
    bad[1:] |= (seconds[1:] < seconds[:-1]) | (ends[1:] < ends[:-1])
    if bad.any():
        row = int(bad.argmax())
        raise FileError(
            f"{path}, line {row + 3}: expected finite numbers, and seconds and steps that do not decrease, "
            f"got {float(returns[row])!r},{lengths[row]},{float(seconds[row])!r},{ends[row]}"
        )
