"""The stations of the tour, carried out in Python: operations on an agent, and the facts that are measured.

An operation is a list: its name, then its arguments; stations.json holds them, and `webpage/tour.js` carries
out the same ones. "$percent" stands for the value of the fact "percent".
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

import cookie_jar.envs  # registers the kitchens
from cookie_jar.agents import Evaluation, QLearning, evaluate, optimum, tabular_model
from cookie_jar.agents.exact import uniform_policy
from cookie_jar.agents.model import TabularModel, time_limit
from cookie_jar.scripts.common.lessons import Station, read_lessons

IDS = {"corner": "CookieJarCorner-v0", "home": "CookieJar-v0", "clumsy": "CookieJarClumsy-v0"}
LONGEST = 100_000  # steps of "learn until"

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

    def entry(self, state: int | str, action: str) -> Entry:
        """Return the place of a number: state "start", action "best" for the greedy one."""
        number = int(self.place.model.start.argmax()) if state == "start" else int(state)
        return number, int(self.agent.policy[number]) if action == "best" else actions().index(action)


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


def _learn(laboratory: Laboratory, steps: int) -> None:
    laboratory.agent.learn(steps)


def _learn_until(laboratory: Laboratory, measure: str, value: float) -> None:
    while MEASURES[measure](laboratory) < value and laboratory.agent.num_timesteps < LONGEST:
        laboratory.agent.learn(1)


def _step(laboratory: Laboratory) -> None:
    """Take one step, and note its arithmetic."""
    agent, before = laboratory.agent, laboratory.agent.q_table.copy()
    episode = agent.resume_state().get("episode", [int(laboratory.place.model.start.argmax()), -1, 0.0, 0])
    agent.learn(1)
    after = agent.resume_state()["episode"]
    (state, action), *_ = np.argwhere(agent.q_table != before).tolist()
    reward, best_next = after[2] - episode[2], float(before[after[0]].max())
    target = reward + agent.gamma * best_next
    error = target - float(before[state, action])
    laboratory.facts |= {
        "action": actions()[action], "reward": reward, "before": float(before[state, action]),
        "after": float(agent.q_table[state, action]), "best_next": best_next, "target": target,
        "error": error, "change": agent.learning_rate * error, "learning_rate": agent.learning_rate,
        "gamma": agent.gamma,
    }  # fmt: skip


def _news(laboratory: Laboratory, steps: int) -> None:
    """Learn up to a step, and note when each number of the way rose above 0, and which one last."""
    agent = laboratory.agent
    first = np.where(agent.q_table > 0, agent.num_timesteps, 0)
    while agent.num_timesteps < steps:
        agent.learn(1)
        first[(agent.q_table > 0) & (first == 0)] = agent.num_timesteps
    times = [int(first[entry]) for entry in laboratory.way()]
    last = 1 + times.index(max(times))
    laboratory.facts |= {"times": times, "way": len(times), "last": last, "steps": steps}


def _edit(laboratory: Laboratory, state: int | str, action: str, value: float) -> None:
    laboratory.agent.q_table[laboratory.entry(state, action)] = value


def _set(laboratory: Laboratory, setting: str, value: float) -> None:
    both = ("exploration_initial_eps", "exploration_final_eps")
    for name in both if setting == "exploration" else (setting,):
        setattr(laboratory.agent, name, value)


def _forget(laboratory: Laboratory, which: str) -> None:
    """Set numbers back to the initial value: "all", or "all but the way"."""
    agent = laboratory.agent
    kept = {entry: agent.q_table[entry] for entry in laboratory.way() if which == "all but the way"}
    agent.q_table[:] = agent.initial_value
    for entry, value in kept.items():
        agent.q_table[entry] = value
    laboratory.facts["forgotten"] = agent.q_table.size - len(kept)


def _save_and_open(laboratory: Laboratory, further: int) -> None:
    """Save the agent, read the file, and let both learn on."""
    agent = laboratory.agent
    with tempfile.TemporaryDirectory() as folder:
        path = agent.save(Path(folder) / "agent")
        copy, size = QLearning.load(path), path.stat().st_size
    stored = copy.q_table.size
    same = int(np.count_nonzero(agent.learn(further).q_table == copy.learn(further).q_table))
    laboratory.facts |= {"bytes": size, "stored": stored, "number_bytes": copy.q_table.nbytes}
    laboratory.facts |= {"further": further, "same": same}


def _compare(laboratory: Laboratory, steps: int, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Let agents with different settings learn, and note the percent of each, and which is best."""
    percents = []
    kitchen = next(name for name, known in IDS.items() if known == laboratory.place.id)
    for name, settings in rows.items():
        laboratory.start(kitchen, **settings)
        laboratory.agent.learn(steps)
        percents.append(laboratory.percent)
        laboratory.facts[name] = round(percents[-1])
    laboratory.facts["best"] = percents.index(max(percents))


