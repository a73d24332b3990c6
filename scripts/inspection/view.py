"""A memory with all that helps to read it: names, maps and exact scores."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Evaluation, runs, tabular_model
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.on_policy import TABLE, OnPolicy
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.envs import Action, World
from cookie_jar.envs.ansi import draw_text
from cookie_jar.scripts.common.console import UsageError


class MemoryView:
    """The memory of a run or a snapshot.

    Args:
        run: as in `runs.memory_file`.
        judge: to share one among memories of the same environment.

    Attributes:
        agent: the one who remembers.
        numbers: all that it has learned, by name; float arrays.
        world: the kitchen's tables, or None in another environment.
    """

    def __init__(self, run: str | Path, evaluator: Evaluator | None = None) -> None:
        agent = runs.load(run)
        if not isinstance(agent, (TemporalDifference, OnPolicy)):
            raise UsageError(
                f"{run}: expected a memory of one of our learners, got a guest, which learned elsewhere; "
                "`watch`, `card` and `compare` show it"
            )
        self.run, self.agent, self.numbers = run, agent, agent.arrays()
        one_kitchen = tabular_model(agent.env) is not None
        self.world: World | None = getattr(agent.env.unwrapped, "world", None) if one_kitchen else None
        if evaluator is not None:
            self.evaluator = evaluator

    @cached_property
    def evaluator(self) -> Evaluator:
        """Scores this memory and others of the same environment."""
        return Evaluator(self.agent.env)

    @property
    def count(self) -> int:
        """How many numbers it has learned."""
        return sum(array.size for array in self.numbers.values())

    def parameters(self) -> NDArray[np.float64]:
        """A copy of all numbers in a row [count]."""
        return np.concatenate([array.ravel().astype(np.float64) for array in self.numbers.values()])

    def set_parameters(self, parameters: NDArray[np.float64]) -> None:
        """Replace all numbers, given in a row [count]."""
        start = 0
        for array in self.numbers.values():
            array[...] = parameters[start : start + array.size].reshape(array.shape)
            start += array.size

    def table(self) -> NDArray[np.float64]:
        """What it remembers of each action in each state [S, A]: its value, or its probability.

        Raises:
            UsageError: the environment has no states that one could count.
        """
        if isinstance(self.agent, TemporalDifference):
            return self.agent.q_table
        if not self.has_states:
            raise UsageError(f"{self.run}: {self.agent.env} has no states that one could count")
        return self.agent.probabilities(self.agent.states())

    @property
    def has_states(self) -> bool:
        """Whether the environment has states that one could count."""
        return isinstance(self.agent, TemporalDifference) or self.agent.can_count_states

    def values(self) -> NDArray[np.float64]:
        """The happiness that it expects from each state on [S]."""
        if isinstance(self.agent, OnPolicy):
            return self.agent.values(self.agent.states())
        best: NDArray[np.float64] = self.table().max(axis=1)
        return best

    @property
    def _table_name(self) -> str | None:
        """The name of the numbers that have a row for each state and a column for each action."""
        if isinstance(self.agent, TemporalDifference):
            return "q_table"
        return "policy.0.table" if self.agent.policy_kind == TABLE else None

    def words(self, place: int) -> str:
        """A number's place in the row of all, in words: state and action, or the weight's name and place."""
        for name, array in self.numbers.items():
            if place < array.size:
                index = [int(i) for i in np.unravel_index(place, array.shape)]
                if name == self._table_name:
                    return f"state {index[0]}, {self.action_names[index[1]]}"
                return f"{name} {index}"
            place -= array.size
        raise IndexError(place)

    def place(self, words: Sequence[str]) -> int:
        """The place of a number in the row of all, from a state and an action, or a weight's name and place.

        Raises:
            UsageError: there is no such number.
        """
        name, index = words[0], words[1:]
        if name not in self.numbers and len(words) == 2 and self._table_name is not None:
            name, index = self._table_name, [words[0], str(self.action(words[1]))]
        start = 0
        for known, array in self.numbers.items():
            if known == name and all(word.isdecimal() for word in index):
                try:
                    return start + int(np.ravel_multi_index([int(word) for word in index], array.shape))
                except ValueError:
                    break
            start += array.size
        shapes = ", ".join(f"{name} {list(array.shape)}" for name, array in self.numbers.items())
        raise UsageError(
            f"expected STATE ACTION, or the place of a number in {shapes}; got {' '.join(words)}"
        )

    @property
    def score(self) -> Evaluation:
        """What the greedy policy is worth."""
        return self.evaluator.greedy(self.agent)

    @property
    def action_names(self) -> list[str]:
        """The name of each action."""
        if self.world is not None:
            return [action.label for action in Action]
        return [f"action {number}" for number in range(int(self.agent.action_space.n))]

    def action(self, name: str) -> int:
        """The number of an action, given by name or number.

        Raises:
            UsageError: there is no such action.
        """
        names = self.action_names
        plain = name.replace("-", " ")
        if plain in names:
            return names.index(plain)
        if name.isdecimal() and int(name) < len(names):
            return int(name)
        raise UsageError(f"expected an action among {', '.join(names)}, or its number, got {name!r}")

    def state(self, number: int) -> int:
        """The number of a state, checked.

        Raises:
            UsageError: there is no such state.
        """
        count = len(self.table())
        if not 0 <= number < count:
            raise UsageError(f"expected a state from 0 to {count - 1}, got {number}")
        return number

    def draw(self, state: int) -> str:
        """The state as a small map, or just its number."""
        if self.world is None:
            return f"state {state}"
        return draw_text(self.world.config.kitchen, self.world.state(state))

    def episode(self, seed: int = 0, limit: int = 200) -> list[tuple[int, int, dict[str, Any]]]:
        """The greedy episode: the state, the action, and what the environment told of it.

        Raises:
            UsageError: the environment has no states that one could count.
        """
        env, steps = self.agent.env, []
        obs, _ = env.reset(seed=seed)
        state = self._number(obs)
        for _ in range(limit):
            action = int(self.agent.predict(obs, deterministic=True)[0])
            obs, reward, terminated, truncated, info = env.step(action)
            next_state = self._number(obs)
            told = {"next_obs": next_state, "reward": float(reward), "terminated": terminated, **info}
            steps.append((state, action, told))
            state = next_state
            if terminated or truncated:
                break
        return steps

    def _number(self, obs: Any) -> int:
        """The number of the present state."""
        if self.world is not None:
            return self.world.number(self.agent.env.unwrapped.get_state())  # type: ignore[attr-defined]
        if np.ndim(obs) == 0:
            return int(obs)
        raise UsageError(f"{self.run}: {self.agent.env} has no states that one could count")

    def reachable(self) -> NDArray[np.int64]:
        """The states that the greedy policy can come to."""
        model = tabular_model(self.agent.env)
        if model is None:
            return np.unique([state for state, _, _ in self.episode()])
        seen = model.start > 0
        rows, policy = np.arange(len(seen)), self.agent.policy
        follow, possible = model.next_state[rows, policy], model.probability[rows, policy] > 0
        while True:
            more = seen.copy()
            more[follow[seen][possible[seen]]] = True
            if np.array_equal(more, seen):
                return np.flatnonzero(seen)
            seen = more

    def summary(self) -> str:
        """How good it is, in a few words."""
        score = self.score
        percent = self.evaluator.percent(score.mean_return)
        possible = f", {percent:.1f} % of what is possible" if np.isfinite(percent) else ""
        return f"happiness {score.mean_return:.2f}{possible}"
