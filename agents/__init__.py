"""Learning agents for any Gymnasium environment with discrete actions, and their evaluation."""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from .errors import (
        AgentError,
        AgentWarning,
        FileError,
        MemoryFileError,
        NotFiniteError,
        UnregisteredError,
    )
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

_NAMES = {  # of each module, which is imported when one of them is used: most programs need only a few
    "base": "Agent",
    "classifier": "Classifier",
    "classifiers": (
        "CLASSIFIERS ConvClassifier FeatureClassifier MLPClassifier SoftmaxClassifier load_classifier"
    ),
    "errors": "AgentError AgentWarning FileError MemoryFileError NotFiniteError UnregisteredError",
    "evaluation": "Evaluator",
    "exact": (
        "Evaluation best_stationary discounted_values epsilon_greedy evaluate optimum uniform_policy "
        "value_iteration"
    ),
    "exact_evaluation": "ExactEvaluation evaluate_exactly",
    "imported": "ImportedPolicy",
    "model": "TabularModel tabular_model",
    "multi_step": "NStepSarsa QLambda SarsaLambda",
    "planning": "DynaQ",
    "policy_gradient": "PPO ActorCritic Reinforce",
    "reference": "Optimal Random",
    "registry": "AGENTS",
    "runs": "load",
    "taster": "Taster",
    "temporal_difference": "ExpectedSarsa QLearning Sarsa",
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}

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


def __getattr__(name: str) -> Any:
    """Import a public name, or a module of this package, on first use."""
    if name in _MODULES:
        value = globals()[name] = getattr(import_module(f".{_MODULES[name]}", __name__), name)
        return value
    if not name.startswith("_") and find_spec(f"{__name__}.{name}"):
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the names that can be accessed."""
    return sorted({*globals(), *__all__})
