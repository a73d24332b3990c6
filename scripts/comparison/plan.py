"""The trials of a comparison and of a sweep."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym

import cookie_jar.envs  # noqa: F401  (registers the environments)
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS, budget, is_available, settings_of, supports
from cookie_jar.scripts.comparison.runner import cost
from cookie_jar.scripts.comparison.search import Values, combinations, draws
from cookie_jar.scripts.comparison.trials import Trial, TrialRecord

PLAN_FILE = "plan.json"


def check_env_ids(env_ids: Sequence[str]) -> list[str]:
    """Return the ids, each once.

    Raises:
        UsageError: If an id is not registered.
    """
    for env_id in env_ids:
        try:
            gym.spec(env_id)
        except (gym.error.Error, ImportError, ValueError) as error:
            raise UsageError(f"--env {env_id}: expected the id of an environment; {error}") from None
    return list(dict.fromkeys(env_ids))


class Plan(NamedTuple):
    """The options of a comparison; the names of the fields are keys in `plan.json`.

    Attributes:
        env_ids: Ids of the environments.
        agents: Names of the algorithms.
        seeds: Number of seeds, from 0.
        timesteps: Steps of each trial, or None for the budget of the environment.
        checks: Number of evaluations during training.
    """

    env_ids: Sequence[str]
    agents: Sequence[str]
    seeds: int
    timesteps: int | None
    checks: int

    def trials(self) -> list[Trial]:
        """Return all trials: seed by seed, so that every algorithm has an early result, long trials first."""
        trials = [
            Trial(
                env_id, agent, seed, self.timesteps or budget(env_id), settings_of(agent, env_id), self.checks
            )
            for seed in range(self.seeds)
            for env_id in self.env_ids
            for agent in self.agents
            if supports(agent, env_id)
        ]
        return sorted(trials, key=lambda trial: (trial.seed, -cost(trial, fresh=True)))

    def left_out(self, *, all_agents: bool) -> list[str]:
        """Return messages: the agents whose library is missing, and unsuitable agents by environment.

        Args:
            all_agents: Whether the user has not selected agents.
        """
        texts = []
        missing = [name for name in ALGORITHMS if not is_available(name)]
        if missing and all_agents:
            texts.append(f"left out, not installed: {', '.join(missing)}")
        for env_id in self.env_ids:
            unsuitable = [name for name in self.agents if not supports(name, env_id)]
            if unsuitable:
                texts.append(f"left out in {env_id}, which has no action masks: {', '.join(unsuitable)}")
        return texts

    def write(self, folder: Path) -> None:
        """Write the options to the folder of the results."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self._asdict(), indent=2) + "\n"
        (folder / PLAN_FILE).write_text(text, encoding="utf-8")


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
        """Return all trials, in an order that depends on the options alone."""
        choices: list[dict[str, Any]] = (
            combinations(self.ranges)
            if self.n_random is None
            else [{}, *draws(self.ranges, self.n_random, self.search_seed)]
        )
        trials = [
            Trial(
                env_id, agent, seed, self.timesteps or budget(env_id),
                dict(sorted((settings_of(agent, env_id) | choice).items())), self.n_evaluations,
                ", ".join(f"{name}={_short(value)}" for name, value in choice.items()),
            )
            for env_id, agent in product(self.env_ids, self.agents)
            for choice in choices
            for seed in range(self.first_seed, self.first_seed + self.seeds)
        ]  # fmt: skip
        return list({trial.key: trial for trial in trials}.values())  # a setting may be drawn twice

    def final_trials(self, records: Iterable[TrialRecord], finalists: int, seeds: int) -> list[Trial]:
        """Return the trials of the second round: the best settings of each agent, with further seeds.

        Args:
            records: The records of the first round.
            finalists: Number of settings of each agent in each environment.
            seeds: Number of further seeds.
        """
        from cookie_jar.scripts.comparison.aggregate import ranked_variants  # imports SciPy

        first = self.first_seed + self.seeds
        return [
            summary.records[0].trial._replace(seed=seed)
            for _, _, ranked in ranked_variants(records)
            for summary in ranked[:finalists]
            for seed in range(first, first + seeds)
        ]


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else json.dumps(value)
