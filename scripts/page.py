"""Write a page on which an agent learns live: one HTML file that needs no installation and no network."""

from cookie_jar.scripts.common.console import Console, UsageError, run

# isort: split
import sys
from collections.abc import Sequence
from pathlib import Path

import gymnasium as gym

from cookie_jar.scripts.common.argument_types import Parser, whole_between
from cookie_jar.scripts.common.lessons import OWN
from cookie_jar.scripts.common.options import kitchen_map
from cookie_jar.scripts.webpage.content import MOST_SEED, make_content
from cookie_jar.scripts.webpage.kitchens import PackedKitchen, pack_kitchen
from cookie_jar.scripts.webpage.output import add_page_options, open_page, page_options, write_page
from cookie_jar.scripts.webpage.runs import GOES_ON, read_run


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar page", description=__doc__)
    parser.add_argument(
        "run",
        nargs="?",
        metavar="RUN",
        help="a finished run to show with its snapshots (default: a new, untrained agent)",
    )
    add_page_options(parser)
    group = parser.add_argument_group("start", "What the page opens with; you can change it on the page.")
    group.add_argument(
        "--kitchen",
        metavar="NAME",
        help=f"kitchen: {', '.join(OWN)} (default: home), or a text file with a map",
    )
    group.add_argument(
        "--agent", choices=GOES_ON.values(), help="the learning algorithm (default: q-learning)"
    )
    group.add_argument("--seed", type=whole_between(0, MOST_SEED), help="random seed (default: 0)")
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    console = Console()
    given = {name: getattr(args, name) for name in ("kitchen", "agent", "seed")}
    start = {name: value for name, value in given.items() if value is not None}
    if args.run is not None and start:
        raise UsageError(f"--{next(iter(start))}: expected no RUN with it, because a run has its own")
    shown = None if args.run is None else read_run(args.run, console)
    with console.status("putting the page together"):
        own = own_kitchen(start)
        if "agent" in start:
            start["algorithm"] = start.pop("agent")
        content = make_content(own=own, shown=shown, **page_options(args), **start)
        write_page(content, args.output, console)
    if not args.no_open:
        open_page(args.output, console)


def own_kitchen(start: dict[str, object]) -> PackedKitchen | None:
    """Return the kitchen of a map, taken out of the settings; None for one that every page has."""
    name = str(start.get("kitchen", OWN))
    if "kitchen" not in start or name in OWN:
        return None
    del start["kitchen"]
    return pack_kitchen(gym.make("CookieJar-v0", kitchen=kitchen_map(name)), Path(name).stem)


if __name__ == "__main__":
    sys.exit(run(main))
