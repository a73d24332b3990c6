"""The page's learner: for the same seed, the same bits as the Python agents."""

from base64 import b64encode
from itertools import product
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from page_engine import in_node, needs_node

from cookie_jar.agents import ExpectedSarsa, QLearning, Sarsa
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.scripts.webpage.kitchens import OWN

pytestmark = needs_node

KINDS: dict[str, type[TemporalDifference]] = {
    "q-learning": QLearning,
    "sarsa": Sarsa,
    "expected-sarsa": ExpectedSarsa,
}
SETTINGS: list[dict[str, Any]] = [
    {"initial_value": -5.0, "gamma": 1.0, "learning_rate": 0.01},
    {"initial_value": 2.5, "gamma": 0.0, "learning_rate": 1.0},
    {"exploration_initial_eps": 0.0, "exploration_final_eps": 0.0},
    {"exploration_initial_eps": 1.0, "exploration_final_eps": 1.0, "exploration_steps": 0},
    {"exploration_initial_eps": 0.25, "exploration_final_eps": 0.75, "exploration_steps": 1234},
    {"learning_rate": 0.0},
    {"seed": 2**53, "gamma": 0.3},
]
LEARN = """
  return given.cases.map(([kitchen, algorithm, settings]) => {
    const learner = new Learner(kitchens[kitchen], {algorithm, ...settings});
    for (const steps of given.parts) learner.learn(steps);
    return stateOf(learner);
  });
"""


def made(kitchen: str, algorithm: str, **settings: Any) -> TemporalDifference:
    return KINDS[algorithm](gym.make(OWN[kitchen]), **{"seed": 0, **settings})


def state_of(agent: TemporalDifference) -> dict[str, Any]:
    """The state of an agent in the form in which the harness writes that of a learner."""
    random, episode = agent.rng.bit_generator.state, agent.resume_state().get("episode")
    return {
        "table": b64encode(agent.q_table.tobytes()).decode(),
        "random": {
            "state": str(random["state"]["state"]),
            "inc": str(random["state"]["inc"]),
            "has_uint32": random["has_uint32"],
            "uinteger": random["uinteger"],
        },
        "episode": episode and dict(zip(("obs", "chosen", "total", "length"), episode, strict=True)),
        "num_timesteps": agent.num_timesteps,
        "num_episodes": agent.num_episodes,
    }


def check_same(cases: list[tuple[str, str, dict[str, Any]]], parts: list[int]) -> None:
    for case, found in zip(cases, in_node(LEARN, cases=cases, parts=parts), strict=True):
        kitchen, algorithm, settings = case
        agent = made(kitchen, algorithm, **settings)
        agent.learn_steps(sum(parts))
        assert found == state_of(agent), case


def test_the_table_and_the_generator_equal_those_of_python():
    cases = [(*names, {"seed": seed}) for *names, seed in product(OWN, KINDS, range(3))]
    check_same(cases, [1, 999, 4097, 4000])


def test_settings_at_their_ends_give_the_same_numbers():
    check_same([(*names, settings) for *names, settings in product(OWN, KINDS, SETTINGS)], [3000])


@pytest.mark.slow
def test_a_million_steps_equal_those_of_python():
    check_same([(*names, {"seed": seed}) for *names, seed in product(OWN, KINDS, range(3))], [1_000_000])
