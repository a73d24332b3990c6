"""Write a model card for the Hugging Face Hub, with exact scores; nothing is uploaded."""

from cookie_jar.scripts.common.console import Console, UsageError, run

# isort: split
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cookie_jar.agents import load
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.files import write_atomically
from cookie_jar.agents.run_files import CARD_FILE, remove_card, sealed
from cookie_jar.agents.run_kinds import CLASSIFIER, run_kind
from cookie_jar.scripts.common.argument_types import Parser, add_run, new_file, run_folder
from cookie_jar.scripts.common.env_modules import add_module_option
from cookie_jar.scripts.common.output_files import MODEL_CARD
from cookie_jar.scripts.common.run_folders import given_or_newest
from cookie_jar.scripts.inspection.classifiers.card import classifier_card
from cookie_jar.scripts.inspection.model_card import model_card


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar card", description=__doc__)
    add_run(parser, run_folder)
    parser.add_argument(
        "-o",
        "--output",
        type=partial(new_file, beginning=MODEL_CARD),
        metavar="FILE",
        help=f"file to write (default: RUN/{CARD_FILE})",
    )
    add_module_option(parser)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    folder = given_or_newest(args.run, kind=None)
    if run_kind(folder) == CLASSIFIER:
        text = classifier_card(folder)
    else:
        agent = load(folder)
        text = model_card(agent, Evaluator(agent.env))
    card = sealed(text.encode())
    path = args.output or make_room(folder)
    write_atomically(path, card)
    Console().out(f"wrote {path}")


def make_room(folder: Path) -> Path:
    """Return the path of the model card of a run, where no other file is lost.

    Raises:
        UsageError: If the file of that name is no model card.
    """
    path, aside = folder / CARD_FILE, remove_card(folder)
    if aside is not None:
        Console().out(f"renamed the edited {path} to {aside}")
    if os.path.lexists(path):
        raise UsageError(f"{path} is not a model card and was not changed; choose another file with -o")
    return path


if __name__ == "__main__":
    sys.exit(run(main))
