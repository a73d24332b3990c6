"""Command-line options of the environment, and the environment that they describe."""

import argparse
from pathlib import Path
from typing import Any

import gymnasium as gym

import cookie_jar.envs
from cookie_jar.envs.dynamics import Cookie, Happiness
from cookie_jar.scripts.common.argument_types import named_number
from cookie_jar.scripts.common.console import UsageError

OPTIONS = ("likes", "clumsiness", "shuffle_cookies", "random_start", "hints")  # passed on as they are


def add_environment_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the environment; most of them apply to the environments of this package only."""
    group = parser.add_argument_group("environment")
    ids = ", ".join(name for name, options in cookie_jar.envs.IDS.items() if "levels" not in options)
    group.add_argument(
        "--env",
        default="CookieJar-v0",
        metavar="ID",
        help=f"{ids}, or any other Gymnasium environment with discrete actions (default: %(default)s)",
    )
    group.add_argument(
        "--kitchen",
        metavar="NAME",
        help=f"kitchen to use: {', '.join(cookie_jar.envs.KITCHENS)}, or a text file with a map",
    )
    group.add_argument(
        "--likes", metavar="COOKIE", help=f"favourite cookie: {', '.join(cookie.label for cookie in Cookie)}"
    )
    group.add_argument(
        "--clumsiness",
        type=float,
        metavar="P",
        help="probability that a walk goes in a perpendicular direction",
    )
    flag = argparse.BooleanOptionalAction
    group.add_argument("--shuffle-cookies", action=flag, help="shuffle the cookies in every episode")
    group.add_argument("--random-start", action=flag, help="place child and chair at random in every episode")
    group.add_argument("--hints", action=flag, help="add hints: potential-based shaping rewards")
    group.add_argument(
        "--happiness",
        action="append",
        type=named_number,
        metavar="NAME=VALUE",
        help=f"change the reward of an event: {', '.join(Happiness._fields)}; repeatable",
    )


def make_environment(args: argparse.Namespace) -> gym.Env[Any, Any]:
    """Create the environment that the options describe.

    Raises:
        UsageError: If an option is invalid, or does not apply to the environment.
        CookieJarError: If a value of the environment is out of range.
        gym.error.Error: If Gymnasium does not know the environment.
    """
    options = {name: getattr(args, name) for name in OPTIONS if getattr(args, name) is not None}
    if args.kitchen is not None:
        options["kitchen"] = _kitchen(args.kitchen)
    if args.happiness:
        options["happiness"] = dict(args.happiness)
    if options and args.env.split(":")[-1] not in cookie_jar.envs.IDS:
        given = ", ".join(f"--{name.replace('_', '-')}" for name in options)
        raise UsageError(f"{args.env} is not an environment of this package and does not take {given}")
    try:
        return gym.make(args.env, **options)
    except cookie_jar.envs.CookieJarError:
        raise
    except (ImportError, ValueError) as error:
        raise UsageError(f"--env {args.env}: the environment cannot be created; {error}") from None


def _kitchen(name: str) -> str:
    """Return the name of a kitchen, or the map in the file of that name."""
    if name in cookie_jar.envs.KITCHENS:
        return name
    names = ", ".join(cookie_jar.envs.KITCHENS)
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = f"expected one of {names}, or a text file with a map; {error.strerror}"
        raise UsageError(f"--kitchen {name}: {reason}") from None
    except UnicodeDecodeError:
        raise UsageError(f"--kitchen {name}: expected a text file in UTF-8") from None
