"""The stations of the tour, carried out in Python: operations on an agent, and the facts that are measured.

An operation is a list: its name, then its arguments; stations.json holds them, and `webpage/tour.js` carries
out the same ones. "$percent" stands for the value of the fact "percent".
"""

import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np

import cookie_jar.envs  # registers the kitchens
from cookie_jar.agents import Evaluation, QLearning, evaluate, optimum, tabular_model
from cookie_jar.agents.exact import uniform_policy
from cookie_jar.agents.model import TabularModel, time_limit
from cookie_jar.scripts.common.lessons import Station, read_lessons

IDS = {"corner": "CookieJarCorner-v0", "home": "CookieJar-v0", "clumsy": "CookieJarClumsy-v0"}
LONGEST = 100_000  # steps of "learn until"
FIRST = [0, -1, 0.0, 0]  # the episode of an agent that has not acted yet

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
    env = gym.make(IDS[kitchen])
    model, horizon = tabular_model(env), time_limit(env)
    assert model is not None
    assert horizon is not None
    random = evaluate(model, uniform_policy(model), horizon)
    return Place(IDS[kitchen], model, horizon, random, optimum(model, horizon))


class Laboratory:
    """An agent in a kitchen, and the facts that were measured so far.

    Args:
        kitchen: The name of the kitchen.
        seed: Seed of the numbers that "draw" draws.

    Attributes:
        facts: The values of the facts, by name.
    """

    def __init__(self, kitchen: str, seed: int = 0) -> None:
        self.facts: dict[str, Any] = {}
        self.random = np.random.default_rng(seed)
        self.start(kitchen)

    def start(self, kitchen: str, **settings: Any) -> None:
        """Start a new agent."""
        self.place = place(kitchen)
        self.agent = QLearning(self.place.id, **{"seed": 0} | settings)

    def do(self, operations: list[list[Any]]) -> None:
        """Carry out operations."""
        for name, *arguments in operations:
            OPERATIONS[name](self, *(self.value(argument) for argument in arguments))

    def value(self, argument: Any) -> Any:
        """Return an argument, or the value of a fact that it names, such as "$percent"."""
        return resolve(argument, self.facts)

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

    def entry(self, state: int, action: str) -> Entry:
        """Return the place of a number in the table; the action "best" is the greedy one."""
        return state, int(self.agent.policy[state]) if action == "best" else actions().index(action)


