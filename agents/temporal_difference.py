"""Tabular learners that learn from the difference between one guess and the next."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from .base import Agent
from .checks import discrete, in_range, whole
from .errors import AgentError
from .model import TabularModel, tabular_model, time_limit

BLOCK = 1 << 16  # how many steps are learned in one go; it changes nothing that is learned


class RunningEpisode(NamedTuple):
    """The running episode."""

    obs: int
    chosen: int = -1  # the action chosen in advance, or -1
    total: float = 0.0
    length: int = 0


class TemporalDifference(Agent):
    """A table of action values, learned step by step while acting epsilon-greedily.

    Where the environment has a tabular model, a compiled loop learns on its tables; elsewhere, through
    `env.step`. Both give the same numbers where nothing is random but the agent.

    Args:
        env: a Gymnasium environment with discrete spaces, or the id of one.
        learning_rate: how far a number moves towards its target, from 0 to 1.
        gamma: discount factor, from 0 to 1.
        exploration_initial_eps: probability of a random action at first.
        exploration_final_eps: the same in the end.
        exploration_steps: steps over which it falls, linearly.
        seed: of all randomness of the agent; the environment is seeded from it once.
        use_model: whether to learn on the tables of an environment that has them.

    Attributes:
        q_table: float64 [S, A], the memory: expected happiness of each action in each state.
    """

    kind: ClassVar[int]  # which of the kinds in `td_loops`, whose import takes a while
    hyperparameters: ClassVar[tuple[str, ...]] = (
        "learning_rate",
        "gamma",
        "exploration_initial_eps",
        "exploration_final_eps",
        "exploration_steps",
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
        exploration_steps: int = 50_000,
        seed: int | None = None,
        use_model: bool = True,
    ) -> None:
        super().__init__(env, gamma=gamma, seed=seed)
        self.learning_rate = in_range("learning_rate", learning_rate, 0, 1)
        self.exploration_initial_eps = in_range("exploration_initial_eps", exploration_initial_eps, 0, 1)
        self.exploration_final_eps = in_range("exploration_final_eps", exploration_final_eps, 0, 1)
        self.exploration_steps = whole("exploration_steps", exploration_steps, 0)
        states = int(discrete(self.observation_space, "observation").n)
        self._q_table = np.zeros((states, int(self.action_space.n)))
        self._use_model = use_model
        self._tables = _Tables.of(self.env) if use_model else None
        self._episode: RunningEpisode | None = None
        self._env_random: Mapping[str, Any] = {}  # of the environment, before the running episode began
        self._actions: list[int] = []  # of the running episode, through `env.step`

    @property
    def q_table(self) -> NDArray[np.float64]:
        """The memory; its numbers may be changed in place, or be replaced by others of the same shape.

        Raises:
            AgentError: the new ones have another shape, or are no finite numbers.
        """
        return self._q_table

    @q_table.setter
    def q_table(self, table: NDArray[np.float64]) -> None:
        new = np.asarray(table, np.float64)
        if new.shape != self._q_table.shape or not np.isfinite(new).all():
            shape = list(self._q_table.shape)
            raise AgentError(f"q_table: expected finite numbers {shape}, got {list(new.shape)}")
        self._q_table[...] = new

    def reset_episode(self) -> None:
        """Learn on the tables of the new environment, from a new episode on."""
        super().reset_episode()
        self._tables = _Tables.of(self.env) if self._use_model else None
        self._episode = None

    @property
    def policy(self) -> NDArray[np.int64]:
        """The greedy action in each state, int64 [S]; the first where several are best."""
        best: NDArray[np.int64] = self.q_table.argmax(axis=1)
        return best

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The Q-table."""
        return {"q_table": self.q_table}

    def sample(self, observations: NDArray[np.int64]) -> NDArray[np.int64]:
        """Greedy actions [n], or random ones with the final probability of exploration."""
        explores = self.rng.random(len(observations)) < self.exploration_final_eps
        random = self.rng.integers(self.action_space.n, size=len(observations))
        return np.where(explores, random, self.policy[observations])

    def learn_steps(self, steps: int) -> None:
        """Learn from that many more steps."""
        if self._episode is None:
            seed = int(self.rng.integers(2**31))
            self._episode = self._first_episode(seed)
        while steps > 0:
            block = min(steps, BLOCK)
            if self._tables is None:
                self._learn_by_steps(self._episode, block)
            else:
                self._learn_on_tables(self._episode, self._tables, block)
            steps -= block

    def _first_episode(self, seed: int) -> RunningEpisode:
        if self._tables is None:
            self.env.reset(seed=seed)
            return RunningEpisode(self._reset_env())
        random = self.rng.random() if self._tables.random else 0.0
        return RunningEpisode(int(np.searchsorted(self._tables.start_ends, random, side="right")))

    @property
    def _schedule(self) -> tuple[float, float, float]:
        return float(self.exploration_steps), self.exploration_initial_eps, self.exploration_final_eps

    @property
    def _choices(self) -> int:
        """How many random choices a step may need: SARSA chooses the next action as well."""
        return 2 if self.kind == 1 else 1

    def _learn_on_tables(self, episode: RunningEpisode, tables: "_Tables", steps: int) -> None:
        """The compiled loop."""
        from .td_loops import learn_on_model

        draws = self.rng.random((steps, 4 if tables.random else self._choices))
        returns, lengths = np.empty(steps), np.empty(steps, np.int64)
        model = tables.model
        running, ended = learn_on_model(
            self.q_table, self.kind, model.next_state, tables.outcome_ends, model.reward, model.terminated,
            tables.score, tables.start_ends, tables.time_limit, draws, self.num_timesteps,
            self._schedule, self.learning_rate, self.gamma, (*episode,), returns, lengths,
        )  # fmt: skip
        self._episode = RunningEpisode(*running)
        self.num_timesteps += steps
        self.num_episodes += ended
        self.episode_returns.extend(returns[:ended].tolist())
        self.episode_lengths.extend(lengths[:ended].tolist())

    def _learn_by_steps(self, episode: RunningEpisode, steps: int) -> None:
        """The same through the environment, one step at a time."""
        from .td_loops import NO_ACTION, SARSA, choose, linear_schedule, update

        table, kind, step = self.q_table, self.kind, self.env.step
        rate, gamma, schedule = self.learning_rate, self.gamma, self._schedule
        states = len(table)
        obs, chosen, total, length = episode
        try:
            for draws in self.rng.random((steps, self._choices)).tolist():
                epsilon = linear_schedule(self.num_timesteps, *schedule)
                action = choose(table, obs, epsilon, draws[0]) if chosen == NO_ACTION else chosen
                next_obs, reward, terminated, truncated, info = step(action)
                if not 0 <= next_obs < states:
                    raise AgentError(
                        f"expected observations below {states}, got {next_obs!r} from {self.env}"
                    )
                self._actions.append(action)
                chosen = NO_ACTION
                if kind == SARSA and not terminated:
                    chosen = choose(table, next_obs, epsilon, draws[1])
                reward = float(reward)
                update(table, kind, obs, action, reward, next_obs, terminated, chosen, epsilon, rate, gamma)
                self.num_timesteps += 1
                total += info.get("happiness", reward)
                length += 1
                obs = int(next_obs)
                if terminated or truncated:
                    self.num_episodes += 1
                    self.episode_returns.append(total)
                    self.episode_lengths.append(length)
                    obs, chosen, total, length = self._reset_env(), NO_ACTION, 0.0, 0
        finally:  # also after a failure or Ctrl-C: what was learned and where it stands agree
            self._episode = RunningEpisode(obs, chosen, total, length)

    def _reset_env(self) -> int:
        """Start an episode, and remember how, so that it can be played again."""
        self._env_random = self.env.unwrapped.np_random.bit_generator.state
        self._actions = []
        obs, _ = self.env.reset()
        return int(obs)

    def resume_state(self) -> dict[str, Any]:
        """The running episode; through `env.step`, with all that is needed to play it again."""
        if self._episode is None:
            return {}
        if self._tables is not None:
            return {"episode": list(self._episode)}
        return {"episode": list(self._episode), "env_random": self._env_random, "acts": self._actions}

    def set_resume_state(self, state: dict[str, Any]) -> None:
        """Go on in the episode that `progress` described.

        The environment is brought there by its own randomness and the same acts; it has to keep no
        secrets beside them.
        """
        if "episode" not in state:
            return
        obs, chosen, total, length = state["episode"]
        states, actions = self.q_table.shape
        if not (0 <= obs < states and -1 <= chosen < actions and length >= 0):
            raise AgentError(f"expected an episode among {states} states, got {state['episode']}")
        if "acts" in state and self._tables is None:
            self.env.reset(seed=0)
            self.env.unwrapped.np_random.bit_generator.state = state["env_random"]
            here = self._reset_env()
            for action in state["acts"]:
                here = int(self.env.step(action)[0])
            self._actions = list(state["acts"])
            if here != obs:
                raise AgentError(f"the environment does not repeat itself: expected state {obs}, got {here}")
        elif ("acts" in state) != (self._tables is None):
            return  # learned by the other way: a new episode begins
        self._episode = RunningEpisode(int(obs), int(chosen), float(total), int(length))


