"""Tabular learners that learn from the difference between one guess and the next."""

from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .base import Agent, in_range


def td_error(value: float, reward: float, terminated: bool, next_value: float, gamma: float) -> float:
    """The temporal-difference error: how much better it went than the table said.

    A time-out is not an end: the next state still counts, unless `terminated`
    (Sutton and Barto 2018, equation 6.8 with Q-learning's next_value = max_a Q(next_obs, a)).
    """
    target = reward if terminated else reward + gamma * next_value
    return target - value


def linear_schedule(
    step: NDArray[np.int64], steps: float, initial: float, final: float
) -> NDArray[np.float64]:
    """A value at each step [n] that goes from initial to final in `steps`, and stays there."""
    done = np.minimum(step / steps, 1.0) if steps > 0 else np.ones(len(step))
    return initial + (final - initial) * done


class QLearning(Agent):
    """Q-learning (Watkins 1989), epsilon-greedy, on any environment with discrete spaces.

    Args:
        env: a Gymnasium environment, or the id of one.
        learning_rate: how far a number moves towards its target, from 0 to 1.
        gamma: discount factor, from 0 to 1.
        exploration_initial_eps: probability of a random action at first.
        exploration_final_eps: the same in the end.
        exploration_fraction: the part of `learn` over which it falls, linearly.
        seed: of all randomness of the agent; the environment is seeded from it once.

    Attributes:
        q_table: float64 [S, A], the memory: expected happiness of each action in each state.
    """

    hyperparameters: ClassVar[tuple[str, ...]] = (
        "learning_rate",
        "gamma",
        "exploration_initial_eps",
        "exploration_final_eps",
        "exploration_fraction",
        "seed",
    )

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        learning_rate: float = 0.2,
        gamma: float = 0.99,
        exploration_initial_eps: float = 1.0,
        exploration_final_eps: float = 0.05,
        exploration_fraction: float = 0.5,
        seed: int | None = None,
    ) -> None:
        super().__init__(env, gamma=gamma, seed=seed)
        self.learning_rate = in_range("learning_rate", learning_rate, 0, 1)
        self.exploration_initial_eps = in_range("exploration_initial_eps", exploration_initial_eps, 0, 1)
        self.exploration_final_eps = in_range("exploration_final_eps", exploration_final_eps, 0, 1)
        self.exploration_fraction = in_range("exploration_fraction", exploration_fraction, 0, 1)
        self.q_table = np.zeros((int(self.observation_space.n), int(self.action_space.n)))
        self._first_step, self._exploration_steps = 0, 0.0
        self._obs: int | None = None  # where the running episode is, None before the first
        self._return, self._length = 0.0, 0

    @property
    def policy(self) -> NDArray[np.int64]:
        """The greedy action in each state, int64 [S]; the first where several are best."""
        best: NDArray[np.int64] = self.q_table.argmax(axis=1)
        return best

    def epsilons(self, steps: int) -> NDArray[np.float64]:
        """The probability of a random action in each of the coming steps [n]."""
        return linear_schedule(
            self.num_timesteps - self._first_step + np.arange(steps),
            self._exploration_steps,
            self.exploration_initial_eps,
            self.exploration_final_eps,
        )

    def plan(self, total_timesteps: int) -> None:
        """Start the schedule of exploration."""
        self._first_step = self.num_timesteps
        self._exploration_steps = self.exploration_fraction * total_timesteps

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The Q-table."""
        return {"q_table": self.q_table}

    def sample(self, states: NDArray[np.int64]) -> NDArray[np.int64]:
        """Greedy actions [n], or random ones with the final probability of exploration."""
        explores = self.rng.random(len(states)) < self.exploration_final_eps
        random = self.rng.integers(self.action_space.n, size=len(states))
        return np.where(explores, random, self.policy[states])

    def learn_steps(self, steps: int) -> None:
        """Learn from that many steps of the environment, one at a time."""
        if self._obs is None:
            self._obs = self._reset(int(self.rng.integers(2**31)))
        obs = self._obs
        rows = self.q_table.tolist()  # lists are far faster than arrays for single numbers
        table, step = self.q_table, self.env.step
        learning_rate, gamma = self.learning_rate, self.gamma
        draws = self.rng.random((steps, 2)).tolist()  # in bulk: how many at a time changes nothing
        for (explore, choose), epsilon in zip(draws, self.epsilons(steps).tolist(), strict=True):
            row = rows[obs]
            action = _choose(row, epsilon, explore, choose)
            next_obs, reward, terminated, truncated, info = step(action)
            error = td_error(row[action], float(reward), terminated, max(rows[next_obs]), gamma)
            row[action] += learning_rate * error
            table[obs, action] = row[action]
            self.num_timesteps += 1
            self._return += info.get("happiness", reward)
            self._length += 1
            obs = next_obs
            if terminated or truncated:
                self._end_episode()
                obs = self._reset()
        self._obs = obs

    def _reset(self, seed: int | None = None) -> int:
        obs, _ = self.env.reset(seed=seed)
        return int(obs)

    def _end_episode(self) -> None:
        self.num_episodes += 1
        self.episode_returns.append(self._return)
        self.episode_lengths.append(self._length)
        self._return, self._length = 0.0, 0


def _choose(values: list[float], epsilon: float, explore: float, choose: float) -> int:
    """An epsilon-greedy action, from two random numbers in [0, 1); ties are broken at random."""
    if explore < epsilon:
        return int(choose * len(values))
    best = max(values)
    ties = values.count(best)
    action = values.index(best)
    for _ in range(int(choose * ties)):
        action = values.index(best, action + 1)
    return action
