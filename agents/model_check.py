"""Comparing a tabular model with the steps of its environment."""

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from math import log
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from gymnasium.spaces import Discrete
from numpy.typing import NDArray

from .errors import AgentError, shown
from .exact import backup, expected
from .model_table import TabularModel
from .rewards import checked_flag, finite_reward, unshaped_reward

STEPS = 4_000  # of a check
RESETS = 100  # before these steps, apart from those after the ends of episodes
EPISODE = 1_000  # steps of the longest episode
ERROR = 1e-10  # bound of the probability that a right model is refused
PLANNING = 10_000_000  # outcomes backed up while planning
EXPLORING = 0.2  # probability of the least tried action in episodes that follow the plan
REWARD_TOLERANCE = 1e-6  # relative: a step may return the reward in single precision


class Outcome(NamedTuple):
    """An outcome of an action that can be told from the others by a step.

    Attributes:
        probability: The sum over the outcomes of the model that look the same.
        reward: The reward of the model.
        score: The reward without shaping.
        next_state: The next state, or -1 if the episode terminates.
    """

    probability: float
    reward: float
    score: float
    next_state: int

    def pays(self, reward: float, score: float) -> bool:
        """Return whether a step may have given these rewards, with and without shaping."""
        pairs = (self.reward, reward), (self.score, score)
        return all(abs(a - b) <= REWARD_TOLERANCE * max(1e-3, abs(a)) for a, b in pairs)


class ModelCheck:
    """Compares a model with `STEPS` steps of an environment, in episodes from `reset`.

    Half of the steps take the action that was tried least in its state; half follow the optimal policy of the
    model. A step has to lead to an outcome that is possible in the model, with its observation, reward,
    unshaped reward and termination, and must not truncate. A deviation that shows in a step with probability
    q is missed with probability (1 - q)^n in n steps where it may show: below 1e-9 if q is 0.01 and
    n is 2,100.

    The frequencies of outcomes and first states are tested with a likelihood ratio against estimates from the
    outcomes so far, for each state and action and for all that have the same probabilities. The ratio is a
    martingale under the model, so the probability that a right model is ever refused is at most `ERROR`
    (Ville's inequality). Of environments with the dynamics of `FrozenLake-v1`, those with a probability of
    slipping that is off by 0.15 are found with a probability above 0.999; smaller deviations may be missed.

    Args:
        env: The environment, without wrappers, which is stepped and reset.
        model: The model.
        score: The rewards without shaping [S, A, K].
        observations: The observation in each state [S, ...].
        episode: The length of the longest episode.
        steps: The number of steps.
    """

    def __init__(
        self,
        env: gym.Env[Any, Any],
        model: TabularModel,
        score: NDArray[np.float64],
        observations: NDArray[Any],
        episode: int,
        steps: int,
    ) -> None:
        self._env, self._model, self._score = env, model, score
        self._states = _StateNames(env.observation_space, observations)
        self._episode, self._steps = min(episode, EPISODE), steps
        self._plan, self._actions = _plan(model), range(model.next_state.shape[1])
        self._start = dict(enumerate(model.start.tolist())) if np.count_nonzero(model.start) > 1 else {}
        self._random = random.Random(0)
        self._tried: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._outcomes: dict[tuple[int, int], list[Outcome]] = {}
        self._frequencies = Frequencies()

    def run(self) -> None:
        """Run the check.

        Raises:
            AgentError: If the model contradicts a step or the frequencies; the message says how.
            Exception: Anything that the environment raises.
        """
        self._first_states(seed=0)  # which may start elsewhere than a reset without a seed
        for _ in range(RESETS):
            self._first_states()
        steps = {True: 0, False: 0}  # by whether the plan is followed
        while (done := sum(steps.values())) < self._steps:
            follows = steps[True] < steps[False]
            steps[follows] += self._run_episode(follows, min(self._episode, self._steps - done))

    def _run_episode(self, follows: bool, longest: int) -> int:
        """Compare the steps of an episode with the model, and return their number."""
        states = self._first_states()
        for step in range(longest):
            state = states[0]
            tried = self._tried[state]
            action = int(self._plan[state])
            if not follows or self._random.random() < EXPLORING:
                action = min(self._actions, key=lambda a: (tried[a], self._random.random()))
            tried[action] += 1
            obs, reward, terminated, truncated, info = self._env.step(action)
            reward, terminated = finite_reward(reward), checked_flag("terminated", terminated)
            score = unshaped_reward(info, reward)
            if truncated and not terminated:
                raise AgentError(f"the environment itself truncates an episode, after {step + 1} steps")
            after = [-1] if terminated else self._states(obs)
            states = self._compare(states, action, (after, reward, score))
            if terminated:
                return step + 1
        return longest

    def _first_states(self, seed: int | None = None) -> list[int]:
        obs, _ = self._env.reset(seed=seed)
        states = [state for state in self._states(obs) if self._model.start[state] > 0]
        if not states:
            raise AgentError("an episode starts in a state of probability 0")
        if len(states) == 1 and self._start:
            self._frequencies.add(self._start[states[0]], states[0], ("start", "all starts"))
        return states

    def _compare(
        self, states: Sequence[int], action: int, found: tuple[list[int], float, float]
    ) -> list[int]:
        """Return the states [n] that a step may have led to, given those where the step was taken."""
        after, reward, score = found
        possible = []
        for state in states:
            outcomes = self._outcomes_of(state, action)
            for index, outcome in enumerate(outcomes):
                if outcome.next_state in after and outcome.pays(reward, score):
                    possible.append((state, index, outcome.next_state))
        if not possible:
            raise AgentError(self._contradiction(states[0], action, after[0], reward, score))
        if len(states) == 1 and len(possible) == 1:
            state, index, _ = possible[0]
            chances = tuple(outcome.probability for outcome in self._outcomes_of(state, action))
            if len(chances) > 1:
                self._frequencies.add(chances[index], index, ((state, action), chances))
        return list(dict.fromkeys(following for _, _, following in possible))

    def _contradiction(self, state: int, action: int, after: int, reward: float, score: float) -> str:
        led = "ended the episode" if after < 0 else f"led to state {after}"
        shaped = "" if score == reward else f" (without shaping {score:g})"
        return (
            f"action {action} in state {state} {led} with reward {reward:g}{shaped}, "
            "which is impossible in the table"
        )

    def _outcomes_of(self, state: int, action: int) -> list[Outcome]:
        """Return the possible outcomes; those that look the same are one."""
        if (state, action) not in self._outcomes:
            merged: dict[tuple[float, float, int], float] = {}
            model, place = self._model, (state, action)
            columns = (model.probability, model.reward, self._score, model.next_state, model.terminated)
            for probability, reward, score, after, ends in zip(
                *(c[place].tolist() for c in columns), strict=True
            ):
                look = reward, score, -1 if ends else after
                merged[look] = merged.get(look, 0.0) + probability
            self._outcomes[place] = [Outcome(p, *look) for look, p in merged.items() if p > 0]
        return self._outcomes[state, action]


