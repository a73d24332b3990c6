"""Tabular models of Gymnasium environments, also prepared for sampling."""

import sys
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from weakref import WeakSet, WeakValueDictionary

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .checks import checked_env
from .errors import AgentError, AgentWarning
from .hyperparameters import Flag
from .model_check import STEPS
from .model_table import TabularModel, from_transitions, is_fixed, own_states
from .model_trust import Offer, find_model
from .packed import PackedModel, packed_outcomes
from .wrappers import is_plain, time_limit

__all__ = ["SamplingTables", "TabularModel", "cumulative", "from_transitions", "is_plain"]
__all__ += ["state_observations", "tabular_model", "time_limit"]

_WARNED: WeakSet[gym.Env[Any, Any]] = WeakSet()


def tabular_model(env: gym.Env[Any, Any], *, unshaped: bool = False) -> TabularModel | None:
    """Return the exact model of an environment, or None if there is none.

    The model is the attribute `tabular_model`, or is built from `P` and `initial_state_distrib` as in
    Gymnasium's toy_text. There is none if a wrapper may change observations, actions or rewards. A table is
    believed only if its rows are complete and agree with steps of a copy of the environment: a right table
    is refused with probability below 1e-10; see `model_check.ModelCheck` for the errors that are found. An
    `AgentWarning` says, once for each environment, why a table is not believed.

    Args:
        env: The environment.
        unshaped: Whether to prefer the attribute `unshaped_model`, whose rewards have no shaping.

    Raises:
        AgentError: If `env` is not an environment, or `unshaped` is not a bool.
    """
    offer, unshaped = offered_model(checked_env(env)), Flag()("unshaped", unshaped)
    if offer is None:
        return None
    return offer.unshaped if unshaped else offer.model


def offered_model(env: gym.Env[Any, Any], steps: int = STEPS) -> Offer | None:
    """Return the believed table of an environment, or None; warn once if there is one not to believe."""
    finding = find_model(env, steps)
    if finding.refused:
        instead = "agents learn by stepping, and scores are means of episodes"
        _warn_once(env.unwrapped, f"the table of {_name(env)} is not used ({instead}): {finding.reason}")
    return finding.offer


def required_model(env: gym.Env[Any, Any]) -> Offer:
    """Return the believed table of an environment.

    Raises:
        AgentError: If there is none; the message says why.
    """
    finding = find_model(env)
    if finding.offer is None:
        raise AgentError(f"expected an environment with a tabular model, got {_name(env)}: {finding.reason}")
    return finding.offer


def state_observations(env: gym.Env[Any, Any]) -> NDArray[Any] | None:
    """Return the observation in each state of the tabular model [S, ...], or None if unknown.

    The observations are the state numbers of a `Discrete` space, or the attribute `state_observations`.
    """
    offer = offered_model(env)
    return None if offer is None else offer.observations


def _name(env: gym.Env[Any, Any]) -> str:
    return type(env.unwrapped).__name__ if env.spec is None else env.spec.id


def _warn_once(bare: gym.Env[Any, Any], message: str) -> None:
    """Warn at the line outside of this package that led here."""
    try:
        if bare in _WARNED:
            return
        _WARNED.add(bare)
    except TypeError:  # an environment without a hash
        pass
    here, level, frame = Path(__file__).parent, 1, sys._getframe()
    while frame.f_back is not None and Path(frame.f_code.co_filename).parent == here:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, AgentWarning, stacklevel=level)


@dataclass(frozen=True, eq=False)
class SamplingTables:
    """A tabular model prepared for sampling; the agents of one model share the tables.

    Attributes:
        model: The model to learn from.
        score: The reward that episode returns add up, without shaping, float64 [S, A, K].
        time_limit: The maximum number of actions in an episode, or 0 for no limit.
    """

    model: TabularModel
    score: NDArray[np.float64]
    time_limit: int

    @classmethod
    def of(
        cls, env: gym.Env[Any, Any], *, demanded: bool = False, shape: tuple[int, ...] | None = None
    ) -> "SamplingTables | None":
        """Return the tables of an environment, or None if the environment has no believed model.

        Args:
            env: The environment.
            demanded: Whether there must be a model.
            shape: The numbers of states and actions that the model must have; None for any.

        Raises:
            AgentError: If a model is demanded, and there is none, or the model has another shape.
        """
        offer = required_model(env) if demanded else offered_model(env)
        if offer is None:
            return None
        found = offer.model.next_state.shape[:2]
        if shape is not None and found != shape:
            raise AgentError(f"expected an environment of {shape} states and actions, got {found}")
        limit = time_limit(env) or 0
        key = (*offer.key(), limit)
        tables = _TABLES.get(key)
        if tables is None:
            tables = _TABLES[key] = cls._kept(offer, limit)
        return tables

    @classmethod
    def _kept(cls, offer: Offer, limit: int) -> "SamplingTables":
        """Return the tables of an offer, with copies of arrays that may change."""
        parts: list[Any] = [part if is_fixed(part) else part.copy() for part in offer.model]
        model = TabularModel(*parts)
        score = offer.unshaped.reward
        if score is offer.model.reward:
            score = model.reward
        elif not is_fixed(score):
            score = score.copy()
        return cls(model, score, limit)

    @cached_property
    def next_state(self) -> NDArray[np.int64]:
        """A checked copy of the next states, int64 [S, A, K], for loops that do not check indices."""
        return own_states(self.model)

    @cached_property
    def outcome_ends(self) -> NDArray[np.float64]:
        """Cumulative probabilities of the outcomes, float64 [S, A, K] (see `cumulative`)."""
        return cumulative(self.model.probability)

    @cached_property
    def start_ends(self) -> NDArray[np.float64]:
        """Cumulative probabilities of the first state, float64 [S]."""
        return cumulative(self.model.start)

    @property
    def random(self) -> bool:
        """Whether the environment has any randomness."""
        return bool(self.model.next_state.shape[2] > 1 or np.count_nonzero(self.model.start) > 1)

    @cached_property
    def packed(self) -> PackedModel:
        """The tables for a compiled loop."""
        outcomes = self.model.next_state.shape[2]
        ends = np.empty((0, 1)) if outcomes == 1 else self.outcome_ends.reshape(-1, outcomes)
        return PackedModel(
            *packed_outcomes(self.model, self.score), ends, self.start_ends, self.random, self.time_limit
        )


_TABLES: WeakValueDictionary[tuple[object, ...], SamplingTables] = WeakValueDictionary()  # by their arrays


def cumulative(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return cumulative probabilities along the last axis, exactly 1 from the last possible outcome on.

    Rounding can therefore never map a random number in [0, 1) to an impossible outcome or past the end.
    """
    possible = probability > 0
    from_here = np.flip(np.logical_or.accumulate(np.flip(possible, -1), -1), -1)
    later = np.concatenate([from_here[..., 1:], np.zeros_like(from_here[..., :1])], axis=-1)
    return np.where(later, probability.cumsum(axis=-1), 1.0)