def resolve(value: Any, facts: Mapping[str, Any]) -> Any:
    """Return a value; "$percent" is the value of the fact "percent"."""
    return facts[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def actions() -> list[str]:
    """Return the names of the actions."""
    return [action.label for action in cookie_jar.envs.Action]


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

    def fits(choice: Any) -> bool:
        low, high = choice if isinstance(choice, list) else (choice, choice)
        return bool(resolve(low, facts) <= found <= resolve(high, facts))

    found = facts[station.answer]
    right = [number for number, choice in enumerate(station.choices) if fits(choice)]
    if len(right) != 1:
        raise ValueError(f"{station.id}: expected one right choice for {found!r}, got {right}")
    return right[0]


def order(count: int, seed: int) -> list[int]:
    """Return the order in which a question of the quiz shows its choices."""
    keys = np.random.default_rng(seed).random(count).tolist()
    return sorted(range(count), key=keys.__getitem__)


def _start(laboratory: Laboratory, kitchen: str, settings: Mapping[str, Any]) -> None:
    laboratory.start(kitchen, **settings)


def _learn(laboratory: Laboratory, steps: int) -> None:
    laboratory.agent.learn(steps)


def _learn_until(laboratory: Laboratory, fact: str, measure: str, value: float) -> None:
    """Learn until a measure reaches a value, and note the action of the last step."""
    agent, before = laboratory.agent, laboratory.agent.q_table.copy()
    while MEASURES[measure](laboratory) < value and agent.num_timesteps < LONGEST:
        before[:] = agent.q_table
        agent.learn(1)
    laboratory.facts[fact] = actions()[int(np.argwhere(agent.q_table != before)[0, 1])]


def _step(laboratory: Laboratory) -> None:
    """Take one step that does not end the episode, and note its arithmetic."""
    agent, table = laboratory.agent, laboratory.agent.q_table.copy()
    running = agent.resume_state().get("episode", FIRST)
    agent.learn(1)
    next_obs, _, total, _ = agent.resume_state()["episode"]
    state, action = np.argwhere(agent.q_table != table)[0]
    before, reward, best_next = float(table[state, action]), total - running[2], float(table[next_obs].max())
    target = reward + agent.gamma * best_next
    laboratory.facts |= {
        "action": actions()[action], "reward": reward, "before": before, "best_next": best_next,
        "learning_rate": agent.learning_rate, "gamma": agent.gamma, "target": target, "error": target - before,
        "change": agent.learning_rate * (target - before), "after": float(agent.q_table[state, action]),
    }  # fmt: skip


def _edit(laboratory: Laboratory, state: int, action: str, value: float) -> None:
    laboratory.agent.q_table[laboratory.entry(state, action)] = value


def _set(laboratory: Laboratory, setting: str, value: float) -> None:
    both = ("exploration_initial_eps", "exploration_final_eps")
    for name in both if setting == "exploration" else (setting,):
        setattr(laboratory.agent, name, value)


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
    with tempfile.TemporaryDirectory() as folder:
        path = agent.save(Path(folder) / "agent")
        copy, size = QLearning.load(path), path.stat().st_size
    same = int(np.count_nonzero(agent.learn(further).q_table == copy.learn(further).q_table))
    laboratory.facts |= {"bytes": size, "stored": copy.q_table.size, "further": further, "same": same}


def _draw(laboratory: Laboratory, fact: str, values: list[Any]) -> None:
    laboratory.facts[fact] = values[int(laboratory.random.random() * len(values))]


def _largest(laboratory: Laboratory, fact: str, names: list[str]) -> None:
    laboratory.facts[fact] = max(laboratory.facts[name] for name in names)


def _note(laboratory: Laboratory, fact: str, measure: str) -> None:
    laboratory.facts[fact] = MEASURES[measure](laboratory)


def _phases(laboratory: Laboratory) -> str:
    return ", ".join(station["phase"] for station in read_lessons()["stations"] if "phase" in station)


OPERATIONS: Mapping[str, Callable[..., None]] = {
    "start": _start,
    "learn": _learn,
    "learn until": _learn_until,
    "step": _step,
    "edit": _edit,
    "set": _set,
    "forget": _forget,
    "save and open": _save_and_open,
    "draw": _draw,
    "largest": _largest,
    "note": _note,
}
MEASURES: Mapping[str, Callable[[Laboratory], Any]] = {
    "numbers": lambda lab: lab.agent.q_table.size,
    "states": lambda lab: len(lab.agent.q_table),
    "steps": lambda lab: lab.agent.num_timesteps,
    "changed": lambda lab: int(np.count_nonzero(lab.agent.q_table != lab.agent.initial_value)),
    "positive": lambda lab: int(np.count_nonzero(lab.agent.q_table > 0)),
    "best at the start": lambda lab: float(lab.agent.q_table[0].max()),
    "row": lambda lab: [round(value, 2) + 0.0 for value in lab.agent.q_table[0].tolist()],
    "percent": lambda lab: round(lab.percent),
    "happiness": lambda lab: round(lab.evaluation.mean_return, 2),
    "random": lambda lab: round(lab.place.random.mean_return, 2),
    "optimum": lambda lab: round(lab.place.optimum.mean_return, 2),
    "way": lambda lab: len(lab.way()),
    "different actions": lambda lab: len({action for _, action in lab.way()}),
    "first action": lambda lab: actions()[lab.way()[0][1]],
    "phases": _phases,
}
