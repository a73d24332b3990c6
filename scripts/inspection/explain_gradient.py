"""The explanation of a policy-gradient update: a batch, its loss, its gradient, and a gradient step."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.batch import Batch
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.scripts.inspection.view import MemoryView

FACTORS = {"ten times smaller": 0.1, "unchanged": 1.0, "ten times larger": 10.0}
STEPS = 20  # gradient steps on one batch, after which the effect of the learning rate is visible


def explain_gradient(view: MemoryView, agent: OnPolicy) -> list[str]:
    """Explain the update from the agent's next batch in lines of text; nothing is saved."""
    batch = agent.collect()
    return [
        *_batch(agent, batch),
        "",
        *explain_batch(view, agent, batch),
        "",
        *_learning_rates(view, agent, batch),
    ]


def explain_batch(view: MemoryView, agent: OnPolicy, batch: Batch) -> list[str]:
    """Explain loss, gradient and a gradient step of a batch in lines of text; nothing is changed."""
    return [*_loss(agent, batch), "", *_gradient(agent), "", *_step(view, agent, batch)]


def _batch(agent: OnPolicy, batch: Batch) -> list[str]:
    """Describe the size of the batch, and the advantages of its actions."""
    better, best = int((batch.advantages > 0).sum()), int(batch.advantages.argmax())
    probability = np.exp(batch.old_log_probs[best])
    return [
        f"{agent.n_envs} environments in parallel: {len(batch.actions):,} actions, "
        f"{len(batch.inputs):,} different observations.",
        f"{better:,} actions have a positive advantage. The largest is {batch.advantages[best]:+z.4f}, "
        f"of an action with probability {probability:z.4f}.",
    ]


def _loss(agent: OnPolicy, batch: Batch) -> list[str]:
    """Describe the loss, term by term."""
    loss = agent.loss(batch)
    return [
        "loss = policy + ent_coef x (-entropy) + vf_coef x value",
        f"     = {loss.policy:z.4f} + {agent.ent_coef:g} x {loss.entropy:z.4f} + {agent.vf_coef:g} x "
        f"{loss.value:z.4f} = {loss.total:z.4f}",
        "policy: low if actions with a positive advantage are likely; entropy: of the action probabilities;",
        "value: the mean squared error of the state values.",
    ]


def _gradient(agent: OnPolicy) -> list[str]:
    """Describe the norm of the gradient in each layer, after the loss of the batch was computed."""
    lines = ["Backpropagation computes the gradient: the derivative of the loss with respect to each number."]
    lines += [f"  {'':<18} {'numbers':>12} {'gradient norm':>20}"]
    squares = 0.0
    for name, parameter in agent.network.parameters().items():
        norm = float(np.linalg.norm(parameter.gradient))
        squares += norm**2
        lines.append(f"  {name:<18} {parameter.value.size:>12,} {norm:>20.6f}")
    total, limit = squares**0.5, agent.max_grad_norm
    clipped = "it is not clipped" if total <= limit else f"it is scaled down to {limit:g}"
    return [*lines, f"  norm of all {total:.6f}; with max_grad_norm {limit:g}, {clipped}."]


def _step(view: MemoryView, agent: OnPolicy, batch: Batch) -> list[str]:
    """Describe a step of the optimizer, and the number that changes most."""
    with restored(view, agent) as before:
        agent.gradient_step(batch)
        change = view.parameters() - before
    index = int(np.abs(change).argmax())
    old, new = before[index], before[index] + change[index]
    return [
        f"One gradient step ({agent.optimizer}, learning rate {agent.learning_rate:g}) changes "
        f"{np.count_nonzero(change):,} of {len(change):,} numbers. The largest change:",
        f"  {view.parameter_name(index)}: {old:z.4f} -> {new:z.4f} ({change[index]:+z.4f})",
    ]


def _learning_rates(view: MemoryView, agent: OnPolicy, batch: Batch) -> list[str]:
    """Describe the loss of the batch and the return after some gradient steps, for three learning rates."""
    rate = agent.learning_rate
    lines = [
        f"{STEPS} gradient steps on this batch, with three learning rates:",
        f"  {'learning rate':<26} {'loss before':>12} {'loss after':>12} {'happiness after':>16}",
    ]
    for name, factor in FACTORS.items():
        with restored(view, agent):
            agent.learning_rate = factor * rate
            before = agent.gradient_step(batch).total
            for _ in range(STEPS - 1):
                agent.gradient_step(batch)
            after, happiness = agent.loss(batch).total, view.evaluator.stochastic(agent).mean_return
        label = f"{agent.learning_rate:<8g} {name}"
        lines.append(f"  {label:<26} {before:>z12.4f} {after:>z12.4f} {happiness:>z16.2f}")
    agent.learning_rate = rate
    happiness = view.evaluator.stochastic(agent).mean_return
    how = "exact" if view.evaluator.exact else "a mean of episodes"
    return [*lines, f"happiness: of the stochastic policy, {how}; before these steps {happiness:z.2f}."]


@contextmanager
def restored(view: MemoryView, agent: OnPolicy) -> Iterator[NDArray[np.float64]]:
    """Yield the parameters [n]; restore them and the state of the optimizer at the end."""
    parameters = view.parameters()
    optimizer_state = {name: array.copy() for name, array in agent.optimizer_state().items()}
    yield parameters
    view.set_parameters(parameters)
    for name, array in agent.optimizer_state().items():
        array[...] = optimizer_state[name]
