"""The three phases of an agent in training, with the numbers of the learner at this moment."""

from math import ceil, log
from typing import Any

import numpy as np

from cookie_jar.agents import Agent, DynaQ, NStepSarsa
from cookie_jar.agents.multi_step import EligibilityTraces
from cookie_jar.agents.on_policy import NETWORK, OnPolicy
from cookie_jar.agents.policy_gradient import PPO, Reinforce
from cookie_jar.agents.td_methods import EXPECTED_SARSA, Q_LEARNING, SARSA
from cookie_jar.agents.temporal_difference import TemporalDifference
from cookie_jar.envs.rendering.words import number
from cookie_jar.scripts.viewer.sliders import epsilon

INITIALISATION, DOING, LEARNING = range(3)
SEEN = 0.3  # seconds for which an update is shown
NEXT_VALUES = {
    Q_LEARNING: "best next value",
    SARSA: "value of the next action",
    EXPECTED_SARSA: "mean next value",
}


class TrainingPhases:
    """What an agent in training started from, how it chooses its actions, and how it learns.

    Args:
        agent: The agent.
        target: The number of steps of the whole run.

    Attributes:
        current: The phase that is going on: `INITIALISATION`, `DOING`, `LEARNING`, or None while paused.
    """

    def __init__(self, agent: Agent, target: int) -> None:
        self._agent, self._target = agent, target
        self._beginning = _beginning(agent)
        self._before = agent.num_timesteps, _fingerprint(agent)
        self._lit = 0.0  # seconds for which `LEARNING` is still shown
        self.current: int | None = None if agent.num_timesteps else INITIALISATION

    @property
    def done(self) -> bool:
        """Whether training is complete."""
        return self._agent.num_timesteps >= self._target

    def advance(self, seconds: float, paused: bool = False) -> None:
        """Find out what the agent has done in the last seconds."""
        now = self._agent.num_timesteps, _fingerprint(self._agent)
        self._lit = SEEN if now[1] != self._before[1] else max(0.0, self._lit - seconds)
        stepped = now[0] != self._before[0]
        self._before = now
        if self.done:
            self.current = DOING
        elif paused:
            self.current = None if now[0] else INITIALISATION
        elif self._lit:
            self.current = LEARNING
        elif stepped:
            self.current = DOING

    def texts(self, probabilities: Any = None) -> tuple[str, str, str]:
        """Return the text of each phase.

        Args:
            probabilities: The probabilities of the actions in the state that is shown [A], if they are known.
        """
        agent = self._agent
        if self.done:
            last = f"complete after {agent.num_timesteps:,} steps: no number changes any more"
            what = "probability" if isinstance(agent, OnPolicy) else "number"
            return self._beginning, f"takes the action with the highest {what}, as after training", last
        return self._beginning, _choice(agent, probabilities), _update(agent)


def _fingerprint(agent: Agent) -> float:
    """Return a number that changes at each update: temporal-difference agents learn at every step."""
    if isinstance(agent, OnPolicy):
        *_, last = agent.arrays().values()
        return float(last.sum())
    return agent.num_timesteps


def _beginning(agent: Agent) -> str:
    """Return what the agent starts from."""
    arrays = agent.arrays()
    if agent.num_timesteps:
        return f"continues from the numbers that {agent.num_timesteps:,} steps have left"
    if isinstance(agent, TemporalDifference):
        states, actions = agent.q_table.shape
        what = f"numbers, all {number(agent.initial_value)}" if agent.initial_value else "zeros"
        return f"started from a table of {states:,} x {actions} {what}"
    count = f"{sum(array.size for array in arrays.values()):,}"
    if not isinstance(agent, OnPolicy):
        return f"started from {count} numbers"
    initial = number(agent.initial_value) if agent.initial_value else ""
    if agent.policy_kind == NETWORK and agent.net_arch:
        values = f", values near {initial}" if initial else ""
        return f"started from a network of {count} random numbers: all actions about equally likely{values}"
    numbers = f"numbers, all values {initial}" if initial else "zeros"
    return f"started from {count} {numbers}: all actions equally likely"


def _choice(agent: Agent, probabilities: Any) -> str:
    """Return how the agent chooses its actions now."""
    if isinstance(agent, TemporalDifference):
        now, bonus = epsilon(agent), agent.exploration_bonus
        best = f"highest number ({agent.initial_value:g} if never tried)"
        if bonus:
            best = f"best, with a bonus of {bonus:.3g} for rare actions"
        if now == 0:
            return f"epsilon 0: takes the {best}"
        return f"epsilon {number(now)}: {_percent(now)} random actions, else the {best}"
    if not isinstance(agent, OnPolicy):
        return "acts and learns"
    several = f"in {agent.n_envs} environments at once, " if agent.n_envs > 1 else ""
    text = f"{several}each action with its probability"
    if probabilities is None:
        return text
    likely = probabilities[probabilities > 0]
    entropy = abs(float(likely @ np.log(likely)))
    return f"{text}; entropy here {number(entropy)} of {number(log(len(probabilities)))}"


def _tabular_update(agent: TemporalDifference) -> str:
    """Return how an agent with a table learns."""
    following, rate = NEXT_VALUES[agent.method], f"{agent.learning_rate:.3g} of its error"
    if isinstance(agent, NStepSarsa):
        target = f"{agent.return_steps} rewards + {agent.gamma:g}^{agent.return_steps} x {following}"
        return f"each step moves the number of {agent.return_steps} steps ago by {rate}, towards {target}"
    text = f"each step moves one number by {rate}, towards reward + {agent.gamma:g} x {following}"
    if isinstance(agent, EligibilityTraces):
        fall = f"{agent.gamma * agent.trace_decay:.3g}"
        return f"{text}; earlier numbers by less (times {fall} a step)"
    if isinstance(agent, DynaQ):
        return f"{text}; then {agent.planning_steps} updates from its model"
    return text


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else f"{100 * share:.2g} %"


def _update(agent: Agent) -> str:
    """Return how the agent learns: which numbers move, how far, and by which error."""
    if isinstance(agent, TemporalDifference):
        return _tabular_update(agent)
    if not isinstance(agent, OnPolicy):
        return "learns while acting"
    rate = f"learning rate {agent.learning_rate:.3g}"
    if isinstance(agent, Reinforce):
        when = f"after {agent.n_envs} episodes" if agent.n_envs > 1 else "after each episode"
        return f"{when}, one gradient step ({rate}); error: discounted return minus value"
    samples = agent.n_envs * agent.n_steps
    if isinstance(agent, PPO):
        steps = ceil(samples / agent.batch_size)
        epochs = f"{agent.n_epochs} epoch{'s' * (agent.n_epochs > 1)}"
        per = f"{epochs} of {steps} gradient step{'s' * (steps > 1)}"
        return f"every {samples:,} steps, {per} ({rate}, clip {agent.clip_range:g}); error: advantage"
    return f"every {samples:,} steps, one gradient step ({rate}); error: advantage"
