"""A view of a saved agent: its parameters with their names, states as text, and exact scores."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Evaluation, runs, tabular_model
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.on_policy import TABLE, OnPolicy
from cookie_jar.agents.picture_agent import PictureAgent
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.envs import Action, World
from cookie_jar.envs.ansi import draw_text
from cookie_jar.envs.rendering.words import number
from cookie_jar.scripts.common.bars import Bars
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.knowledge import known, tried
from cookie_jar.scripts.inspection.parameters import Parameters


class MemoryView(Parameters):
    """The memory of a run or a snapshot: all numbers that its agent has learned.

    Args:
        run: A folder, RUN@STEPS or a file, as in `runs.memory_file`.
        evaluator: The evaluator of the agent's environment; by default, a new evaluator.

    Attributes:
        agent: The agent.
        arrays: The learned arrays by name; changing them changes the agent.
        world: The tables of the kitchen, or None in other environments.

    Raises:
        UsageError: If the agent is an imported policy.
    """

    def __init__(self, run: str | Path, evaluator: Evaluator | None = None) -> None:
        agent = runs.load(run)
        if isinstance(agent, PictureAgent):
            expected = "expected a Q-table or a policy gradient agent"
            raise UsageError(f"{run}: {expected}, got a {type(agent).__name__}; use `watch` with it")
        if not isinstance(agent, (TemporalDifference, OnPolicy)):
            raise UsageError(
                f"{run}: expected an agent of this package, got an imported policy; "
                "use `watch`, `card` or `compare` with it"
            )
        super().__init__(agent.arrays())
        self.run, self.agent = run, agent
        one_kitchen = tabular_model(agent.env) is not None
        self.world: World | None = getattr(agent.env.unwrapped, "world", None) if one_kitchen else None
        if evaluator is not None:
            self.evaluator = evaluator

    @cached_property
    def evaluator(self) -> Evaluator:
        """The evaluator of the agent's environment."""
        return Evaluator(self.agent.env)

    @property
    def env_id(self) -> str:
        """The id of the environment, or "?" if it has none."""
        return "?" if self.agent.env.spec is None else self.agent.env.spec.id

    def parameter_name(self, index: int) -> str:
        """Return the name of a parameter: its state and action, or its array and its index there."""
        name, position = self.position(index)
        if name == self.table_name:
            return f"state {position[0]}, {self.action_names[position[1]]}"
        return super().parameter_name(index)

    def parameter_index(self, words: Sequence[str]) -> int:
        """Return the index in `parameters` of STATE ACTION, or of an array's name and an index there.

        Raises:
            UsageError: If there is no such parameter.
        """
        if words[0] not in self.arrays and len(words) == 2 and self.table_name is not None:
            words = [self.table_name, words[0], str(self.action_number(words[1]))]
        return super().parameter_index(words)

    @property
    def places(self) -> str:
        """What can stand for the place of a parameter, for messages."""
        return f"STATE ACTION, or {super().places}"

    @property
    def has_states(self) -> bool:
        """Whether the environment has numbered states."""
        return isinstance(self.agent, TemporalDifference) or self.agent.can_count_states

    def table(self) -> NDArray[np.float64]:
        """Return the value of each action in each state [S, A]; probabilities for policy-gradient agents.

        Raises:
            UsageError: If the environment has no numbered states.
        """
        if isinstance(self.agent, TemporalDifference):
            return self.agent.q_table
        if not self.has_states:
            raise self.no_states()
        return self.agent.probabilities(self.agent.states())

    def state_values(self) -> NDArray[np.float64]:
        """Return the estimated value of each state [S]."""
        if isinstance(self.agent, OnPolicy):
            return self.agent.values(self.agent.states())
        best: NDArray[np.float64] = self.table().max(axis=1)
        return best

    def observations(self) -> NDArray[Any]:
        """Return the observation in each state [S, ...]; needs `has_states`."""
        if isinstance(self.agent, TemporalDifference):
            return np.arange(len(self.agent.q_table))
        return self.agent.states()

    def tried(self) -> NDArray[np.bool_]:
        """Return whether the agent has tried each action in each state [S, A]; see `knowledge.tried`."""
        return tried(self.agent, self.observations(), int(self.agent.action_space.n))

    def known(self) -> NDArray[np.bool_]:
        """Return whether the agent knows something about each state [S]; see `knowledge.known`."""
        return known(self.agent, self.observations())

    def bars(self, state: int) -> Bars | None:
        """Return the values (or probabilities) of the actions in a state; None if nothing is known there."""
        here = self.observations()[[state]]
        if not known(self.agent, here)[0]:
            return None
        if isinstance(self.agent, OnPolicy):
            return Bars(self.action_names, self.agent.probabilities(here)[0].tolist(), probabilities=True)
        values, learned = self.agent.q_table[state], tried(self.agent, here, len(self.action_names))[0]
        return Bars(self.action_names, values.tolist(), tried=learned.tolist())

    def check_state(self, number: int) -> int:
        """Return the number of a state.

        Raises:
            UsageError: If there is no such state.
        """
        count = len(self.table())
        if not 0 <= number < count:
            raise UsageError(f"expected a state from 0 to {count - 1}, got {number}")
        return number

    def draw(self, state: int) -> str:
        """Return a state as a small map, or its number in environments other than kitchens."""
        if self.world is None:
            return f"state {state}"
        return draw_text(self.world.config.kitchen, self.world.state(state))

    @property
    def action_names(self) -> list[str]:
        """The name of each action."""
        if self.world is not None:
            return [action.label for action in Action]
        return [f"action {number}" for number in range(int(self.agent.action_space.n))]

    def action_number(self, name: str) -> int:
        """Return the number of an action, given by name or number.

        Raises:
            UsageError: If there is no such action.
        """
        names = self.action_names
        plain = name.replace("-", " ")
        if plain in names:
            return names.index(plain)
        if name.isdecimal() and int(name) < len(names):
            return int(name)
        raise UsageError(f"expected an action among {', '.join(names)}, or its number, got {name!r}")

    @property
    def score(self) -> Evaluation:
        """The evaluation of the greedy policy."""
        return self.evaluator.greedy(self.agent)

    def summary(self) -> str:
        """Return the score of the greedy policy as text."""
        score = self.score
        percent = self.evaluator.percent(score.mean_return)
        possible = f", {percent:.1f} % of possible" if np.isfinite(percent) else ""
        return f"happiness {number(score.mean_return)}{possible}"

    def no_states(self) -> UsageError:
        """Return the error for an environment without numbered states."""
        return UsageError(f"{self.run}: {self.agent.env} has no numbered states")

    @property
    def table_name(self) -> str | None:
        """The name of the array [S, A] that has a row for each state, if there is one."""
        if isinstance(self.agent, TemporalDifference):
            return "q_table"
        return "policy.0.table" if self.agent.policy_kind == TABLE else None
