"""The explanation of a policy-gradient update: a batch, its loss, its gradient, and a gradient step."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.batch import Batch
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.agents.policy_gradient import PPO
from cookie_jar.scripts.inspection.view import MemoryView

FACTORS = {"ten times smaller": 0.1, "unchanged": 1.0, "ten times larger": 10.0}
STEPS = 20  # gradient steps on one batch, after which the effect of the learning rate is visible

Floats = NDArray[np.float64]


def explain_gradient(view: MemoryView, agent: OnPolicy) -> list[str]:
    """Explain the update from the agent's next batch in lines of text; nothing is saved.

    The update is the one that the agent makes if training continues: the batch, the minibatches and their
    order come from its random number generator.
    """
    batch = agent.collect()
    with restored(view, agent):
        parts = list(agent.minibatches(batch)) if isinstance(agent, PPO) else [batch]
    return [
        *_batch(agent, batch),
        *_plan(agent, batch, parts),
        "",
        *explain_batch(view, agent, parts[0]),
        "",
        *_whole_update(view, agent, batch, len(parts)),
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


def _plan(agent: OnPolicy, batch: Batch, parts: Sequence[Batch]) -> list[str]:
    """Describe the gradient steps of an update that takes several."""
    if not isinstance(agent, PPO) or len(parts) == 1:
        return []
    return [
        f"PPO takes {len(parts)} gradient steps on them: {agent.n_epochs} passes over the shuffled actions, "
        f"in minibatches of {min(agent.batch_size, len(batch.actions)):,}.",
        "",
        f"The first of the {len(parts)} steps, with a minibatch of {len(parts[0].actions):,} actions:",
    ]


def _loss(agent: OnPolicy, batch: Batch) -> list[str]:
    """Describe the loss, term by term."""
    loss = agent.loss(batch)
    return [
        "loss = policy + ent_coef x (-entropy) + vf_coef x value",
        f"     = {loss.policy:z.4f} + {agent.ent_coef:g} x {loss.entropy:z.4f} + {agent.vf_coef:g} x "
        f"{loss.value:z.4f} = {loss.total:z.4f}",
        "policy: a surrogate. Its gradient on this batch estimates the direction of more happiness;",
        "        its value does not measure happiness, and can rise while the agent improves.",
        "entropy: of the action probabilities; value: the mean squared error of the state values.",
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
    how = f"One gradient step ({agent.optimizer}, learning rate {agent.current_learning_rate:g}) changes"
    return _change(view, how, before, change)


def _change(view: MemoryView, how: str, before: Floats, change: Floats) -> list[str]:
    """Describe a change of the parameters [n], and the number that changes most."""
    index = int(np.abs(change).argmax())
    old, new = before[index], before[index] + change[index]
    return [
        f"{how} {np.count_nonzero(change):,} of {len(change):,} numbers. The largest change:",
        f"  {view.parameter_name(index)}: {old:z.4f} -> {new:z.4f} ({change[index]:+z.4f})",
    ]


def _whole_update(view: MemoryView, agent: OnPolicy, batch: Batch, steps: int) -> list[str]:
    """Describe what the whole update changes: numbers, the loss of the batch, and happiness."""
    name, score = happiness(view)
    with restored(view, agent) as before:
        old, old_loss = score(agent), agent.loss(batch).total
        agent.update(batch)
        change, new, new_loss = view.parameters() - before, score(agent), agent.loss(batch).total
    how = "exact" if view.evaluator.exact else "mean of episodes"
    what = "The gradient step" if steps == 1 else f"All {steps} gradient steps"
    return [
        *([] if steps == 1 else _change(view, f"{what} change", before, change)),
        f"{what:<38} {'before':>12} {'after':>12}",
        f"  {'loss of the whole batch':<36} {old_loss:>z12.4f} {new_loss:>z12.4f}",
        f"  {f'{name} ({how})':<36} {old:>z12.4f} {new:>z12.4f}",
        f"{name}: of the stochastic policy.",
    ]


def happiness(view: MemoryView) -> tuple[str, Callable[[OnPolicy], float]]:
    """Return the name and the function of what the stochastic policy misses, or without an optimum, gets."""
    optimum, stochastic = view.evaluator.optimum, view.evaluator.stochastic
    if optimum is None:
        return "happiness", lambda agent: stochastic(agent).mean_return
    best = optimum.mean_return
    return "missing happiness", lambda agent: best - stochastic(agent).mean_return


def _learning_rates(view: MemoryView, agent: OnPolicy, batch: Batch) -> list[str]:
    """Describe loss and happiness after more gradient steps on the batch, for three learning rates."""
    own, rate = (agent.learning_rate, agent.final_learning_rate), agent.current_learning_rate
    name, score = happiness(view)
    lines = [
        f"For comparison, {STEPS} gradient steps on the whole batch, with three learning rates:",
        f"  {'learning rate':<26} {'loss before':>12} {'loss after':>12} {f'{name} after':>24}",
    ]
    for label, factor in FACTORS.items():
        with restored(view, agent):
            agent.learning_rate, agent.final_learning_rate = factor * rate, None
            before = agent.gradient_step(batch).total
            for _ in range(STEPS - 1):
                agent.gradient_step(batch)
            after, left = agent.loss(batch).total, score(agent)
        text = f"{agent.learning_rate:<8g} {label}"
        lines.append(f"  {text:<26} {before:>z12.4f} {after:>z12.4f} {left:>z24.4f}")
    agent.learning_rate, agent.final_learning_rate = own
    return lines


@contextmanager
def restored(view: MemoryView, agent: OnPolicy) -> Iterator[Floats]:
    """Yield the parameters [n]; restore them, the optimizer and the random numbers at the end."""
    parameters, random = view.parameters(), agent.rng.bit_generator.state
    optimizer_state = {name: array.copy() for name, array in agent.optimizer_state().items()}
    yield parameters
    view.set_parameters(parameters)
    for name, array in agent.optimizer_state().items():
        array[...] = optimizer_state[name]
    agent.rng.bit_generator.state = random
