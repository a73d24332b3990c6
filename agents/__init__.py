"""Learners for any Gymnasium environment with discrete observations and actions."""

from .base import Agent
from .errors import AgentError, MemoryFileError
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
from .reference import Optimal, Random
from .temporal_difference import ExpectedSarsa, QLearning, Sarsa

__all__ = [
    "Agent",
    "AgentError",
    "Evaluation",
    "ExpectedSarsa",
    "MemoryFileError",
    "Optimal",
    "QLearning",
    "Random",
    "Sarsa",
    "TabularModel",
    "discounted_values",
    "epsilon_greedy",
    "evaluate",
    "optimum",
    "tabular_model",
    "uniform_policy",
    "value_iteration",
]
