"""The registry of agents by the names that programs and files use."""

from typing import Any

from .base import Agent
from .policy_gradient import PPO, ActorCritic, Reinforce
from .temporal_difference import ExpectedSarsa, QLearning, Sarsa

AGENTS: dict[str, type[Agent]] = {
    "q-learning": QLearning,
    "sarsa": Sarsa,
    "expected-sarsa": ExpectedSarsa,
    "reinforce": Reinforce,
    "actor-critic": ActorCritic,
    "ppo": PPO,
}


def default_settings(kind: type[Agent]) -> dict[str, Any]:
    """The hyperparameters of a kind of agent with their defaults."""
    defaults: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        defaults |= getattr(vars(base).get("__init__"), "__kwdefaults__", None) or {}
    return {name: defaults[name] for name in kind.hyperparameters if name in defaults}
