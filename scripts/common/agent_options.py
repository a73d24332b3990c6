"""Command-line options of the agent and its hyperparameters, and the agent that they describe."""

import argparse
from typing import Any

import gymnasium as gym

from cookie_jar.agents import Agent
from cookie_jar.agents.hyperparameters import Hyperparameter, Interval, LayerSizes, OneOf, Whole
from cookie_jar.agents.registry import AGENTS
from cookie_jar.scripts.common.argument_types import non_negative
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
        "--agent", choices=AGENTS, default="q-learning", help="the learning algorithm (default: %(default)s)"
    )
    group.add_argument("--seed", type=non_negative, default=0, help="random seed (default: %(default)s)")
    group = parser.add_argument_group("hyperparameters")
    for name, (_, check, text) in hyperparameters().items():
        help_text = f"{text[:1].lower()}{text[1:]} ({_defaults(name)})"
        group.add_argument(_flag(name), help=help_text, **_options(check))


def make_agent(args: argparse.Namespace, env: gym.Env[Any, Any]) -> Agent:
    """Make the agent that the options describe.

    Raises:
        UsageError: If the agent does not have one of the given hyperparameters.
        AgentError: If a hyperparameter is out of range, or the agent does not support the environment.
    """
    kind = AGENTS[args.agent]
    names = hyperparameters()
    given = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    if unknown := given.keys() - kind.hyperparameters.keys():
        flags = ", ".join(_flag(name) for name in names if name in unknown)
        raise UsageError(f"--agent {args.agent} does not take {flags}")
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
            text = "depends on the observations" if value is None else str(value).strip("()")
            owners.setdefault(text.replace("True", "yes").replace("False", "no"), []).append(agent)
    if len(owners) == 1:
        [(value, agents)] = owners.items()
        return f"default for {_listed(agents)}: {value}"
    return "defaults: " + "; ".join(f"{_listed(agents)} {value}" for value, agents in owners.items())


def _listed(agents: list[str]) -> str:
    return "all agents" if len(agents) == len(AGENTS) else ", ".join(agents)
