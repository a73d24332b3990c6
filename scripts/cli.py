"""The command `cookie-jar`: run one of the programs."""

import gc
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import version

from cookie_jar.scripts.common.exit_status import exit_status

GROUPS = {  # in the order in which a newcomer needs them
    "Learn": {
        "page": "watch an agent learn in your browser: one file that works offline",
        "train": "train an agent, and save the run in a folder",
        "watch": "replay a trained agent in a window, or save the replay to a file",
        "play": "play yourself, and compare your score with the agent's",
    },
    "Look inside": {
        "memory": "show, explain, compare and edit the numbers an agent has learned",
        "hill": "plot training as a path on a surface",
    },
    "Compare": {
        "compare": "compare agents with those of Stable-Baselines3",
        "sweep": "try many hyperparameters, seeds and environments in parallel",
    },
    "Teach": {
        "tour": "learn how a model learns in ten stations, in a browser or as text",
        "exercise": "solve twelve exercises in Python; check a class",
        "cookies": "gather cookie pictures, train and test a classifier; lessons, quiz",
    },
    "Maintain": {
        "doctor": "check the installation",
        "card": "write a model card for the Hugging Face Hub",
        "events": "export a run's training record to TensorBoard",
        "benchmark": "measure speed and compare it with that of other libraries",
    },
}
PROGRAMS = {name: purpose for group in GROUPS.values() for name, purpose in group.items()}
INDENT = 13  # characters before the purpose of a program
EPILOG = (
    "First steps: `cookie-jar page`; then `cookie-jar train` and `cookie-jar watch`.",
    "`cookie-jar PROGRAM --help` lists the options of a program.",
)


def main() -> int:
    """Run the program that the first argument names."""
    gc.set_threshold(50_000, 20, 20)  # imports make many objects, and hardly any garbage
    name, rest = (sys.argv[1:2] or ["--help"])[0], sys.argv[2:]
    if name == "--version":
        return exit_status(partial(_print, version("cookie-jar")))
    if name in ("-h", "--help", "help"):
        return exit_status(partial(_print, overview(shutil.get_terminal_size().columns)))
    if name == "doctor":  # needs no library, so that a broken one can be found
        return int(import_module("cookie_jar.scripts.doctor").main(rest))
    try:
        console = import_module("cookie_jar.scripts.common.console")
        if name not in PROGRAMS:
            expected_one = import_module("cookie_jar.scripts.common.argument_types").expected_one
            return int(console.fail(f"PROGRAM: {expected_one(name, PROGRAMS)}"))
        program: Callable[[Sequence[str] | None], None] = import_module(f"cookie_jar.scripts.{name}").main
    except ImportError as error:
        if os.environ.get("COOKIE_JAR_DEBUG"):
            raise
        reason = " ".join(f"{error}".split())
        print(f"error: a library cannot be imported: {reason}; run: cookie-jar doctor", file=sys.stderr)
        return 1
    return int(console.run(program, rest))


def _print(text: str) -> int:
    print(text)
    return 0


def overview(columns: int) -> str:
    """Return the list of the programs, in lines of at most this many characters."""
    parts = ["usage: cookie-jar PROGRAM [options]"]
    for group, programs in GROUPS.items():
        parts += ["", f"{group}:"]
        for program, purpose in programs.items():
            parts += _wrapped(f"  {program:<{INDENT - 2}}{purpose}", columns, INDENT)
    return "\n".join([*parts, "", *(line for text in EPILOG for line in _wrapped(text, columns, 2))])


def _wrapped(text: str, columns: int, indent: int) -> list[str]:
    width = max(columns, 2 * INDENT)
    return textwrap.wrap(text, width, subsequent_indent=" " * indent, break_on_hyphens=False)


if __name__ == "__main__":
    sys.exit(main())
