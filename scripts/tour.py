"""Take the tour: ten stations of prediction and explanation, and a quiz, in a browser or in the terminal."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from cookie_jar.scripts.common.argument_types import Parser, whole_between
from cookie_jar.scripts.common.console import Console, UsageError, run
from cookie_jar.scripts.common.lessons import LANGUAGE, read_texts, stations
from cookie_jar.scripts.teaching.dialogue import Dialogue
from cookie_jar.scripts.teaching.progress import Progress, read_progress, reset_progress
from cookie_jar.scripts.teaching.tour_text import TextTour
from cookie_jar.scripts.webpage.content import make_content
from cookie_jar.scripts.webpage.output import FILE, add_page_options, open_page, page_options, write_page


def parser() -> Parser:
    """Return the command-line parser."""
    count = len(stations())
    parser = Parser(
        prog="cookie-jar tour",
        description=__doc__,
        epilog="Without --text, the tour opens in a browser, as one file that works offline. If standard "
        "input is not a terminal, --text prints the stations with their answers.",
    )
    parser.add_argument(
        "--station", type=whole_between(1, count), metavar="N",
        help=f"first station, from 1 to {count} (default: where you stopped, or 1)",
    )  # fmt: skip
    group = parser.add_argument_group("terminal")
    group.add_argument("--text", action="store_true", help="take the tour in the terminal")
    group.add_argument("--answers", action="store_true", help="print all stations with their answers")
    group.add_argument("--reset", action="store_true", help="forget your progress and start again")
    add_page_options(parser)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    for option in ("answers", "reset"):
        if getattr(args, option) and not args.text:
            raise UsageError(f"--{option}: expected --text with it, which takes the tour in the terminal")
    if args.text and (args.no_open or args.no_cookies or args.output != Path(FILE)):
        raise UsageError("--text: expected no options for the file of the page with it")
    if args.text:
        take_in_terminal(args, Console())
    else:
        take_on_page(args, Console())


def take_in_terminal(args: Namespace, console: Console) -> None:
    """Take the tour in the terminal, or print it if there is nobody to ask."""
    texts = read_texts(args.texts, args.language or LANGUAGE)
    waits = sys.stdin.isatty() and not args.answers
    if args.reset:
        reset_progress()
    progress = read_progress() if waits else Progress()
    if args.station is not None:
        progress = progress._replace(station=args.station)
    TextTour(Dialogue(console, texts, waits), progress, keeps=waits).run()


def take_on_page(args: Namespace, console: Console) -> None:
    """Write the page with the tour open, and open it in a browser."""
    station = "kept" if args.station is None else args.station
    with console.status("putting the page together"):
        content = make_content(station=station, **page_options(args))
        write_page(content, args.output, console)
    if not args.no_open:
        open_page(args.output, console)


if __name__ == "__main__":
    sys.exit(run(main))
