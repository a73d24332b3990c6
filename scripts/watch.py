"""Replay the episodes of a trained agent in a window, or save the replay of an episode to a file."""

from cookie_jar.scripts.common.console import Console, UsageError, command, run

# isort: split
import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.scripts.classification.seeing_replay import replay_of
from cookie_jar.scripts.common.argument_types import Parser, image_size, non_negative
from cookie_jar.scripts.common.env_modules import add_module_option
from cookie_jar.scripts.common.run_folders import given_or_newest
from cookie_jar.scripts.viewer import main_loop, recording
from cookie_jar.scripts.viewer.episode_files import SavedEpisode
from cookie_jar.scripts.viewer.overlays import SWITCHES, switches
from cookie_jar.scripts.viewer.player import Player
from cookie_jar.scripts.viewer.player_view import PlayerView
from cookie_jar.scripts.viewer.playhead import SPEEDS
from cookie_jar.scripts.webpage.output import write_run_page

MOST = 4  # runs that are shown side by side
IN_WINDOW = "values,arrows,trail,panel"
FILE_SIZE = (640, 640)
KEYS = "In the window, press H for a list of keys, or use the mouse."
REPLAY_OPTIONS = "seed", "speed", "size", "large", "overlays"


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(prog="cookie-jar watch", description=__doc__, epilog=KEYS)
    parser.add_argument(
        "run",
        nargs="*",
        metavar="RUN",
        help="the folder of a run (runs/NAME), a snapshot (runs/NAME@STEPS), or an episode that `play` saved "
        "(default: the newest run in runs/)",
    )
    parser.add_argument(
        "--compare",
        nargs="+",
        default=[],
        metavar="RUN",
        help=f"show more runs side by side, up to {MOST} in total",
    )
    add_module_option(parser)
    _add_picture_options(parser)
    return parser


def _add_picture_options(parser: Parser) -> None:
    """Add the options for what is shown, where, and how fast."""
    parser.add_argument(
        "--save",
        type=recording.replay_file,
        metavar="FILE",
        help="write a .gif, .webp, .mp4 or .png file, or a page (.html), instead of opening a window",
    )
    parser.add_argument("--seed", type=non_negative, default=0, help="seed of the first episode (default: 0)")
    parser.add_argument(
        "--speed",
        type=float,
        choices=SPEEDS,
        default=1,
        help="initial speed, as a multiple of the normal speed (default: %(default)s)",
    )
    parser.add_argument(
        "--size",
        type=image_size,
        metavar="WIDTHxHEIGHT",
        help="size in pixels of the pictures, or of the window if that fits the desktop (default: 640x640 "
        "for a file; 1280x720 for a window, larger on a large desktop)",
    )
    parser.add_argument("--large", action="store_true", help="enlarge all text, for a projector")
    parser.add_argument(
        "--overlays",
        type=switches,
        metavar="LIST",
        help=f"overlays: some of {','.join(SWITCHES)}, or none (default: {IN_WINDOW}; none for a file)",
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    names = [*args.run, *args.compare] or [str(given_or_newest(None))]
    if len(names) > MOST:
        raise UsageError(f"expected up to {MOST} runs, got {len(names)}")
    if args.large and args.save is not None:
        raise UsageError("--large: expected no --save; for larger letters in a file, choose a smaller --size")
    if args.save is not None and args.save.suffix.lower() == recording.PAGE:
        save_page(args, names, Console())
        return
    usual = set() if args.save is not None else switches(IN_WINDOW)
    shown = usual if args.overlays is None else args.overlays
    console = Console()
    player = make_player(names, args.seed, args.speed, shown, console)
    if args.save is not None:
        loops = recording.save(player, args.save, args.size or FILE_SIZE, console)
        console.out(f"saved {args.save} ({args.save.stat().st_size / 1000:,.0f} kB)")
        for text in loops:
            console.out(f"The episode ends in a loop, which the file shows twice: {text}")
    elif main_loop.has_display():
        view = PlayerView(player)
        view.large = args.large
        main_loop.show(view, f"Cookie Jar: {', '.join(names)}", args.size)
    else:
        print_episodes(player, names, console)


def make_player(names: Sequence[str], seed: int, speed: float, shown: set[str], console: Console) -> Player:
    """Return the player of some runs and saved episodes."""
    evaluators: dict[str | None, Evaluator] = {}
    with console.status("evaluating the random and the optimal policy"):
        replays = [
            SavedEpisode.from_file(Path(name), evaluators)
            if name.endswith(".json") and not Path(name).is_dir()
            else replay_of(name, evaluators)
            for name in names
        ]
        return Player(replays, seed, speed, shown)


def save_page(args: argparse.Namespace, names: Sequence[str], console: Console) -> None:
    """Write the page of a run.

    Raises:
        UsageError: If there are several runs, or an option is given that belongs to a replay.
    """
    given = [name for name in REPLAY_OPTIONS if getattr(args, name) != parser().get_default(name)]
    if len(names) > 1 or given:
        found = f"--{given[0]}" if given else f"{len(names)} runs"
        raise UsageError(f"--save {args.save}: expected one run and no option of a replay, got {found}")
    write_run_page(names[0], args.save, console)


def print_episodes(player: Player, names: Sequence[str], console: Console) -> None:
    """Print the episodes as text, and the command that saves pictures."""
    for replay in player.replays:
        console.out(f"{replay.name}: no display found; printing an episode as text")
        for line in replay.episode.sentences():
            console.out(f"  {line}")
    console.out(f"To save the episode as a picture: {command('watch', *names, '--save', 'episode.gif')}")


if __name__ == "__main__":
    sys.exit(run(main))
