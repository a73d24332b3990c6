"""Play yourself, ask the agent for advice, and compare your score with the agent's and the optimum."""

from cookie_jar.scripts.common.console import Console, UsageError, command, run

# isort: split
import argparse
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym

import cookie_jar.envs
from cookie_jar.agents.runs import load
from cookie_jar.envs import Cookie
from cookie_jar.scripts.common.argument_types import Parser, file_of, non_negative
from cookie_jar.scripts.common.options import add_environment_options, make_environment
from cookie_jar.scripts.viewer import main_loop
from cookie_jar.scripts.viewer.game import Game
from cookie_jar.scripts.viewer.game_view import GameView


def parser() -> Parser:
    """Return the command-line parser."""
    parser = Parser(
        prog="cookie-jar play",
        description=__doc__,
        epilog="In the window, press H for a list of keys. Replay a saved episode with `watch FILE.json`.",
    )
    parser.add_argument(
        "run",
        nargs="?",
        metavar="RUN",
        help="run of the agent to play against, in its kitchen (default: the optimal policy)",
    )
    parser.add_argument(
        "--random", action="store_true", help="play in a different random kitchen in each episode"
    )
    parser.add_argument(
        "--blind",
        action="store_true",
        help="hide which cookie is liked; without RUN and --likes, draw it at random with --seed",
    )
    parser.add_argument(
        "--seed", type=non_negative, default=0, help="seed of the first episode (default: %(default)s)"
    )
    parser.add_argument(
        "--save",
        type=file_of(".json", beginning=b""),
        default=Path("episode.json"),
        metavar="FILE.json",
        help="file for saving the episode with S; a number is appended if it exists (default: %(default)s)",
    )
    parser.add_argument("--large", action="store_true", help="enlarge all text, for a projector")
    add_environment_options(parser)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    agent, make_env = opponent(args)
    if not main_loop.has_display():
        raise UsageError(
            "no display found, and `play` needs a window: over SSH, try `ssh -X`; without a display, save an "
            f"agent's episode with {command('watch', 'RUN', '--save', 'episode.gif')}"
        )
    console = Console()
    with console.status("computing the optimum"):
        game = Game(make_env, agent, args.seed)
        game.scores()
    view = GameView(game, args.save, blind=args.blind)
    view.large = args.large
    main_loop.show(view, "Cookie Jar: you play")
    for path in view.saved:
        console.out(f"saved {path}; watch it with: {command('watch', path)}")


def opponent(args: argparse.Namespace) -> tuple[Any, Callable[[], gym.Env[Any, Any]]]:
    """Return the agent of the run, or None without a run, and a function that creates the environment.

    Raises:
        UsageError: If the environment is not a kitchen, or the options contradict each other.
    """
    agent = None if args.run is None else load(args.run)
    if args.random:
        if agent is not None:
            raise UsageError(
                "--random: expected no RUN, which is played in its own kitchen; leave out one of them"
            )
        args.env = "CookieJarRandom-v0"
    if args.blind and args.likes is None:
        args.likes = random.Random(args.seed).choice(list(Cookie)).label
    env = make_environment(args) if agent is None else agent.env
    spec = env.spec
    if spec is None or spec.id not in cookie_jar.envs.IDS or not hasattr(env.unwrapped, "world"):
        raise UsageError("expected an environment of this package: only kitchens can be played")
    return agent, lambda: gym.make(spec, render_mode="rgb_array")


if __name__ == "__main__":
    sys.exit(run(main))
