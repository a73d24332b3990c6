"""The stations of the tour, carried out in Python: operations on an agent, and the facts that are measured.

An operation is a list: its name, then its arguments; stations.json holds them, and `webpage/tour.js` carries
out the same ones.
"""

import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np

import cookie_jar.envs
from cookie_jar.agents import Evaluation, QLearning, evaluate, optimum, tabular_model
from cookie_jar.agents.exact import uniform_policy
from cookie_jar.agents.model import TabularModel, time_limit
from cookie_jar.scripts.common.lessons import OWN, Station, read_lessons

Entry = tuple[int, int]  # state and action of a number in the table


class Place(NamedTuple):
    """A kitchen: its id, its exact model, and the returns of the random policy and of the optimum."""

    id: str
    model: TabularModel
    horizon: int
    random: Evaluation
    optimum: Evaluation


@cache
def place(kitchen: str) -> Place:
    """Return the kitchen of a name."""
    env = gym.make(OWN[kitchen])
    model, horizon = tabular_model(env), time_limit(env)
    assert model is not None
    assert horizon is not None
    random = evaluate(model, uniform_policy(model), horizon)
    return Place(OWN[kitchen], model, horizon, random, optimum(model, horizon))


class Laboratory:
    """An agent in a kitchen, and the facts that were measured so far.

    Args:
        kitchen: The name of the kitchen.
        seed: Seed of the agent.

    Attributes:
        facts: The values of the facts, by name.
    """

    def __init__(self, kitchen: str, seed: int = 0) -> None:
        self.facts: dict[str, Any] = {}
        self.start(kitchen, seed=seed)

    def start(self, kitchen: str, seed: int = 0, **settings: Any) -> None:
        """Start a new agent."""
        self.place = place(kitchen)
        self.agent = QLearning(self.place.id, seed=seed, **settings)

    def do(self, operations: list[list[Any]]) -> None:
        """Carry out operations."""
        for name, *arguments in operations:
            OPERATIONS[name](self, *arguments)

    @property
    def evaluation(self) -> Evaluation:
        """The exact performance of the greedy policy."""
        return evaluate(self.place.model, self.agent.policy, self.place.horizon)

    @property
    def percent(self) -> float:
        """The return of the greedy policy in percent, from 0 for the random policy to 100 for the optimum."""
        random, best = self.place.random.mean_return, self.place.optimum.mean_return
        return 100 * (self.evaluation.mean_return - random) / (best - random)

    def way(self) -> list[Entry]:
        """Return the numbers that the greedy policy reads from the start: until an end or a loop."""
        model, policy = self.place.model, self.agent.policy
        entries: list[Entry] = []
        state = int(model.start.argmax())
        while (entry := (state, int(policy[state]))) not in entries:
            entries.append(entry)
            if model.terminated[*entry, 0]:
                break
            state = int(model.next_state[*entry, 0])
        return entries


def label(action: int) -> str:
    """Return the name of an action."""
    return cookie_jar.envs.Action(action).label


def play(station: Station, seed: int = 0) -> dict[str, Any]:
    """Carry out all operations of a station, and return its facts."""
    laboratory = Laboratory(station.kitchen, seed)
    laboratory.do([*station.before, *station.operations])
    return laboratory.facts


def right_choice(station: Station, facts: Mapping[str, Any]) -> int:
    """Return the number of the choice that the measured fact makes right.

    Raises:
        ValueError: If there is not exactly one.
    """
    found = facts[station.answer]
    right = [
        number
        for number, (low, high) in enumerate(station.choices)
        if facts.get(low, low) <= found <= facts.get(high, high)
    ]
    if len(right) != 1:
        raise ValueError(f"{station.id}: expected one right choice for {found!r}, got {right}")
    return right[0]


def _start(laboratory: Laboratory, kitchen: str, settings: Mapping[str, Any]) -> None:
    laboratory.start(kitchen, **settings)


