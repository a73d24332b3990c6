"""Watch: replay what an agent has learned, in a window or into a file."""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.scripts.common.console import UsageError, command, run
from cookie_jar.scripts.viewer import main_loop, recording
from cookie_jar.scripts.viewer.episode_files import SavedEpisode
from cookie_jar.scripts.viewer.player import Player
from cookie_jar.scripts.viewer.player_view import PlayerView
from cookie_jar.scripts.viewer.playhead import SPEEDS
from cookie_jar.scripts.viewer.replays import ReplayedAgent

MOST = 4  # runs at once
OVERLAYS = "values", "arrows", "probabilities", "trail", "panel"
IN_WINDOW = "values,arrows,trail,panel"
FILE_SIZE = (640, 640)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="cookie-jar watch",
        description=__doc__,
        epilog="In the window, H shows the keys; buttons and timeline obey the mouse.",
    )
    parser.add_argument(
        "run",
        nargs="*",
        metavar="RUN",
        help="the folder of a run, such as runs/NAME, or runs/NAME@STEPS; or an episode that `play` saved",
    )
    parser.add_argument(
        "--compare", nargs="+", default=[], metavar="RUN", help=f"side by side, up to {MOST} in all"
    )
    parser.add_argument("--save", type=Path, metavar="FILE", help="write a .gif, .webp, .mp4 or .png instead")
    parser.add_argument("--seed", type=int, default=0, help="of the first episode (default: %(default)s)")
    parser.add_argument(
        "--speed", type=float, choices=SPEEDS, default=1, help="at the start (default: %(default)s)"
    )
    parser.add_argument(
        "--size", metavar="WIDTHxHEIGHT", help="in pixels (default: 1280x720, of a file 640x640)"
    )
    parser.add_argument(
        "--overlays",
        metavar="LIST",
        help=f"some of {','.join(OVERLAYS)}, or none (default: {IN_WINDOW}, of a file none)",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    names = [*args.run, *args.compare]
    if not 1 <= len(names) <= MOST:
        raise UsageError(f"expected one RUN, or up to {MOST} to compare, got {len(names)}; `train` makes one")
    if args.seed < 0:
        raise UsageError(f"--seed: expected 0 or more, got {args.seed}")
    shown = overlays("none" if args.overlays is None and args.save else args.overlays or IN_WINDOW)
    size = None if args.size is None else pixels(args.size)
    if args.save is not None:
        recording.check_file(args.save)
    console = Console()
    player = make_player(names, args.seed, args.speed, shown, console)
    if args.save is not None:
        recording.save(player, args.save, size or FILE_SIZE, console)
        console.out(f"saved {args.save} ({args.save.stat().st_size / 1000:,.0f} kB)", highlight=False)
        return
    if main_loop.has_display():
        main_loop.show(PlayerView(player), f"Cookie Jar: {', '.join(names)}", size or main_loop.SIZE)
    else:
        notify(player, names, console)


def make_player(names: Sequence[str], seed: int, speed: float, shown: set[str], console: Console) -> Player:
    """The player of some runs."""
    evaluators: dict[str | None, Evaluator] = {}
    with console.status("working out what the random child and the best one are worth"):
        replays = [
            SavedEpisode.from_file(Path(name), evaluators)
            if name.endswith(".json")
            else ReplayedAgent.from_run(name, evaluators)
            for name in names
        ]
        return Player(replays, seed, speed, shown)


def overlays(text: str) -> set[str]:
    """The names in a list with commas.

    Raises:
        UsageError: one of them is not known.
    """
    names = {name for name in text.split(",") if name not in ("", "none")}
    unknown = sorted(names - set(OVERLAYS))
    if unknown:
        raise UsageError(
            f"--overlays: expected some of {', '.join(OVERLAYS)}, or none, got {', '.join(unknown)}"
        )
    return names


def pixels(text: str) -> tuple[int, int]:
    """Width and height.

    Raises:
        UsageError: they are no such thing, or out of range.
    """
    match = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", text)
    if match is not None:
        width, height = int(match[1]), int(match[2])
        if 160 <= width <= 4096 and 160 <= height <= 4096:
            return width, height
    raise UsageError(f"--size: expected WIDTHxHEIGHT from 160x160 to 4096x4096, got {text}")


def notify(player: Player, names: Sequence[str], console: Console) -> None:
    """Without a screen: the episode in words, and how to get a file."""
    for replay in player.replays:
        console.out(f"{replay.name}: an episode in words, because no screen was found", highlight=False)
        for line in replay.episode.sentences():
            console.out(f"  {line}", highlight=False)
    console.out(f"As pictures: {command('watch', *names, '--save', 'episode.gif')}", highlight=False)


if __name__ == "__main__":
    sys.exit(run(main))
