"""Kitchens, learners and exact scores, as the checks of several exercises need them."""

from typing import Any

import gymnasium as gym

from cookie_jar.agents import ExactEvaluation, QLearning, TabularModel, evaluate_exactly
from cookie_jar.envs.config import make_config
from cookie_jar.envs.tabular import World, compile_world

SEEDS = (0, 1, 2)  # of the three children
SOLVED = 95  # per cent of what is possible


def world(**options: Any) -> World:
    """Return the tables of a kitchen."""
    return compile_world(make_config(**options))


def model(**options: Any) -> TabularModel:
    """Return the tabular model of a kitchen, as the agents' functions take it."""
    return TabularModel(*world(**options).unshaped_model)


def learned(env: gym.Env[Any, Any] | str, steps: int, **settings: Any) -> list[ExactEvaluation]:
    """Return the exact scores of three children that have learned for so many actions."""
    agents = [QLearning(env, seed=seed, **settings).learn(steps) for seed in SEEDS]
    return [evaluate_exactly(agent, env) for agent in agents]


def percents(env: gym.Env[Any, Any] | str, steps: int, **settings: Any) -> list[float]:
    """Return the same in percent: 100 is the optimum, 0 a random policy."""
    return [score.percent for score in learned(env, steps, **settings)]


def listed(percents: list[float]) -> str:
    """Return the scores as a text."""
    words = [f"{percent:z.0f} %" for percent in percents]
    return f"{', '.join(words[:-1])} and {words[-1]}"
