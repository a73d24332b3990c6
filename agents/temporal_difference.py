"""Tabular temporal-difference agents: Q-learning, SARSA and Expected SARSA."""

import warnings
from math import isfinite
from typing import Annotated, Any, ClassVar, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .checks import check_size, checked_step, discrete
from .errors import AgentError, AgentWarning, shown
from .hyperparameters import MAX_SEED, Interval, Whole, optional_flag
from .model import SamplingTables
from .q_table import QTableAgent
from .repeats import can_be_repeated, checked_actions
from .rewards import finite_reward, unshaped_reward
from .stepped_env import SteppedEnv
from .td_methods import EXPECTED_SARSA, Q_LEARNING, SARSA

BLOCK = 1 << 16  # steps between two chances to stop; does not change the result


class RunningEpisode(NamedTuple):
    """The running episode.

    Attributes:
        obs: The current state.
        chosen: The action chosen in advance, or -1.
        total: The return so far.
        length: The actions so far.
    """

    obs: int
    chosen: int = -1
    total: float = 0.0
    length: int = 0


class TemporalDifference(QTableAgent):
    """A table of action values, updated after every step of an epsilon-greedy policy.

    If the environment has a tabular model that agrees with its steps (see `tabular_model`), a compiled loop
    learns on the tables, otherwise `env.step` is called. Both give the same numbers if the environment is
    deterministic. The loop releases the global interpreter lock (GIL), so agents in several threads learn at
    the same time. An agent that steps starts a new episode if its environment was stepped from outside.

    Args:
        env: A Gymnasium environment with discrete spaces, or its id.
        learning_rate: Step size of an update. From 0 to 1.
        gamma: Discount factor. From 0 to 1.
        exploration_initial_eps: Initial probability of a random action.
        exploration_final_eps: Final probability of a random action.
        exploration_steps: Steps over which the probability of a random action falls linearly.
        initial_value: Initial value of all estimates. If it is above r / (1 - gamma), the value of repeating
            useless actions with reward r forever, actions that were tried in vain look worse than untried
            ones, so the agent tries them all (optimistic initial values; Sutton and Barto 2018, section 2.6).
            If it is below, the agent repeats the first action that it tried.
        exploration_bonus: Weight of a bonus for rarely taken actions, added to the action values when the
            agent chooses an action; 0 disables it. See `td_loops.choose_by_bound`.
        seed: Seed of the agent's random number generator, which also seeds the environment once.
        use_model: True to learn on the tables of the environment's model, False to step, None to use the
            tables if they agree with the environment.

    Attributes:
        q_table: float64 [S, A], the estimated discounted return of each action in each state: if the agent
            acts best afterwards (Q-learning), or as in training (SARSA, Expected SARSA). An action that was
            never tried has the initial value.
    """

    method: ClassVar[int]  # one of `td_methods`
    added = frozenset({"initial_value", "exploration_bonus"})

    def __init__(
        self,
        env: gym.Env[Any, Any] | str,
        *,
        learning_rate: Annotated[float, Interval(0, 1)] = 0.2,
        gamma: Annotated[float, Interval(0, 1)] = 0.99,
        exploration_initial_eps: Annotated[float, Interval(0, 1)] = 1.0,
        exploration_final_eps: Annotated[float, Interval(0, 1)] = 0.05,
        exploration_steps: Annotated[int, Whole(0)] = 50_000,
        initial_value: Annotated[float, Interval(-1e6, 1e6)] = 0.0,
        exploration_bonus: Annotated[float, Interval(0, 1e6)] = 0.0,
        seed: Annotated[int | None, Whole(0, MAX_SEED)] = None,
        use_model: bool | None = None,
    ) -> None:
        super().__init__(env, gamma=gamma, seed=seed)
        self.learning_rate = self.checked("learning_rate", learning_rate)
        self.exploration_initial_eps = self.checked("exploration_initial_eps", exploration_initial_eps)
        self.exploration_final_eps = self.checked("exploration_final_eps", exploration_final_eps)
        self.exploration_steps = self.checked("exploration_steps", exploration_steps)
        self.initial_value = self.checked("initial_value", initial_value)
        self.exploration_bonus = self.checked("exploration_bonus", exploration_bonus)
        states = int(discrete(self.observation_space, "observation").n)
        check_size("q_table", states * int(self.action_space.n))
        self._q_table = np.full((states, int(self.action_space.n)), self.initial_value)
        self._use_model = optional_flag("use_model", use_model)
        self._tables = self._find_tables()
        self._stepped = SteppedEnv(self.env, states)
        self._episode: RunningEpisode | None = None

    def reset_episode(self) -> None:
        """Start a new episode, on the tables of the new environment."""
        tables = self._find_tables()
        super().reset_episode()
        self._tables, self._stepped, self._episode = tables, SteppedEnv(self.env, len(self._q_table)), None

    def _find_tables(self) -> SamplingTables | None:
        if self._use_model is False:
            return None
        return SamplingTables.of(self.env, demanded=bool(self._use_model), shape=self._q_table.shape)

    def learn_steps(self, steps: int) -> None:
        """Train for `steps` more steps."""
        if self._episode is None:
            seed = int(self.rng.integers(2**31))
            self._episode = self._first_episode(seed)
        elif self._tables is None and self._stepped.was_moved:
            self._episode = RunningEpisode(self._stepped.reset())
        while steps > 0:
            block = min(steps, BLOCK)
            if self._tables is None:
                self._learn_by_steps(self._episode, block)
            else:
                self._learn_on_tables(self._episode, self._tables, block)
            steps -= block

    def _first_episode(self, seed: int) -> RunningEpisode:
        if self._tables is None:
            return RunningEpisode(self._stepped.reset(seed))
        random = self.rng.random() if self._tables.random else 0.0
        return RunningEpisode(int(np.searchsorted(self._tables.start_ends, random, side="right")))

    @property
    def _schedule(self) -> tuple[float, float, float]:
        return float(self.exploration_steps), self.exploration_initial_eps, self.exploration_final_eps

    @property
    def _choices(self) -> int:
        """The number of random numbers per step: SARSA also chooses the next action."""
        return 2 if self.method == SARSA else 1

    def _learn_on_tables(self, episode: RunningEpisode, tables: SamplingTables, steps: int) -> None:
        """Learn in the compiled loop."""
        returns, lengths = np.empty(steps), np.empty(steps, np.int64)
        running, ended = self._loop(episode, tables, returns, lengths)
        obs, chosen, total, length = running  # NumPy's numbers if the loop is not compiled
        self._episode = RunningEpisode(int(obs), int(chosen), float(total), int(length))
        first_step = self.num_timesteps - episode.length  # of the episode that was running
        returns, lengths = returns[:ended].copy(), lengths[:ended].copy()  # the rest of the memory is free
        self._ended.add(returns, lengths, first_step + np.cumsum(lengths))
        self.num_timesteps += steps
        self.num_episodes += ended

    def _loop(
        self,
        episode: RunningEpisode,
        tables: SamplingTables,
        returns: NDArray[np.float64],
        lengths: NDArray[np.int64],
    ) -> tuple[tuple[int, int, float, int], int]:
        """Run the compiled loop of this method; see `td_loops.learn_on_model`."""
        from .td_loops import learn_on_model

        result: tuple[tuple[int, int, float, int], int] = learn_on_model(
            self.q_table, self._counted, self.method, tables.packed, self.rng, self.num_timesteps,
            self._schedule, self.exploration_bonus, self.learning_rate, self.gamma, (*episode,), returns,
            lengths,
        )  # fmt: skip
        return result

    def _learn_by_steps(self, episode: RunningEpisode, steps: int) -> None:
        """Learn through `env.step`."""
        from .td_loops import NO_ACTION, choose_action, linear_schedule

        table, method, step, stepped = self.q_table, self.method, self.env.step, self._stepped
        schedule, visits, bonus = self._schedule, self._counted, self.exploration_bonus
        obs, chosen, total, length = episode
        stepped.enter()
        try:
            for draws in self.rng.random((steps, self._choices)).tolist():
                epsilon = linear_schedule(self.num_timesteps, *schedule)
                action = chosen
                if chosen == NO_ACTION:
                    action = choose_action(table, visits, obs, epsilon, bonus, draws[0])
                next_obs, reward, terminated, truncated, info = checked_step(self.env, step(action))
                next_obs, reward = stepped.state(next_obs), finite_reward(reward)
                score = unshaped_reward(info, reward)
                stepped.actions.append(action)
                if visits is not None:
                    visits[obs, action] += 1
                chosen = NO_ACTION
                if method == SARSA and not terminated:
                    chosen = choose_action(table, visits, next_obs, epsilon, bonus, draws[1])
                over = terminated or truncated
                self._update(obs, action, reward, next_obs, terminated, over, chosen, epsilon)
                self.num_timesteps += 1
                total += score
                length += 1
                obs = next_obs
                if over:
                    self.num_episodes += 1
                    self.episode_returns.append(total)
                    self.episode_lengths.append(length)
                    self.episode_ends.append(self.num_timesteps)
                    obs, chosen, total, length = stepped.reset(), NO_ACTION, 0.0, 0
        finally:  # also after an error or Ctrl-C, so that the table and the running episode agree
            self._episode = RunningEpisode(obs, chosen, total, length)
        stepped.leave()

    def _update(
        self,
        obs: int,
        action: int,
        reward: float,
        next_obs: int,
        terminated: bool,
        over: bool,
        next_action: int,
        epsilon: float,
    ) -> None:
        """Learn from a step; `over` says whether the episode ended, also by a time limit."""
        from .td_loops import update

        rate, gamma = self.learning_rate, self.gamma
        update(
            self.q_table, self.method, obs, action, reward, next_obs, terminated, next_action, epsilon, rate,
            gamma,
        )  # fmt: skip

    def resume_state(self) -> dict[str, Any]:
        """Return the running episode; without tables, also its random state and its actions."""
        if self._episode is None:
            return {}
        if self._tables is not None:
            return {"episode": list(self._episode)}
        if not can_be_repeated(self._stepped.actions):
            return {}
        return {
            "episode": list(self._episode),
            "env_random": self._stepped.random,
            "acts": self._stepped.actions,
        }

    def _resume(self, state: dict[str, Any]) -> None:
        """Continue the saved episode.

        Without tables, the environment repeats the episode from the same random state with the same actions;
        this is exact if the environment uses only `np_random` and has no hidden state between episodes.
        """
        if "episode" not in state:
            return
        states, actions = self.q_table.shape
        try:
            obs, chosen, total, length = state["episode"]
            whole = all(type(value) is int for value in (obs, chosen, length)) and isfinite(total)
        except (TypeError, ValueError, OverflowError):
            whole = False
        if not (whole and 0 <= obs < states and -1 <= chosen < actions and 0 <= length <= self.num_timesteps):
            raise AgentError(f"expected an episode in {states} states, got {shown(state['episode'])}")
        if ("acts" in state) != (self._tables is None):
            return  # saved with another `use_model`: a new episode starts
        if (
            "acts" in state
            and self._stepped.repeat(state["env_random"], checked_actions(state["acts"], actions)) != obs
        ):
            message = "the running episode cannot be repeated: a new episode starts"
            warnings.warn(message, AgentWarning, stacklevel=3)
            return
        self._episode = RunningEpisode(obs, chosen, float(total), length)


class QLearning(TemporalDifference):
    """Q-learning (Watkins 1989). See `TemporalDifference`, and `td_loops.q_target` for the target."""

    method = Q_LEARNING


class Sarsa(TemporalDifference):
    """SARSA (Rummery and Niranjan 1994). See `TemporalDifference`, and `td_loops.sarsa_target`."""

    method = SARSA


class ExpectedSarsa(TemporalDifference):
    """Expected SARSA (van Seijen et al. 2009). See `TemporalDifference`, `td_loops.expected_sarsa_target`."""

    method = EXPECTED_SARSA
