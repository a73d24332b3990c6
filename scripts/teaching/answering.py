"""The program that runs the code of a student and answers questions about it; `checking` starts it.

It reads the questions from the standard input and writes plain values to the standard output. What the code
prints goes to the standard error. The expected answers are never here, so the code cannot pretend to pass.

This file imports nothing of the project: it starts in 20 ms.
"""

import ast
import contextlib
import io
import json
import math
import os
import sys
import traceback
from types import FrameType
from typing import Any

UNANSWERED = "YOUR ANSWER"
LONGEST_TEXT = 12_000  # characters of an answer
LARGEST_WHOLE = 2**53
LINES = 3  # of the student, that an error shows
HARMLESS = (
    *("os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.getxattr", "os.listxattr"),
    *("os.putenv", "os.unsetenv", "os.add_dll_directory"),
)  # audit events
REFUSED = ("os.", "shutil.", "subprocess.", "socket.", "ctypes.dlsym", "signal.")
HERE = tuple(os.path.dirname(path(__file__)) + os.sep for path in (os.path.abspath, os.path.realpath))
MAY_NOT = "the code of an exercise may not write files, start programs or use the network"


class RefusedError(PermissionError):
    """Raised in the code of a student that does what no exercise needs."""


def main() -> None:
    """Read the questions, run the code, and write the answers."""
    task = json.loads(sys.stdin.buffer.read())
    channel = os.dup(1)
    os.dup2(2, 1)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    limit(task["limits"])
    sys.addaudithook(refuse)
    send, encode, leave = os.write, json.dumps, os._exit  # the code may replace them
    try:
        reply = outcome(task["file"], task["source"], task["questions"])
        data = memoryview(encode(reply, separators=(",", ":")).encode())
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
        while data:
            data = data[send(channel, data) :]
    finally:
        leave(0)  # without a traceback, and without what the code has registered for the end


def limit(limits: dict[str, int]) -> None:
    """Set the limits of the operating system, where they exist."""
    try:
        import resource
        import signal
    except ImportError:  # Windows
        return
    signal.alarm(limits.pop("ALARM"))  # ends this process if the parent has died
    for name, value in limits.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            kind = getattr(resource, f"RLIMIT_{name}")
            most = resource.getrlimit(kind)[1]
            value = value if most == resource.RLIM_INFINITY else min(value, most)
            resource.setrlimit(kind, (value, value))


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what no exercise needs, an audit hook."""
    if event == "open":
        path, mode, flags = arguments
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC) if isinstance(flags, int) else 0
        if writes or (isinstance(mode, str) and set(mode) & set("wax+")):
            raise RefusedError(MAY_NOT)
        if isinstance(path, str) and path.startswith(HERE):
            raise RefusedError("the code of an exercise may not read the solutions")
    elif event.startswith(REFUSED) and event not in HARMLESS:
        raise RefusedError(MAY_NOT)


def outcome(file: str, source: str, questions: dict[str, Any]) -> dict[str, Any]:
    """Return the answers to the questions, or why there are none."""
    try:
        tree = ast.parse(source, file)
        code = compile(tree, file, "exec")
    except (SyntaxError, ValueError) as error:  # a NUL is a ValueError in some versions of Python
        line, text = getattr(error, "lineno", 0) or 0, getattr(error, "text", "") or ""
        return {"syntax": [line, text.strip()[:100], str(getattr(error, "msg", error))[:300]]}
    except (RecursionError, MemoryError):
        return {"syntax": [0, "", "an expression has too many parts"]}
    if line := unanswered(tree):
        return {"unanswered": [line, source.splitlines()[line - 1].strip()[:200]]}
    names: dict[str, Any] = {"__name__": "exercise", "__file__": file}
    try:
        exec(code, names)
        return {"answers": {name: answer(names, name, calls) for name, calls in questions.items()}}
    except (SystemExit, KeyboardInterrupt):
        return {"left": True}
    except BaseException as error:
        return {"error": described(error, file, source)}


def unanswered(tree: ast.AST) -> int:
    """Return the first line of the code in which an answer is missing, or 0."""
    lines = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value == UNANSWERED
    ]
    return min(lines, default=0)


def answer(names: dict[str, Any], name: str, calls: list[list[Any]] | None) -> Any:
    """Return the value of a name, or what the function of this name returns for each call."""
    if name not in names:
        return {"missing": name}
    value = names[name]
    if calls is None:
        return plain(value)
    if not callable(value):
        return {"missing": name}
    return [plain(value(*arguments)) for arguments in calls]


def plain(value: Any) -> Any:
    """Return a value as JSON has it; other values are described."""
    if isinstance(value, list | tuple):
        return [part if is_small(part) else plain(part) for part in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        return str(value)
    if isinstance(value, dict):
        return {"entries": [[plain(key), plain(part)] for key, part in value.items()]}
    if hasattr(value, "tolist"):  # NumPy's numbers and arrays
        listed = value.tolist()
        return plain(listed) if isinstance(listed, bool | int | float | list) else {"odd": kind(value)}
    return {"odd": kind(value)}


def is_small(value: object) -> bool:
    """Return whether a value is plain at first sight, as nearly all numbers of pictures are."""
    return type(value) is int and -LARGEST_WHOLE <= value <= LARGEST_WHOLE


def kind(value: object) -> str:
    """Return a few words for a value that is none of the plain ones."""
    if isinstance(value, float):
        return str(float(value))
    if isinstance(value, int | str):
        return f"a very long {'number' if isinstance(value, int) else 'text'}"
    return f"a value of the type {type(value).__name__}"[:100]


def described(error: BaseException, file: str, source: str) -> dict[str, Any]:
    """Return the last lines of the student in a traceback, and the error."""
    code = ["", *source.splitlines()]
    numbers = [number for frame, number in traceback.walk_tb(error.__traceback__) if of(frame, file)]
    lines = [[number, code[number].strip()[:200]] for number in numbers[-LINES:] if number < len(code)]
    text = "".join(traceback.TracebackException.from_exception(error).format_exception_only())
    return {"kind": type(error).__name__[:100], "text": text.strip()[:500], "lines": lines}


def of(frame: FrameType, file: str) -> bool:
    """Return whether a frame runs code of the student."""
    return frame.f_code.co_filename == file


if __name__ == "__main__":
    main()
