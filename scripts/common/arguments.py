"""Command-line options that several programs share, and what they make."""

import argparse
import re
from pathlib import Path
from typing import Any

import gymnasium as gym

import cookie_jar.envs
from cookie_jar.agents import Agent
from cookie_jar.agents.hyperparameters import Hyperparameter, Interval, LayerSizes, OneOf, Whole
from cookie_jar.agents.registry import AGENTS
from cookie_jar.envs.dynamics import Cookie, Happiness
from cookie_jar.scripts.common.console import UsageError


def hyperparameters() -> dict[str, Hyperparameter]:
    """Return the hyperparameters of all agents by name, without the seed."""
    found: dict[str, Hyperparameter] = {}
    for kind in AGENTS.values():
        found |= {name: kind.hyperparameters[name] for name in kind.hyperparameters if name not in found}
    del found["seed"]
    return found


def add_agent_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for the agent and its hyperparameters, as the agents declare them."""
    group = parser.add_argument_group("agent")
    group.add_argument(
        "--agent", choices=AGENTS, default="q-learning", help="which learner (default: %(default)s)"
    )
    group.add_argument("--seed", type=int, default=0, help="of all randomness (default: %(default)s)")
    group = parser.add_argument_group("hyperparameters")
    for name, (_, check, text) in hyperparameters().items():
        help_text = f"{text[:1].lower()}{text[1:]} ({_defaults(name)})"
        group.add_argument(_flag(name), help=help_text, **_options(check))


def make_agent(args: argparse.Namespace, env: gym.Env[Any, Any]) -> Agent:
    """Make the agent of the options.

    Raises:
        UsageError: If the agent does not have a given hyperparameter.
        AgentError: If a hyperparameter is out of range, or the agent does not support the environment.
    """
    kind = AGENTS[args.agent]
    names = hyperparameters()
    given = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    if unknown := given.keys() - kind.hyperparameters.keys():
        flags = ", ".join(_flag(name) for name in names if name in unknown)
        raise UsageError(f"--agent {args.agent} takes none of {flags}")
    return kind(env, seed=args.seed, **given)


def _options(check: Any) -> dict[str, Any]:
    """Return the arguments of `add_argument` for the check of a hyperparameter."""
    match check:
        case Interval():
            return {"type": float, "metavar": "X"}
        case Whole():
            return {"type": int, "metavar": "N"}
        case LayerSizes():
            return {"type": int, "nargs": "*", "metavar": "N"}
        case OneOf():
            return {"choices": check.choices}
    return {"action": argparse.BooleanOptionalAction}


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _defaults(name: str) -> str:
    """Return the defaults of a hyperparameter, and the agents that have them."""
    owners: dict[str, list[str]] = {}
    for agent, kind in AGENTS.items():
        if name in kind.hyperparameters:
            value = kind.hyperparameters[name].default
            if name == "learning_rate" and value is None:
                rates = getattr(kind, "learning_rates", {})
                value = " or ".join(f"{rate:g} for a {policy}" for policy, rate in rates.items())
            text = "by the observations" if value is None else str(value).strip("()")
            owners.setdefault(text.replace("True", "yes").replace("False", "no"), []).append(agent)
    if len(owners) == 1:
        [(value, agents)] = owners.items()
        return f"default of {_and(agents)}: {value}"
    return "defaults: " + "; ".join(f"{_and(agents)} {value}" for value, agents in owners.items())


def _and(agents: list[str]) -> str:
    return "all" if len(agents) == len(AGENTS) else ", ".join(agents)


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


def new_folder(parent: Path, name: str | None, default: str, overwrite: bool) -> Path:
    """Make the folder of a new run; what an old one of that name holds stays until it is replaced.

    Raises:
        UsageError: the name is taken or is no name, or the folder cannot be made.
    """
    if name is not None and (not name.strip(" .") or re.search(r"[/\\\0]", name)):
        raise UsageError(f"--name: expected a plain name for a folder, got {name!r}")
    folder = parent / (default if name is None else name)
    try:
        if folder.exists() and not overwrite:
            if name is not None:
                raise UsageError(f"{folder} exists already: choose another --name, or add --overwrite")
            numbers = (parent / f"{default}-{number}" for number in range(2, 1_000_000))
            folder = next(path for path in numbers if not path.exists())
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {folder}: {error.strerror}") from None
    return folder
