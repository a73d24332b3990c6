"""The commands of `memory` and their options; `dispatch` imports a command when it is carried out."""

from typing import Any

from cookie_jar.scripts.common.argument_types import (
    add_command,
    add_run,
    at_least,
    file_of,
    finite,
    fraction,
    new_run,
    non_negative,
    positive,
    run_folder,
)
from cookie_jar.scripts.common.output_files import MEMORY_JSON, NUMBERS_CSV

DRAWS, NETWORK_DRAWS, FEW_DRAWS = 1_000, 100, 20  # of a lesion, per fraction: see `lesion.default_draws`


def add_commands(commands: Any) -> None:
    """Declare all commands."""
    _add_show(commands)
    _add_explain(commands)
    _add_diff(commands)
    _add_edit(commands)
    _add_lesion(commands)


def _add_show(commands: Any) -> None:
    show = add_command(commands, "show", "describe a run, and print its numbers with their names")
    add_run(show)
    selection = show.add_mutually_exclusive_group()
    selection.add_argument("--state", type=int, metavar="N", help="show only state number N")
    selection.add_argument(
        "--at",
        metavar="CHILD,CHAIR[,STANDING[,JAR]]",
        help="show only the state with child and chair in these cells (`carried` for a carried chair); "
        "STANDING: 1 on the chair, else 0; JAR: `closed`, or the sum of 1 (left), 2 (middle) and 4 (right)",
    )
    selection.add_argument("--all", action="store_true", help="show the whole table, with one line per state")
    files = (
        ("csv", NUMBERS_CSV, "write all numbers to a CSV file"),
        ("json", MEMORY_JSON, "write the description and all numbers to a JSON file"),
        ("png", None, "write a map of the state values to a PNG file"),
    )
    for name, beginning, text in files:
        kind = file_of(f".{name}", beginning=beginning)
        show.add_argument(f"--{name}", type=kind, metavar="FILE", help=text)


def _add_explain(commands: Any) -> None:
    explain = add_command(commands, "explain", "print the arithmetic of one update")
    add_run(explain)
    explain.add_argument(
        "--state",
        type=int,
        metavar="N",
        help="state to learn from, by number (see `memory show --at`), instead of a step of the episode",
    )
    explain.add_argument(
        "--action",
        metavar="A",
        help="action taken there, by number or name, such as pick-left (default: the greedy action)",
    )
    explain.add_argument(
        "--step",
        type=positive,
        metavar="N",
        help="step of the greedy episode to learn from (default: 1; for a policy gradient, the next batch)",
    )
    explain.add_argument(
        "--next",
        action="store_true",
        help="explain the step that training takes next, with its random action, instead of a step of the "
        "greedy episode (for a policy gradient, the next batch: the default)",
    )
    explain.add_argument(
        "--picture",
        type=non_negative,
        metavar="N",
        help="number of a picture of the data set to learn from, for a classifier (default: the first "
        "training picture with a wrong answer)",
    )


def _add_diff(commands: Any) -> None:
    diff = add_command(commands, "diff", "compare the numbers and the greedy actions of two runs")
    diff.add_argument("run", metavar="A", help="a run or a snapshot")
    diff.add_argument("other", metavar="B", help="another run or snapshot in the same environment")

    replay = add_command(commands, "replay", "print the score of every snapshot of a run")
    add_run(replay, run_folder)


def _add_edit(commands: Any) -> None:
    edit = add_command(commands, "edit", "change one number, and save the result as a new run")
    edit.add_argument("run", metavar="RUN", help="a run or a snapshot")
    edit.add_argument(
        "place",
        nargs="+",
        metavar="PLACE",
        help="for a table: STATE ACTION (0 pick-left); for a network: NAME INDEX (policy.2.bias 7)",
    )
    edit.add_argument("value", type=finite, metavar="VALUE", help="new value of the number")

    forget = add_command(commands, "forget", "set random numbers to 0, and save the result as a new run")
    add_run(forget)
    forget.add_argument(
        "--fraction",
        type=fraction,
        default=0.3,
        metavar="X",
        help="fraction of all numbers (default: %(default)s)",
    )
    forget.add_argument(
        "--seed", type=non_negative, default=0, help="seed of the random selection (default: %(default)s)"
    )
    for parser in (edit, forget):
        parser.add_argument(
            "-o", "--output", type=new_run, required=True, metavar="NEW", help="folder of the new run"
        )


def _add_lesion(commands: Any) -> None:
    lesion = add_command(commands, "lesion", "measure how the score falls as more numbers are set to 0")
    add_run(lesion)
    lesion.add_argument(
        "--draws", "--seeds", type=at_least(2), metavar="N",
        help=f"independent random selections of numbers for each fraction (default: {DRAWS:,} for a table, "
        f"{NETWORK_DRAWS} for a network, {FEW_DRAWS} for a classifier or without an exact model)",
    )  # fmt: skip
    lesion.add_argument("--png", type=file_of(".png"), metavar="FILE", help="plot the curve to a file")
