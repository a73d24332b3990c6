"""The command `cookie-jar`: run one of the programs."""

import sys
from importlib import import_module
from importlib.metadata import version

from cookie_jar.scripts.common.console import fail, run

PROGRAMS = {
    "train": "train an agent and save the run in a folder",
    "memory": "show, explain, compare and edit the numbers that an agent has learned",
    "cookies": "gather pictures of cookies, and train and judge a classifier",
    "compare": "compare agents with those of Stable-Baselines3",
    "sweep": "try many hyperparameters, seeds and environments, on all cores or on a cluster",
    "play": "play in a window, and compare your score with the agent's and the optimum",
    "hill": "plot training as a path on the loss surface, and the effect of the learning rate",
    "watch": "replay a trained agent in a window, or save the replay to a file",
    "card": "write a model card for the Hugging Face Hub",
    "events": "export a run's training record to TensorBoard",
    "benchmark": "measure speed, compared with other environments and agents",
}


def main() -> int:
    """Run the program that the first argument names."""
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
        print("\nRun `cookie-jar PROGRAM --help` for the options of a program.")
        return 0
    return fail(f"expected a program among {', '.join(PROGRAMS)}, got {name!r}")


if __name__ == "__main__":
    sys.exit(main())
