"""Show, explain, compare and edit the numbers that an agent or a classifier has learned."""

import sys
from collections.abc import Sequence

from cookie_jar.scripts.common.argument_types import Parser
from cookie_jar.scripts.common.console import Console, run
from cookie_jar.scripts.common.env_modules import add_module_option
from cookie_jar.scripts.common.run_folders import given_or_newest
from cookie_jar.scripts.inspection import dispatch
from cookie_jar.scripts.inspection.commands import add_commands


def parser() -> Parser:
    """Return the command-line parser: a command, a run, and the options of the command."""
    parser = Parser(
        prog="cookie-jar memory",
        description=__doc__,
        epilog="RUN is the folder of a run, such as runs/NAME; "
        "runs/NAME@STEPS is its last snapshot at or before that step. "
        "Without RUN, commands for one run use the newest run in runs/. The default COMMAND is show.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_commands(commands)
    for command in commands.choices.values():
        add_module_option(command)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    words = sys.argv[1:] if argv is None else argv
    args = parser().parse_args(words or ["show"])
    args.run = given_or_newest(args.run, kind=None)
    dispatch.do(args, Console())


if __name__ == "__main__":
    sys.exit(run(main))
