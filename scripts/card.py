"""Write a model card for the Hugging Face Hub, with exact scores; nothing is uploaded."""

import sys
from collections.abc import Sequence
from pathlib import Path

from cookie_jar.agents import load
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.argument_types import Parser, run_folder
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.common.model_card import model_card

CARD_FILE = "README.md"


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar card", description=__doc__)
    parser.add_argument("run", type=run_folder, metavar="RUN", help="the folder of a run, such as runs/NAME")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help=f"file to write (default: RUN/{CARD_FILE})"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    agent = load(args.run)
    path = args.output or args.run / CARD_FILE
    write_atomically(path, model_card(agent, Evaluator(agent.env)).encode())
    print(f"wrote {path}")


if __name__ == "__main__":
    sys.exit(run(main))