class Frequencies:
    """A sequential test of observed outcomes against their probabilities, with error probability `ERROR`."""

    def __init__(self) -> None:
        self._counts: defaultdict[Hashable, Counter[int]] = defaultdict(Counter)
        self._single = self._pooled = 0.0  # logarithms of likelihood ratios

    def add(self, probability: float, outcome: int, cells: tuple[Hashable, Hashable]) -> None:
        """Count an outcome.

        Args:
            probability: The probability of the outcome.
            outcome: The outcome.
            cells: What the outcome is of, a state and an action for example, and a set of such cells that
                have the same probabilities. The outcomes are counted for each.

        Raises:
            AgentError: If the outcomes so far contradict the probabilities.
        """
        self._single += self._gain(probability, outcome, cells[0])
        self._pooled += self._gain(probability, outcome, cells[1])
        if np.logaddexp(self._single, self._pooled) - log(2) > -log(ERROR):
            raise AgentError("the frequencies of outcomes are not the probabilities of the table")

    def _gain(self, probability: float, outcome: int, cell: Hashable) -> float:
        counts = self._counts[cell]
        estimate = (counts[outcome] + probability) / (counts.total() + 1)
        counts[outcome] += 1
        return log(estimate / probability)


class _StateNames:
    """The states of an observation."""

    def __init__(self, space: gym.Space[Any], observations: NDArray[Any]) -> None:
        self._discrete, self._number = isinstance(space, Discrete), len(observations)
        self._states: defaultdict[bytes, list[int]] = defaultdict(list)
        self._dtype, self._shape = observations.dtype, observations.shape[1:]
        if not self._discrete:
            for state, observation in enumerate(observations):
                self._states[observation.tobytes()].append(state)

    def __call__(self, obs: Any) -> list[int]:
        """Return the states [n] with an observation.

        Raises:
            AgentError: If there are none.
        """
        if self._discrete:
            if (
                isinstance(obs, (int, np.integer, np.ndarray))
                and np.ndim(obs) == 0
                and 0 <= obs < self._number
            ):
                return [int(obs)]
        else:
            array = np.asarray(obs)
            states = self._states.get(array.astype(self._dtype).tobytes(), [])
            if array.shape == self._shape and states:
                return states
        raise AgentError(f"the observation {shown(obs)} is not that of a state")


def _plan(model: TabularModel) -> NDArray[np.int64]:
    """Return a good action for each state [S], from a bounded number of sweeps of value iteration."""
    reward, values = expected(model, model.reward), np.zeros(len(model.start))
    for _ in range(min(1_000, 1 + PLANNING // model.next_state.size)):
        before, values = values, backup(model, reward, values, 0.99).max(axis=1)
        if np.array_equal(before, values):
            break
    best: NDArray[np.int64] = backup(model, reward, values, 0.99).argmax(axis=1)
    return best


@contextmanager
def global_randomness_kept() -> Iterator[None]:
    """Restore the state of `random` and `numpy.random`, which an environment may use."""
    state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002
        yield
    finally:
        random.setstate(state)
        np.random.set_state(numpy_state)  # noqa: NPY002