def _learn(laboratory: Laboratory, steps: int) -> None:
    laboratory.agent.learn(steps)


def _step(laboratory: Laboratory) -> None:
    """Take one step in a kitchen without chance, and note its arithmetic."""
    agent, table, model = laboratory.agent, laboratory.agent.q_table.copy(), laboratory.place.model
    agent.learn(1)
    for state, action in np.argwhere(agent.q_table != table).tolist():  # a single one, or none
        before, reward = float(table[state, action]), float(model.reward[state, action, 0])
        ends, next_obs = model.terminated[state, action, 0], model.next_state[state, action, 0]
        best_next = 0.0 if ends else float(table[next_obs].max())
        target = reward + agent.gamma * best_next
        laboratory.facts |= {
            "action": action, "name": label(action), "reward": reward, "before": before,
            "best_next": best_next, "learning_rate": agent.learning_rate, "gamma": agent.gamma,
            "target": target, "error": target - before, "after": float(agent.q_table[state, action]),
        }  # fmt: skip


def _edit(laboratory: Laboratory, state: int, value: float) -> None:
    """Change the number of the best action in a state."""
    laboratory.agent.q_table[state, laboratory.agent.policy[state]] = value


def _forget(laboratory: Laboratory, which: str) -> None:
    """Set all numbers back to the initial value but those that the greedy policy reads."""
    if which != "all but greedy way":
        raise ValueError(f"forget: expected 'all but greedy way', got {which!r}")
    agent = laboratory.agent
    kept = {entry: agent.q_table[entry] for entry in laboratory.way()}
    agent.q_table[:] = agent.initial_value
    for entry, value in kept.items():
        agent.q_table[entry] = value


def _save_and_open(laboratory: Laboratory, further: int) -> None:
    """Save the agent, read the file, let both learn on, and compare their numbers."""
    agent = laboratory.agent
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = agent.save(Path(folder) / "agent")
        copy, size = QLearning.load(path), path.stat().st_size
    same = int(np.count_nonzero(agent.learn(further).q_table == copy.learn(further).q_table))
    laboratory.facts |= {"bytes": size, "stored": copy.q_table.size, "further": further, "same": same}


def _largest(laboratory: Laboratory, fact: str, names: list[str]) -> None:
    laboratory.facts[fact] = max(laboratory.facts[name] for name in names)


def _note(laboratory: Laboratory, fact: str, measure: str) -> None:
    laboratory.facts[fact] = MEASURES[measure](laboratory)


def _phases(laboratory: Laboratory) -> str:
    return ", ".join(station["phase"] for station in read_lessons()["stations"] if "phase" in station)


OPERATIONS: Mapping[str, Callable[..., None]] = {
    "start": _start,
    "learn": _learn,
    "step": _step,
    "edit": _edit,
    "forget": _forget,
    "save and open": _save_and_open,
    "largest": _largest,
    "note": _note,
}
MEASURES: Mapping[str, Callable[[Laboratory], Any]] = {
    "steps": lambda lab: lab.agent.num_timesteps,
    "numbers": lambda lab: lab.agent.q_table.size,
    "states": lambda lab: len(lab.agent.q_table),
    "way": lambda lab: len(lab.way()),
    "first": lambda lab: label(lab.way()[0][1]),
    "row": lambda lab: "  ".join(f"{value:z.2f}" for value in lab.agent.q_table[0]),
    "start": lambda lab: f"{lab.agent.q_table[0].max():.2f}",
    "changed": lambda lab: int(np.count_nonzero(lab.agent.q_table != lab.agent.initial_value)),
    "percent": lambda lab: round(lab.percent),
    "happiness": lambda lab: f"{lab.evaluation.mean_return:.2f}",
    "random": lambda lab: f"{lab.place.random.mean_return:.2f}",
    "optimum": lambda lab: f"{lab.place.optimum.mean_return:.2f}",
    "phases": _phases,
}
