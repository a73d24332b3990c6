"""The trials of a comparison and of a sweep."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

from cookie_jar.agents import AgentError
from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.common.env_modules import registered
from cookie_jar.scripts.comparison.algorithms import (
    ALGORITHMS,
    budget,
    installation,
    is_available,
    match_hints,
    obstacle,
    settings_of,
    supports,
)
from cookie_jar.scripts.comparison.record_checks import MAX_EVALUATIONS, MAX_SEED
from cookie_jar.scripts.comparison.runner import cost
from cookie_jar.scripts.comparison.search import Values, combinations, draws
from cookie_jar.scripts.comparison.settings import MAX_TIMESTEPS, effective, parse_setting
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord

PLAN_FILE = "plan.json"
MAX_TRIALS = 100_000


def check_env_ids(env_ids: Sequence[str]) -> list[str]:
    """Return the ids, each once; the module of "my_module:MyEnv-v0" is imported.

    Raises:
        UsageError: If an id is not registered.
    """
    return list(dict.fromkeys(map(registered, env_ids)))


class Plan(NamedTuple):
    """The options of a comparison; the names of the fields are keys in `plan.json`.

    Attributes:
        env_ids: Ids of the environments.
        agents: Names of the algorithms.
        seeds: Number of seeds, from 0.
        timesteps: Steps of each trial, or None for the budget of the environment.
        checks: Number of evaluations during training.
        match_hints: Whether hints are computed with the gamma of each agent.
    """

    env_ids: Sequence[str]
    agents: Sequence[str]
    seeds: int
    timesteps: int | None
    checks: int
    match_hints: bool = False

    def trials(self) -> list[Trial]:
        """Return all trials: seed by seed, so that every algorithm has an early result, long trials first.

        Raises:
            UsageError: If there are too many.
        """
        check_limits(len(self.env_ids) * len(self.agents), self.seeds, 0, self.timesteps, self.checks)
        trials = [
            Trial(env_id, agent, seed, self.timesteps or budget(env_id), settings, self.checks)
            for seed in range(self.seeds)
            for env_id in self.env_ids
            for agent in self.agents
            if supports(agent, env_id)
            for settings in [self._settings(agent, env_id)]
        ]
        return sorted(trials, key=lambda trial: (trial.seed, -cost(trial, fresh=True)))

    def _settings(self, agent: str, env_id: str) -> dict[str, Any]:
        settings = settings_of(agent, env_id)
        return match_hints(agent, env_id, settings) if self.match_hints else settings

    def left_out(self, wanted: Sequence[str] = ()) -> list[str]:
        """Return messages: the agents whose library is missing, and unsuitable agents by environment.

        Args:
            wanted: Names of the algorithms that would be in the plan if their libraries were installed.
        """
        texts = []
        if missing := [name for name in wanted if not is_available(name)]:
            texts.append(f"left out: {', '.join(missing)}; {installation(missing)}")
        for env_id in self.env_ids:
            obstacles = {name: obstacle(name, env_id) for name in self.agents}
            for reason in sorted(set(obstacles.values()) - {""}):
                unsuitable = ", ".join(name for name in self.agents if obstacles[name] == reason)
                texts.append(f"left out in {env_id}, which {reason}: {unsuitable}")
        return texts

    def write(self, folder: Path) -> None:
        """Write the options to the folder of the results; earlier versions know no `match_hints`."""
        fields = self._asdict() if self.match_hints else dict(zip(self._fields[:-1], self, strict=False))
        text = json.dumps(fields, indent=2) + "\n"
        write_atomically(folder / PLAN_FILE, text.encode())


class SweepPlan(NamedTuple):
    """The options of a sweep.

    Attributes:
        env_ids: Ids of the environments.
        agents: Names of the algorithms.
        ranges: The values of each hyperparameter that varies.
        n_random: Number of random settings, in addition to the default settings; None tries all combinations.
        search_seed: Seeds the draws.
        seeds: Number of seeds of each setting.
        first_seed: The first seed.
        timesteps: Steps of each trial, or None for the budget of the environment.
        n_evaluations: Number of evaluations during training.
    """

    env_ids: Sequence[str]
    agents: Sequence[str]
    ranges: Mapping[str, Values]
    n_random: int | None
    search_seed: int
    seeds: int
    first_seed: int
    timesteps: int | None
    n_evaluations: int

    def trials(self) -> list[Trial]:
        """Return all trials, in an order that depends on the options alone; equal settings count once.

        Raises:
            UsageError: If there are too many, or a text is not a value of its hyperparameter.
        """
        number = prod(len(values) for values in self.ranges.values())
        number = number if self.n_random is None else 1 + self.n_random
        number *= len(self.env_ids) * len(self.agents)
        check_limits(number, self.seeds, self.first_seed, self.timesteps, self.n_evaluations)
        choices: list[dict[str, Any]] = (
            combinations(self.ranges)
            if self.n_random is None
            else [{}, *draws(self.ranges, self.n_random, self.search_seed)]
        )
        found: dict[tuple[str, str, str], list[Trial]] = {}
        for env_id, agent in product(self.env_ids, self.agents):
            before = settings_of(agent, env_id)
            for choice in choices:
                values = {name: _parsed(agent, name, value) for name, value in choice.items()}
                settings = dict(sorted((before | values).items()))
                key = env_id, agent, effective(ALGORITHMS[agent].kind, settings)
                if key not in found:
                    found[key] = self._seeds(env_id, agent, settings, values)
        return [trial for trials in found.values() for trial in trials]

    def _seeds(
        self, env_id: str, agent: str, settings: dict[str, Any], values: Mapping[str, Any]
    ) -> list[Trial]:
        """Return the trials of one setting, in which these values were varied."""
        variant = ", ".join(f"{name}={_short(value)}" for name, value in values.items())
        steps = self.timesteps or budget(env_id)
        return [
            Trial(env_id, agent, seed, steps, settings, self.n_evaluations, variant)
            for seed in range(self.first_seed, self.first_seed + self.seeds)
        ]

    def final_trials(self, records: Iterable[TrialRecord], finalists: int, seeds: int) -> list[Trial]:
        """Return the trials of the second round: the best settings of each agent, with further seeds.

        Args:
            records: The records of the first round.
            finalists: Number of settings of each agent in each environment.
            seeds: Number of further seeds.
        """
        from cookie_jar.scripts.comparison.aggregate import ranked_variants  # imports SciPy

        first = self.first_seed + self.seeds
        trials = [
            summary.trial._replace(seed=seed)
            for _, _, ranked in ranked_variants(records)
            for summary in [summary for summary in ranked if summary.records][:finalists]
            for seed in range(first, first + seeds)
        ]
        return list({trial.key: trial for trial in trials}.values())


def check_limits(number: int, seeds: int, first_seed: int, timesteps: int | None, n_evaluations: int) -> None:
    """Check the size of a plan before its trials are created.

    Args:
        number: Number of settings of all agents in all environments.
        seeds: Number of seeds of each setting.
        first_seed: The first seed.
        timesteps: Steps of each trial, or None.
        n_evaluations: Number of evaluations of each trial.

    Raises:
        UsageError: If a number is too large.
    """
    limits = {
        "runs": (number * seeds, MAX_TRIALS),
        "seeds": (first_seed + seeds - 1, MAX_SEED),
        "--timesteps": (timesteps or 0, MAX_TIMESTEPS),
        "--checks": (n_evaluations, MAX_EVALUATIONS),
    }
    for name, (value, limit) in limits.items():
        if value > limit:
            raise UsageError(f"{name}: expected at most {limit:,}, got {value:,}")


def _parsed(agent: str, name: str, value: Any) -> Any:
    """Return the value that a text stands for; other invalid values fail in their own trials.

    Raises:
        UsageError: If the text is no value of the hyperparameter.
    """
    try:
        return parse_setting(ALGORITHMS[agent].kind, name, value)
    except AgentError as error:
        if isinstance(value, str):
            raise UsageError(f"--vary {error}") from None
        return value


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else json.dumps(value)
