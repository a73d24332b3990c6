"""The command `cookie-jar`: one door to all programs."""

import sys
from importlib import import_module
from importlib.metadata import version

from cookie_jar.scripts.common.console import run

PROGRAMS = {
    "train": "let an agent learn, and keep what it has learned",
    "memory": "read, explain, compare, edit, wipe out and rewind what an agent remembers",
    "compare": "hold a contest with the learners of Stable-Baselines3, exactly judged",
    "sweep": "try many hyperparameters, seeds and kitchens, on all cores or on a cluster",
    "play": "fetch the cookie yourself, and compare yourself with agent and optimum",
    "hill": "draw learning as a way down a hill, and what the learning rate does",
    "watch": "replay what an agent has learned, in a window or into a file",
    "card": "describe a run for others, as the Hugging Face Hub does",
    "events": "write a run's record as TensorBoard reads it",
    "benchmark": "measure how fast it is, against its peers",
}


def main() -> int:
    """Run the program that the first word names."""
    name, rest = (sys.argv[1:2] or ["--help"])[0], sys.argv[2:]
    if name in PROGRAMS:
        return run(import_module(f"cookie_jar.scripts.{name}").main, rest)
    if name == "--version":
        print(version("cookie-jar"))
        return 0
    if name in ("-h", "--help"):
        print("usage: cookie-jar PROGRAM [options]\n")
        for program, purpose in PROGRAMS.items():
            print(f"  {program:<10} {purpose}")
        print("\n`cookie-jar PROGRAM --help` tells the options of a program.")
        return 0
    print(f"error: expected a program among {', '.join(PROGRAMS)}, got {name!r}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
