"""Command-line options that several programs share, and what they make."""

import argparse
from pathlib import Path
from typing import Any

import gymnasium as gym

import cookie_jar.envs
from cookie_jar.agents import Agent, ExpectedSarsa, QLearning, Sarsa
from cookie_jar.envs.dynamics import Cookie, Happiness
from cookie_jar.scripts.console import UsageError

AGENTS: dict[str, type[Agent]] = {
    "q-learning": QLearning,
    "sarsa": Sarsa,
    "expected-sarsa": ExpectedSarsa,
}


def add_environment_options(parser: argparse.ArgumentParser) -> None:
    """The environment and, for those of this package, how its world is made."""
    group = parser.add_argument_group("environment")
    ids = ", ".join(name for name, options in cookie_jar.envs.IDS.items() if "levels" not in options)
    group.add_argument(
        "--env",
        default="CookieJar-v0",
        metavar="ID",
        help=f"{ids}, or any Gymnasium environment with discrete spaces (default: %(default)s)",
    )
    group.add_argument(
        "--kitchen", metavar="NAME", help=f"{', '.join(cookie_jar.envs.KITCHENS)}, or a file with a map"
    )
    group.add_argument("--likes", metavar="COOKIE", help=", ".join(cookie.label for cookie in Cookie))
    group.add_argument(
        "--clumsiness",
        type=float,
        metavar="P",
        help="probability that a walk goes to a perpendicular direction",
    )
    flag = argparse.BooleanOptionalAction
    group.add_argument("--shuffle-cookies", action=flag, help="a new order of the cookies in each episode")
    group.add_argument("--random-start", action=flag, help="child and chair start anywhere")
    group.add_argument("--hints", action=flag, help='rewards also say "warmer, colder"')
    group.add_argument(
        "--happiness",
        action="append",
        metavar="NAME=VALUE",
        help=f"change one of the rewards: {', '.join(Happiness._fields)}; can be repeated",
    )


def make_environment(args: argparse.Namespace) -> gym.Env[Any, Any]:
    """The environment that the options ask for.

    Raises:
        UsageError, CookieJarError, gym.error.Error: it cannot be made.
    """
    names = ("likes", "clumsiness", "shuffle_cookies", "random_start", "hints")
    options = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    if args.kitchen is not None:
        options["kitchen"] = _kitchen(args.kitchen)
    if args.happiness:
        options["happiness"] = dict(_named_number(text) for text in args.happiness)
    if options and args.env.split(":")[-1] not in cookie_jar.envs.IDS:
        given = ", ".join(f"--{name.replace('_', '-')}" for name in options)
        raise UsageError(f"{args.env} is not an environment of this package: it takes none of {given}")
    try:
        return gym.make(args.env, **options)
    except cookie_jar.envs.CookieJarError:
        raise
    except (ImportError, ValueError) as error:
        raise UsageError(f"--env {args.env}: it cannot be made; {error}") from None


def _kitchen(name: str) -> str:
    """A name, or the map in the file of that name."""
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


def _named_number(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise UsageError(f"--happiness: expected NAME=NUMBER, got {text!r}") from None
