"""Damaged and odd inputs drawn from a seeded generator, and limits on the work that an input may cause."""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

SECONDS = 2.0  # of processor time, so that other processes do not count
MEGABYTES = 500  # more than before the input

ODD_NUMBERS = (0, -1, 1, 2, 0.5, -0.5, 1e-300, 1e308, 255, 2**31, 2**63, 2**64, 10**30, 10**400)
ODD_TEXTS = (
    *("", " ", "x", "0", "-1", "1e3", "1_000", "٣", ".1", "nan", "NaN", "inf", "-Infinity", "1e999", "True"),
    *("no", "None", "null", "é", "\u202etxt", "a" * 5_000, "\x00", "\x1b]0;x\x07", "=1+1", "[/b]"),
    *("../../x", "/dev/zero", "a\nb", "{}", "%s", "{0}", "CookieJar-v0", "q-learning", "-v0", "--help", "@3"),
)
ODD_VALUES = (*ODD_NUMBERS, *ODD_TEXTS, None, True, False, [], {}, [[]], [0, [1]], {"a": None}, [None] * 100)


class TooMuch(BaseException):
    """An input took too much time; not an `Exception`, so that no program can handle it."""


@contextmanager
def bounded(seconds: float = SECONDS, megabytes: float = MEGABYTES) -> Iterator[None]:
    """A context in which the process may use some seconds of processor time, and some more memory."""

    def stop(number: int, frame: object) -> None:
        raise TooMuch(f"more than {seconds} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    Path("/proc/self/clear_refs").write_text("5")  # the peak of the memory starts again
    start = _peak_memory()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    used = _peak_memory() - start
    assert used <= megabytes, f"{used:.0f} MB more"


def is_one_line(text: str) -> bool:
    """Return whether a message is one line of sane length."""
    return "\n" not in text and len(text) <= 1_100


def damaged_bytes(data: bytes, rng: Random) -> bytes:
    """Return data with a few bytes changed, removed, repeated or added, or cut off."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(changed) + 1)
        end = min(len(changed), at + rng.choice((1, 2, 8, 100)))
        match rng.randrange(6):
            case 0 if at < len(changed):
                changed[at] ^= 1 << rng.randrange(8)
            case 1:
                del changed[at:end]
            case 2:
                changed[at:at] = changed[at:end]
            case 3:
                changed[at:at] = rng.choice(ODD_TEXTS).encode("utf-8", "surrogatepass")
            case 4:
                changed[at:at] = rng.randbytes(rng.randrange(1, 9))
            case 5:
                del changed[at:]
    return bytes(changed)


def damaged_lines(text: str, rng: Random) -> str:
    """Return a text with lines removed, repeated or exchanged, or with other ends of the lines."""
    lines = text.splitlines(keepends=True)
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(6):
        case 0:
            del lines[a]
        case 1:
            lines.insert(b, lines[a])
        case 2:
            lines[a], lines[b] = lines[b], lines[a]
        case 3:
            lines[a] = lines[a].strip("\n") + lines[b]
        case 4:
            lines.insert(a, "\n")
        case 5:
            return text.replace("\n", rng.choice(("\r\n", "\r", "\n\n", "\x00\n", ",\n", "\u2028")))
    return "".join(lines)


def damaged_cells(text: str, rng: Random, separator: str = ",") -> str:
    """Return a text with one cell of one line replaced, exchanged, added or removed."""
    lines = text.split("\n")
    number = rng.choice([number for number, line in enumerate(lines) if line])
    cells = lines[number].split(separator)
    a, b = rng.randrange(len(cells)), rng.randrange(len(cells))
    match rng.randrange(5):
        case 0 | 1:
            cells[a] = str(rng.choice((*ODD_TEXTS, *ODD_NUMBERS)))
        case 2:
            cells[a], cells[b] = cells[b], cells[a]
        case 3:
            cells.insert(a, cells[b])
        case 4:
            del cells[a]
    lines[number] = separator.join(cells)
    return "\n".join(lines)


def damaged_value(value: Any, rng: Random) -> Any:
    """Return a copy of a JSON-like value, with one part of it replaced, removed, repeated or renamed."""
    copy = json.loads(json.dumps(value))
    holder, key = rng.choice(list(_places(copy)) or [({"": copy}, "")])
    match rng.randrange(6):
        case 0 | 1 | 2:
            holder[key] = rng.choice(ODD_VALUES)
        case 3:
            del holder[key]
        case 4 if isinstance(holder, list):
            holder.append(holder[key])
        case 4:
            holder[str(rng.choice(ODD_TEXTS))] = holder.pop(key)
        case 5:
            other, place = rng.choice(list(_places(copy)))
            holder[key] = json.loads(json.dumps(other[place]))
    return copy


def damaged_text(text: str, rng: Random) -> bytes:
    """Return a text after one of the damages that any text can have."""
    damage: Callable[[str, Random], str] = rng.choice((damaged_lines, damaged_cells))
    if rng.random() < 0.5:
        return damaged_bytes(text.encode(), rng)
    return damage(text, rng).encode("utf-8", "surrogatepass")


def damaged_json(text: str, rng: Random) -> bytes:
    """Return a JSON text with a damaged value, or after a damage that any text can have."""
    if rng.random() < 0.25:
        return damaged_text(text, rng)
    return json.dumps(damaged_value(json.loads(text), rng)).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the holder and the key of each part of a JSON-like value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        yield value, key
        if isinstance(part, dict | list):
            yield from _places(part)


def _peak_memory() -> float:
    """Return the peak of the resident memory in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
