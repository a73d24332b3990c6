"""The registry of agents, by the names that programs use."""

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
