"""The sliders of a training window: the hyperparameters that can be changed during training."""

from typing import Any

import gymnasium as gym

from cookie_jar.agents import Agent
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.scripts.viewer.probes import MAX_STATES
from cookie_jar.scripts.viewer.widgets.chart import short_number
from cookie_jar.scripts.viewer.widgets.slider import Slider

SPEED, RATE, EPSILON, ENTROPY, DISLIKED, INITIAL, BONUS = (
    "steps a second",
    "learning rate",
    "exploration: epsilon",
    "exploration: entropy",
    "a disliked cookie",
    "initial value",
    "exploration bonus",
)
TIPS = {
    SPEED: "how fast training runs; what is learned does not depend on it",
    RATE: "how far each error moves a value",
    EPSILON: "the share of random actions in training; once moved, it no longer falls by itself",
    ENTROPY: "the weight of the entropy bonus, which keeps the policy from being sure too early",
    DISLIKED: "its happiness, in training and in evaluations",
    INITIAL: "what an action never tried counts as: the higher, the more the agent tries",
    BONUS: "added to the values of rarely tried actions when the agent chooses",
}
INITIAL_STEP = 0.05  # the slider of the initial value moves in such steps
FASTEST = 1_000_000  # steps a second
SECONDS = 45  # seconds that training takes at the initial speed


class TrainingSliders:
    """The sliders of an agent in training.

    Args:
        agent: The agent whose hyperparameters change.
        target: The number of steps of the whole run.

    Attributes:
        speed: Steps of training per second.
    """

    def __init__(self, agent: Agent, target: int) -> None:
        self.agent = agent
        self.speed = min(FASTEST, max(20.0, target / SECONDS))

    def current(self) -> list[Slider]:
        """Return all sliders, with their current values."""
        agent = self.agent
        sliders = [Slider(SPEED, self.speed, 10, FASTEST, log=True, words=_rounded)]
        rate = float(getattr(agent, "learning_rate", 0.0))
        if isinstance(agent, TemporalDifference):
            sliders.append(Slider(RATE, rate, 0.001, 1.0, log=True, words="{:.3f}".format))
            sliders.append(Slider(EPSILON, epsilon(agent), 0.0, 1.0))
            sliders.append(Slider(INITIAL, agent.initial_value, -2.0, 2.0, words="{:+.2f}".format))
            sliders.append(Slider(BONUS, agent.exploration_bonus, 0.0, 1.0))
        elif isinstance(agent, OnPolicy):
            rate = agent.current_learning_rate
            sliders.append(Slider(RATE, rate, 0.00001, 1.0, log=True, words="{:.5f}".format))
            sliders.append(Slider(ENTROPY, agent.ent_coef, 0.0, 0.2, words="{:.3f}".format))
        happiness = disliked(agent.env)
        if happiness is not None:
            sliders.append(Slider(DISLIKED, happiness, -1.0, 1.0, words="{:+.2f}".format))
        return [slider._replace(tip=TIPS[slider.name]) for slider in sliders]

    def apply(self, slider: Slider) -> None:
        """Apply the value of a slider from the next step on; for `DISLIKED`, see `with_disliked`."""
        value, agent = slider.value, self.agent
        if slider.name == SPEED:
            self.speed = value
        elif slider.name == RATE and isinstance(agent, (TemporalDifference, OnPolicy)):
            agent.learning_rate = value
            if isinstance(agent, OnPolicy):
                agent.final_learning_rate = None  # from now on, the rate is that of the slider
        elif slider.name == EPSILON and isinstance(agent, TemporalDifference):
            agent.exploration_initial_eps = agent.exploration_final_eps = value
        elif slider.name == INITIAL and isinstance(agent, TemporalDifference):
            set_initial_value(agent, round(value / INITIAL_STEP) * INITIAL_STEP)
        elif slider.name == BONUS and isinstance(agent, TemporalDifference):
            agent.exploration_bonus = value
        elif slider.name == ENTROPY and isinstance(agent, OnPolicy):
            agent.ent_coef = value


def set_initial_value(agent: TemporalDifference, value: float) -> None:
    """Change the numbers of a Q-table that were never updated; the others stay as they are."""
    value += 0.0  # not -0.0
    agent.q_table[agent.q_table == agent.initial_value] = value
    agent.initial_value = value


def _rounded(value: float) -> str:
    """Return a number with two digits."""
    return short_number(float(f"{value:.2g}"))


def epsilon(agent: TemporalDifference) -> float:
    """Return the probability of a random action at the next step."""
    first, last = agent.exploration_initial_eps, agent.exploration_final_eps
    share = min(1.0, agent.num_timesteps / agent.exploration_steps) if agent.exploration_steps else 1.0
    return first + (last - first) * share


def disliked(env: gym.Env[Any, Any]) -> float | None:
    """Return the happiness of a disliked cookie; None if changing it needs a slow evaluation."""
    world = getattr(env.unwrapped, "world", None)
    if world is None or env.spec is None or world.num_states > MAX_STATES:
        return None
    return float(world.config.happiness.cookie_disliked)


def with_disliked(env: gym.Env[Any, Any], value: float, render_mode: str | None = None) -> gym.Env[Any, Any]:
    """Return the kitchen with another happiness of a disliked cookie; its states stay the same."""
    assert env.spec is not None
    happiness = {**(env.spec.kwargs.get("happiness") or {}), "cookie_disliked": round(value, 2)}
    options = env.spec.kwargs | {"happiness": happiness, "render_mode": render_mode}
    return gym.make(env.spec.id, max_episode_steps=env.spec.max_episode_steps, **options)
