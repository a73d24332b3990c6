"""Run the code of a student in a process of its own, with limits, and ask for plain answers."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from cookie_jar.agents import FileError
from cookie_jar.agents.files import parse_json, read_text
from cookie_jar.scripts.common.blas import ONE_THREAD
from cookie_jar.scripts.teaching.faults import FaultError

ANSWERING = Path(__file__).with_name("answering.py")  # the program that runs the code
MAX_SOURCE = 1 << 16  # bytes of a student's file
MAX_ANSWERS = 1 << 22  # bytes
MAX_PRINTED = 10_000  # bytes that are kept of what the code prints
SECONDS = 3  # of computing
PATIENCE = 15  # seconds by the clock: a busy machine is slow, and waiting costs no computing
MEMORY = 1 << 30  # bytes
LIMITS = {"ALARM": PATIENCE + 5, "CPU": SECONDS, "AS": MEMORY, "FSIZE": 0, "CORE": 0, "NPROC": 0}
OPTIONS = ("-E", "-P", "-B", "-X", "utf8")  # no settings of Python's from outside, no files beside the code
KEPT = ("PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")  # of the environment

Questions = Mapping[str, Sequence[Sequence[Any]] | None]


class Reply(NamedTuple):
    """The reply of the process that ran the code.

    Attributes:
        answers: The answers by name: a plain value, or the results of the calls of a function.
        printed: The beginning of what the code printed.
        fault: Why there are no answers, or None.
    """

    answers: dict[str, Any]
    printed: str
    fault: str | None = None


def read_source(path: Path) -> str:
    """Return the code of a student's file.

    Raises:
        FaultError: If there is no such file, or it cannot be read.
    """
    try:
        return read_text(path, MAX_SOURCE)
    except FileError as error:
        if not os.path.lexists(path):
            raise FaultError(
                f"There is no file {path}. `cookie-jar exercise list` copies it again."
            ) from None
        if "UTF-8" in str(error):
            raise FaultError(
                f"{path} is not saved as UTF-8 text. In your editor, choose the encoding UTF-8 and save "
                "again."
            ) from None
        raise FaultError(f"The file cannot be checked: {error}.") from None


def ask(source: str, file: str, questions: Questions) -> Reply:
    """Run the code of a student and return its answers.

    Args:
        source: The code.
        file: The name of its file, for errors.
        questions: For each name None, for the value of the name; or the arguments of calls of the function.
    """
    task = json.dumps({"file": file, "source": source, "questions": questions, "limits": LIMITS})
    code, data, printed = _run(task.encode())
    text = printed.decode("utf-8", "replace")
    stopped = [-getattr(signal, name, 0) for name in ("SIGXCPU", "SIGKILL", "SIGALRM")]
    if code is None or (code and code in stopped):
        return Reply({}, text, _too_long(code is None))
    if len(data) == MAX_ANSWERS:
        return Reply(
            {}, text, "Your answer is far too long. A list or a text of a few lines is enough everywhere."
        )
    try:
        reply = parse_json(data.decode(), "answers")
        if "answers" not in reply:
            return Reply({}, text, _fault(reply))
        found = reply["answers"]
        return Reply({name: _received(found[name], calls) for name, calls in questions.items()}, text)
    except (FileError, UnicodeDecodeError, RecursionError, KeyError, TypeError, ValueError):
        return Reply({}, text, _ended(code))


def _run(task: bytes) -> tuple[int | None, bytes, bytes]:
    """Return the exit code, or None after a time-out, the answers, and what was printed."""
    environment = {key: os.environ[key] for key in KEPT if key in os.environ} | ONE_THREAD
    command = [sys.executable, *OPTIONS, str(ANSWERING)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True
    )
    code: int | None = None
    try:
        answers, printed = _Reader(process.stdout, MAX_ANSWERS), _Reader(process.stderr, MAX_PRINTED)
        threading.Thread(target=_send, args=(process.stdin, task), daemon=True).start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(PATIENCE)
    finally:  # also after Ctrl-C
        _end(process)
    return code, answers.data(), printed.data()


def _send(pipe: IO[bytes] | None, task: bytes) -> None:
    """Write to a pipe, in a thread: the process may never read."""
    if pipe is not None:
        with contextlib.suppress(OSError), pipe:
            pipe.write(task)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process and all processes that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


class _Reader:
    """Reads a pipe to its end in a thread, and keeps the beginning."""

    def __init__(self, pipe: IO[bytes] | None, most: int) -> None:
        self._pipe, self._most, self._kept = pipe, most, bytearray()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        if self._pipe is None:
            return
        with self._pipe:
            while part := os.read(self._pipe.fileno(), 1 << 16):
                self._kept += part[: self._most - len(self._kept)]

    def data(self) -> bytes:
        """Return what was kept; a process that escaped may hold the pipe open."""
        self._thread.join(1)
        return bytes(self._kept)


def _received(value: Any, calls: Sequence[Any] | None) -> Any:
    """Return an answer; a dictionary comes as its entries, see `answering.plain`.

    Raises:
        ValueError: If it is not one result for each call: the code has answered in place of the process.
    """
    match value:
        case {"entries": entries}:
            value = {str(key): part for key, part in entries}
        case {"missing": str(_)}:
            return value
    if calls is not None and not (isinstance(value, list) and len(value) == len(calls)):
        raise ValueError(f"expected {len(calls)} results")
    return value


def _too_long(waited: bool) -> str:
    spent = f"did not end within {PATIENCE} seconds" if waited else f"computed for {SECONDS} seconds"
    return (
        f"Your code {spent} and was stopped; an exercise needs far less than a second. "
        "Does a `while` loop never end, or does the code wait for something?"
    )


def _ended(code: int | None) -> str:
    if code:
        return (
            f"Python itself crashed while it ran your code (exit status {code}). Undo your last change, or "
            "take the exercise anew with `cookie-jar exercise reset`."
        )
    return (
        "Your code ended Python before its answers could be read. Remove exit(), quit() and the like: "
        "the check needs the file to run to its end."
    )


def _fault(reply: dict[str, Any]) -> str:
    """Return why there are no answers, in words."""
    match reply:
        case {"unanswered": [line, text]}:
            return (
                f"Line {line} still waits for your answer: {text}\n"
                "Replace the words YOUR ANSWER, with their quotation marks, and check again."
            )
        case {"syntax": [line, text, reason]}:
            place = f" It stumbled at line {line}: {text}" if line else ""
            advice = " Look at this line and at the one above it." if line else ""
            return f"Python cannot read your file.{place}\nPython's reason: {reason}.{advice}"
        case {"left": True}:
            return _ended(0)
        case {"error": {"kind": kind, "text": text, "lines": lines}}:
            shown = [f"  line {number}: {line}" for number, line in lines]
            parts = ["Your code stopped with an error:", *shown, f"  {text}", ADVICE.get(kind, "")]
            return "\n".join(parts).rstrip()
    raise ValueError("expected one of the forms of `answering.outcome`")


ADVICE = {
    "NameError": "Python does not know this name. Is it spelled as in the line where it was made?",
    "TypeError": "A value has another type than this line needs, such as text or None instead of a number.",
    "ZeroDivisionError": "A number was divided by zero.",
    "RecursionError": "A function calls itself without an end.",
    "MemoryError": f"The code needs more than {MEMORY >> 30} GB of memory. An exercise needs almost none.",
    "EOFError": "Nobody types at the keyboard while the check runs. Remove input().",
    "RefusedError": "Remove that line.",
    "ModuleNotFoundError": "No exercise needs a library.",
}
