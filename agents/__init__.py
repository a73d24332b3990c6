"""Learners for any Gymnasium environment with discrete actions."""

from .base import Agent
from .errors import AgentError, MemoryFileError, NotFiniteError
from .exact import (
    Evaluation,
    discounted_values,
    epsilon_greedy,
    evaluate,
    optimum,
    uniform_policy,
    value_iteration,
)
from .model import TabularModel, tabular_model
from .policy_gradient import PPO, ActorCritic, Reinforce
from .reference import Optimal, Random
from .runs import load
from .temporal_difference import ExpectedSarsa, QLearning, Sarsa

__all__ = [
    "PPO",
    "ActorCritic",
    "Agent",
    "AgentError",
    "Evaluation",
    "ExpectedSarsa",
    "MemoryFileError",
    "NotFiniteError",
    "Optimal",
    "QLearning",
    "Random",
    "Reinforce",
    "Sarsa",
    "TabularModel",
    "discounted_values",
    "epsilon_greedy",
    "evaluate",
    "load",
    "optimum",
    "tabular_model",
    "uniform_policy",
    "value_iteration",
]
