"""Play: fetch the cookie yourself, turn by turn, ask the agent, and compare yourself with the optimum."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
from rich.console import Console

import cookie_jar.envs
from cookie_jar.agents.runs import load
from cookie_jar.scripts.common.console import UsageError, command, run
from cookie_jar.scripts.common.environment_options import add_environment_options, make_environment
from cookie_jar.scripts.viewer import main_loop
from cookie_jar.scripts.viewer.game import Game
from cookie_jar.scripts.viewer.game_view import GameView


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="cookie-jar play",
        description=__doc__,
        epilog="In the window, H shows the keys. `cookie-jar watch FILE.json` replays what was saved.",
    )
    parser.add_argument(
        "run",
        nargs="?",
        metavar="RUN",
        help="whom to ask and to play against, in its kitchen; without it, the best there is",
    )
    parser.add_argument("--random", action="store_true", help="a random kitchen, another one each time")
    parser.add_argument("--seed", type=int, default=0, help="of the first start (default: %(default)s)")
    parser.add_argument(
        "--save",
        type=Path,
        default=Path("episode.json"),
        metavar="FILE.json",
        help="where S saves the episode; a number is added where it exists (default: %(default)s)",
    )
    add_environment_options(parser)
    return parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program."""
    args = parser().parse_args(argv)
    if args.seed < 0:
        raise UsageError(f"--seed: expected 0 or more, got {args.seed}")
    if args.save.suffix != ".json":
        raise UsageError(f"--save: expected a file name that ends in .json, got {args.save}")
    agent, make_env = opponent(args)
    if not hasattr(make_env().unwrapped, "world"):
        raise UsageError("expected an environment of this package: only kitchens can be played")
    if not main_loop.has_display():
        raise UsageError(
            "no screen found, and play needs a window: over SSH, try `ssh -X`; without one, write "
            f"an agent's episode to a file with {command('watch', 'RUN', '--save', 'episode.gif')}"
        )
    console = Console()
    with console.status("working out the best there is"):
        game = Game(make_env, agent, args.seed)
        game.scores()
    view = GameView(game, args.save)
    main_loop.show(view, "Cookie Jar: you play")
    for path in view.saved:
        console.out(f"saved {path}; see it with: {command('watch', path)}", highlight=False)


def opponent(args: argparse.Namespace) -> tuple[Any, Callable[[], gym.Env[Any, Any]]]:
    """The agent of the run, if one is given, and what makes the environment."""
    if args.random:
        args.env = "CookieJarRandom-v0"
    if args.run is None:
        env = make_environment(args)
        agent = None
    else:
        agent = load(args.run)
        env = agent.env
        if args.random:
            raise UsageError("--random: a RUN is played in its own kitchen; leave one of them out")
    spec = env.spec
    if spec is None or spec.id not in cookie_jar.envs.IDS:
        raise UsageError("expected an environment of this package: only kitchens can be played")
    return agent, lambda: gym.make(spec, render_mode="rgb_array")


if __name__ == "__main__":
    sys.exit(run(main))
