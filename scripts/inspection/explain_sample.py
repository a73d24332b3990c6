"""The explanation of a policy-gradient update from one transition: advantage, gradient, and its effect."""

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.batch import Batch
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.scripts.inspection.explain_gradient import explain_batch, happiness, restored
from cookie_jar.scripts.inspection.greedy import Transition
from cookie_jar.scripts.inspection.view import MemoryView


def explain_sample(view: MemoryView, agent: OnPolicy, step: Transition) -> list[str]:
    """Explain the update after a transition in lines of text; nothing is saved."""
    observations = agent.states()[[step.state, step.next_state]]
    before, value = (float(value) for value in agent.values(observations))
    following = 0.0 if step.terminated else value
    target = step.reward + agent.gamma * following
    batch = _batch_of(agent, observations[:1], step.action, target - before, target)
    if step.terminated:
        lines = [
            "The episode terminated here, so there is no next value:",
            f"target    = reward         = {target:z.4f}",
        ]
    else:
        discounted = f"{step.reward:z.4f} + {agent.gamma:g} x {value:z.4f}"
        lines = [
            f"next value (of state {step.next_state}) {value:z.4f}, discounted by gamma = {agent.gamma:g}:",
            f"target    = reward + gamma x next value = {discounted} = {target:z.4f}",
        ]
    return [
        f"reward {step.reward:z.4f}; value of state {step.state} before: {before:z.4f}",
        *lines,
        f"advantage = target - value = {target:z.4f} - {before:z.4f} = {target - before:+z.4f}",
        "(Training counts rewards of more steps, and takes the mean gradient of a batch. Without --state,",
        "--action and --step, `memory explain` shows the whole update that the agent makes.)",
        "",
        *_effect(view, agent, batch, observations[:1], step),
        "",
        *explain_batch(view, agent, batch),
    ]


def _batch_of(
    agent: OnPolicy, observation: NDArray[np.generic], action: int, advantage: float, target: float
) -> Batch:
    """Return a batch of one sample, with an observation [1, ...]."""
    probability = agent.probabilities(observation)[0, action]
    return Batch(
        agent.inputs.encode(observation),
        np.zeros(1, np.int64),
        np.array([action]),
        np.array([advantage]),
        np.array([target]),
        np.log([probability]),
        agent.allowed(observation),
    )


def _effect(
    view: MemoryView, agent: OnPolicy, batch: Batch, observation: NDArray[np.generic], step: Transition
) -> list[str]:
    """Describe the derivative for each logit, and the probabilities before and after a gradient step."""
    [before] = agent.probabilities(observation)
    taken = np.arange(len(before)) == step.action
    slopes, (name, score) = batch.advantages[0] * (before - taken), happiness(view)
    old = score(agent)
    with restored(view, agent):
        agent.gradient_step(batch)
        [after], [value] = agent.probabilities(observation), agent.values(observation)
        new = score(agent)
    rows = zip(view.action_names, before, slopes, after, taken, strict=True)
    return [
        "Derivative of the policy loss for each logit: advantage x (probability - 1 if taken):",
        f"  {'':<12} {'probability':>12} {'derivative':>12} {'after a step':>13}",
        *(
            f"  {action:<12} {was:>12.4f} {slope:>+z12.4f} {then:>13.4f}{'   taken' if chosen else ''}"
            for action, was, slope, then, chosen in rows
        ),
        f"value of state {step.state} after the step: {value:z.4f}",
        f"{name} of the stochastic policy: {old:z.4f} before the step, {new:z.4f} after it",
    ]
