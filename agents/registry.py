"""The registry of agents, by the names that programs use."""

from .base import Agent
from .multi_step import NStepSarsa, QLambda, SarsaLambda
from .planning import DynaQ
from .policy_gradient import PPO, ActorCritic, Reinforce
from .temporal_difference import ExpectedSarsa, QLearning, Sarsa

AGENTS: dict[str, type[Agent]] = {
    "q-learning": QLearning,
    "sarsa": Sarsa,
    "expected-sarsa": ExpectedSarsa,
    "n-step-sarsa": NStepSarsa,
    "sarsa-lambda": SarsaLambda,
    "q-lambda": QLambda,
    "dyna-q": DynaQ,
    "reinforce": Reinforce,
    "actor-critic": ActorCritic,
    "ppo": PPO,
}