def _largest(laboratory: Laboratory, names: list[str]) -> None:
    values = [laboratory.facts[name] for name in names]
    laboratory.facts["best"] = values.index(max(values))


def _other_kitchen(laboratory: Laboratory, kitchen: str) -> None:
    """Move the agent to another kitchen: its numbers count there in the situations that look the same."""
    from cookie_jar.envs import State

    old, here = laboratory.agent, laboratory.agent.env.unwrapped.world
    laboratory.start(kitchen)
    there = laboratory.agent.env.unwrapped.world
    cells = [there.config.kitchen.cell_at.get(cell, -2) for cell in here.config.kitchen.places]
    moved = np.array([*cells, -1])  # the chair's cell -1: carried
    child, chair, *others = here.states
    numbers = there.numbers(State(moved[child], moved[chair], *others))
    known = numbers >= 0
    laboratory.agent.q_table[numbers[known]] = old.q_table[known]
    laboratory.facts |= {"known": int(known.sum()), "there_states": there.num_states}


def _draw(laboratory: Laboratory, fact: str, values: list[Any]) -> None:
    laboratory.facts[fact] = values[int(laboratory.random.random() * len(values))]


def _let(laboratory: Laboratory, fact: str, value: Any) -> None:
    laboratory.facts[fact] = value


def _phases(laboratory: Laboratory) -> None:
    phases = [station["phase"] for station in read_lessons()["stations"] if "phase" in station]
    laboratory.facts["phases"] = ", ".join(phases)


def _note(laboratory: Laboratory, fact: str, measure: str) -> None:
    laboratory.facts[fact] = MEASURES[measure](laboratory)


def _best_without_one(laboratory: Laboratory) -> int:
    """Return the best percent with one number of the way wiped."""
    table, percents = laboratory.agent.q_table, []
    for entry in laboratory.way():
        with _kept(table):
            table[entry] = laboratory.agent.initial_value
            percents.append(round(laboratory.percent))
    return max(percents)


@contextmanager
def _kept(table: NDArray[np.float64]) -> Iterator[None]:
    before = table.copy()
    yield
    table[:] = before


OPERATIONS: Mapping[str, Callable[..., None]] = {
    "learn": _learn,
    "learn until": _learn_until,
    "step": _step,
    "news": _news,
    "edit": _edit,
    "set": _set,
    "forget": _forget,
    "save and open": _save_and_open,
    "compare": _compare,
    "largest": _largest,
    "other kitchen": _other_kitchen,
    "let": _let,
    "draw": _draw,
    "phases": _phases,
    "note": _note,
}
MEASURES: Mapping[str, Callable[[Laboratory], Any]] = {
    "numbers": lambda lab: lab.agent.q_table.size,
    "states": lambda lab: len(lab.agent.q_table),
    "steps": lambda lab: lab.agent.num_timesteps,
    "changed": lambda lab: int(np.count_nonzero(lab.agent.q_table != lab.agent.initial_value)),
    "positive": lambda lab: int(np.count_nonzero(lab.agent.q_table > 0)),
    "row": lambda lab: [round(value, 2) + 0.0 for value in lab.agent.q_table[0].tolist()],
    "percent": lambda lab: round(lab.percent),
    "happiness": lambda lab: round(lab.evaluation.mean_return, 2),
    "random": lambda lab: round(lab.place.random.mean_return, 2),
    "optimum": lambda lab: round(lab.place.optimum.mean_return, 2),
    "way": lambda lab: len(lab.way()),
    "different actions": lambda lab: len({action for _, action in lab.way()}),
    "first action": lambda lab: actions()[lab.way()[0][1]],
    "best without one": _best_without_one,
}
