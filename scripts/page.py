"""Write the page on which a learner learns live: one HTML file that needs no installation and no network."""

import argparse
import sys
import webbrowser
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.argument_types import Parser, new_file, non_negative
from cookie_jar.scripts.common.console import Console, run
from cookie_jar.scripts.common.output_files import WEB_PAGE
from cookie_jar.scripts.webpage.build import Content, make_page
from cookie_jar.scripts.webpage.kitchens import own_kitchens

FILE = Path("cookie-jar.html")


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar page", description=__doc__)
    parser.add_argument(
        "-o",
        "--output",
        type=partial(new_file, beginning=WEB_PAGE),
        default=FILE,
        metavar="FILE",
        help="file to write (default: %(default)s)",
    )
    parser.add_argument("--no-open", action="store_true", help="do not open the file in the browser")
    parser.add_argument("--seed", type=non_negative, default=0, help="random seed (default: %(default)s)")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    console = Console()
    start = {"kitchen": "home", "algorithm": "q-learning", "seed": args.seed}
    page = make_page(Content(own_kitchens(), start, *read_texts()))
    write_atomically(args.output, page.encode())
    console.out(f"wrote {args.output} ({len(page.encode()) / 1000:,.0f} kB)")


def read_texts():
    import json

    import cookie_jar.scripts

    folder = Path(cookie_jar.scripts.__file__).parent / "lessons"
    stations = folder / "stations.json"
    found = json.loads(stations.read_text()) if stations.exists() else {}
    if isinstance(found, list):
        found = {"stations": found}
    return (
        "en",
        json.loads((folder / "texts" / "en.json").read_text()),
        found.get("stations", []),
        found.get("quiz", []),
    )


if __name__ == "__main__":
    sys.exit(run(main))
