"""Options of the programs that write the page, and the written page in the browser."""

import argparse
import webbrowser
from pathlib import Path
from typing import Any

from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.argument_types import Parser, file_of
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.common.lessons import languages
from cookie_jar.scripts.webpage.build import Content, make_page
from cookie_jar.scripts.webpage.content import make_content
from cookie_jar.scripts.webpage.runs import read_run

FILE = "cookie-jar.html"


def add_page_options(parser: Parser) -> None:
    """Add the options for the file and for the language of the page."""
    group = parser.add_argument_group("page")
    group.add_argument(
        "-o",
        "--output",
        type=file_of(Path(FILE).suffix),
        default=FILE,
        metavar="FILE",
        help="file to write (default: %(default)s)",
    )
    group.add_argument("--no-open", action="store_true", help="do not open the file in the browser")
    group.add_argument("--no-cookies", action="store_true", help="leave out the section about pictures")
    one = group.add_mutually_exclusive_group()
    one.add_argument("--language", choices=languages(), help="language of the texts (default: en)")
    one.add_argument(
        "--texts", type=Path, metavar="FILE", help="a file of texts of your own, such as a translation"
    )


def page_options(args: argparse.Namespace) -> dict[str, Any]:
    """Return the options of a page as arguments of `content.make_content`."""
    return {"cookies": not args.no_cookies, "language": args.language, "texts": args.texts}


def write_page(content: Content, path: Path, console: Console) -> None:
    """Write a page, and say so."""
    page = make_page(content).encode()
    write_atomically(path, page)
    console.out(f"wrote {path} ({len(page) / 1000:,.0f} kB): it works in any browser, without a network")
    if content.run is not None and content.run["left_out"]:
        shown = len(content.run["steps"])
        console.out(f"{shown:,} of {shown + content.run['left_out']:,} snapshots are in it, evenly chosen")


def write_run_page(run: str, path: Path, console: Console) -> None:
    """Write the page of a run; see `runs.show_run`."""
    shown = read_run(run, console)
    with console.status("putting the page together"):
        content = make_content(shown=shown)
        write_page(content, path, console)


def open_page(path: Path, console: Console) -> None:
    """Open a page in the browser, or say that there is none."""
    if not webbrowser.open(path.resolve().as_uri()):
        console.out(f"No browser was found: open {path} in one yourself.")