class QLearning(TemporalDifference):
    """Q-learning: the next state counts by its best action (Watkins 1989). See `TemporalDifference`."""

    kind = 0


class Sarsa(TemporalDifference):
    """SARSA: the next state counts by the action that will be taken there. See `TemporalDifference`."""

    kind = 1


class ExpectedSarsa(TemporalDifference):
    """Expected SARSA: the next state counts by the mean of what could be done. See `TemporalDifference`."""

    kind = 2


class _Tables(NamedTuple):
    """A tabular model as the compiled loop wants it.

    Attributes:
        model: what is learned from.
        score: the reward that returns add up [S, A, K].
        outcome_ends: cumulative probabilities [S, A, K], 1 from the last possible outcome on.
        start_ends: the same of the first state [S].
        random: whether chance decides anything.
        time_limit: actions of an episode, or 0 for no limit.
    """

    model: TabularModel
    score: NDArray[np.float64]
    outcome_ends: NDArray[np.float64]
    start_ends: NDArray[np.float64]
    random: bool
    time_limit: int

    @classmethod
    def of(cls, env: gym.Env[Any, Any]) -> "_Tables | None":
        model, truth = tabular_model(env), tabular_model(env, unshaped=True)
        if model is None or truth is None:
            return None
        random = model.next_state.shape[2] > 1 or np.count_nonzero(model.start) > 1
        return cls(
            model,
            truth.reward,
            _ends(model.probability),
            _ends(model.start),
            bool(random),
            time_limit(env) or 0,
        )


def _ends(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cumulative probabilities along the last axis; 1 from the last possible outcome on."""
    possible = probability > 0
    later = np.flip(np.logical_or.accumulate(np.flip(possible, -1), -1), -1)  # itself or a later one can be
    still_to_come = np.concatenate([later[..., 1:], np.zeros_like(later[..., :1])], axis=-1)
    return np.where(still_to_come, probability.cumsum(axis=-1), 1.0)
