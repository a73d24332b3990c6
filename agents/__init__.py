"""Learners for any Gymnasium environment with discrete observations and actions."""

from .base import Agent
from .errors import AgentError, MemoryFileError
from .exact import Evaluation, evaluate, optimum, uniform_policy, value_iteration
from .model import TabularModel, tabular_model
from .temporal_difference import QLearning

__all__ = [
    "Agent",
    "AgentError",
    "Evaluation",
    "MemoryFileError",
    "QLearning",
    "TabularModel",
    "evaluate",
    "optimum",
    "tabular_model",
    "uniform_policy",
    "value_iteration",
]
