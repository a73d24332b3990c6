"""A memory with all that helps to read it: names, maps and exact scores."""

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Evaluation, tabular_model
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.envs import Action, World
from cookie_jar.envs.text import draw_text
from cookie_jar.scripts import runs
from cookie_jar.scripts.console import UsageError
from cookie_jar.scripts.scoring import Judge


class Recall:
    """The memory of a run or a snapshot.

    Args:
        run: as in `runs.memory_file`.
        judge: to share one among memories of the same environment.

    Attributes:
        agent: the one who remembers.
        table: float64 [S, A], the memory.
        world: the kitchen's tables, or None in another environment.
    """

    def __init__(self, run: str | Path, judge: Judge | None = None) -> None:
        agent = runs.load_run(run)
        if not isinstance(agent, TemporalDifference):
            raise UsageError(f"{run}: expected an agent with a table, got {type(agent).__name__}")
        self.run, self.agent, self.table = run, agent, agent.q_table
        self.world: World | None = getattr(agent.env.unwrapped, "world", None)
        if judge is not None:
            self.judge = judge

    @cached_property
    def judge(self) -> Judge:
        """Scores this memory and others of the same environment."""
        return Judge(self.agent.env)

    @property
    def score(self) -> Evaluation:
        """What the greedy policy is worth."""
        return self.judge.greedy(self.agent)

    @property
    def action_names(self) -> list[str]:
        """The name of each action."""
        if self.world is not None:
            return [action.label for action in Action]
        return [f"action {number}" for number in range(self.table.shape[1])]

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
        if not 0 <= number < len(self.table):
            raise UsageError(f"expected a state from 0 to {len(self.table) - 1}, got {number}")
        return number

    def draw(self, state: int) -> str:
        """The state as a small map, or just its number."""
        if self.world is None:
            return f"state {state}"
        return draw_text(self.world.rules.kitchen, self.world.state(state))

    def episode(self, seed: int = 0, limit: int = 200) -> list[tuple[int, int, dict[str, Any]]]:
        """The greedy episode: the state, the action, and what the environment told of it."""
        env, steps = self.agent.env, []
        obs, _ = env.reset(seed=seed)
        for _ in range(limit):
            action = int(self.agent.predict(obs, deterministic=True)[0])
            next_obs, reward, terminated, truncated, info = env.step(action)
            told = {"next_obs": int(next_obs), "reward": float(reward), "terminated": terminated, **info}
            steps.append((int(obs), action, told))
            obs = next_obs
            if terminated or truncated:
                break
        return steps

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
        percent = self.judge.percent(score.happiness)
        possible = f", {percent:.1f} % of what is possible" if np.isfinite(percent) else ""
        return f"happiness {score.happiness:.2f}{possible}"
