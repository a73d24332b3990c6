"""Learning agents for any Gymnasium environment with discrete actions, and their evaluation."""

from .base import Agent
from .classifier import Classifier
from .classifiers import (
    CLASSIFIERS,
    ConvClassifier,
    FeatureClassifier,
    MLPClassifier,
    SoftmaxClassifier,
    load_classifier,
)
from .errors import AgentError, AgentWarning, FileError, MemoryFileError, NotFiniteError, UnregisteredError
from .evaluation import Evaluator
from .exact import (
    Evaluation,
    best_stationary,
    discounted_values,
    epsilon_greedy,
    evaluate,
    optimum,
    uniform_policy,
    value_iteration,
)
from .exact_evaluation import ExactEvaluation, evaluate_exactly
from .imported import ImportedPolicy
from .model import TabularModel, tabular_model
from .multi_step import NStepSarsa, QLambda, SarsaLambda
from .planning import DynaQ
from .policy_gradient import PPO, ActorCritic, Reinforce
from .reference import Optimal, Random
from .registry import AGENTS
from .runs import load
from .taster import Taster
from .temporal_difference import ExpectedSarsa, QLearning, Sarsa

__all__ = [
    "AGENTS",
    "CLASSIFIERS",
    "PPO",
    "ActorCritic",
    "Agent",
    "AgentError",
    "AgentWarning",
    "Classifier",
    "ConvClassifier",
    "DynaQ",
    "Evaluation",
    "Evaluator",
    "ExactEvaluation",
    "ExpectedSarsa",
    "FeatureClassifier",
    "FileError",
    "ImportedPolicy",
    "MLPClassifier",
    "MemoryFileError",
    "NStepSarsa",
    "NotFiniteError",
    "Optimal",
    "QLambda",
    "QLearning",
    "Random",
    "Reinforce",
    "Sarsa",
    "SarsaLambda",
    "SoftmaxClassifier",
    "TabularModel",
    "Taster",
    "UnregisteredError",
    "best_stationary",
    "discounted_values",
    "epsilon_greedy",
    "evaluate",
    "evaluate_exactly",
    "load",
    "load_classifier",
    "optimum",
    "tabular_model",
    "uniform_policy",
    "value_iteration",
]
