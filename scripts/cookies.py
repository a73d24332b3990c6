"""Gather pictures of cookies, and train and test a classifier of their kinds."""

import sys
from collections.abc import Sequence

from cookie_jar.scripts.classification import (
    confused,
    explain,
    gather,
    lesson,
    look,
    quiz,
    score_table,
    shift,
    split,
    train,
    weights,
)
from cookie_jar.scripts.common.argument_types import Parser
from cookie_jar.scripts.common.console import Console, run
from cookie_jar.scripts.common.dataset import DATA

MODULES = (gather, look, split, train, score_table, confused, weights, explain, shift, quiz, lesson)


def parser() -> Parser:
    """Return the command-line parser: a command, and its options."""
    parser = Parser(
        prog="cookie-jar cookies",
        description=__doc__,
        epilog=f"DATA is the folder of a data set (default: {DATA}); RUN is the folder of a run, such as "
        "runs/NAME. The usual order: gather, look, split, train, test.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in MODULES:
        module.add_commands(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    args.do(args, Console())


if __name__ == "__main__":
    sys.exit(run(main))
