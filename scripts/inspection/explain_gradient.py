"""`memory explain` of a policy gradient: one batch, its loss, its gradient, and a step down the hill."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.batch import Batch
from cookie_jar.agents.on_policy import OnPolicy
from cookie_jar.scripts.inspection.view import MemoryView

FACTORS = {"ten times smaller": 0.1, "as it is": 1.0, "ten times larger": 10.0}
STEPS = 20  # of descent on the same batch, after which learning rates differ visibly


def gradient_story(view: MemoryView, agent: OnPolicy) -> list[str]:
    """What the run would learn from its next batch, in plain words; nothing is saved."""
    batch = agent.collect()
    samples, different = len(batch.actions), len(batch.inputs)
    return [
        f"{agent.n_envs} children acted side by side: {samples:,} acts, "
        f"{different:,} different observations.",
        f"{_went(batch)}",
        "",
        *_loss(agent, batch),
        "",
        *_gradient(agent),
        "",
        *_step(view, agent, batch),
        "",
        *_learning_rates(view, agent, batch),
    ]


def _went(batch: Batch) -> str:
    """How the acts went beside what was expected."""
    better = int((batch.advantages > 0).sum())
    best = int(batch.advantages.argmax())
    return (
        f"{better:,} went better than its values said; the best surprise was {batch.advantages[best]:+.4f}, "
        f"for an act of probability {np.exp(batch.old_log_probs[best]):.4f}."
    )


def _loss(agent: OnPolicy, batch: Batch) -> list[str]:
    """The loss, term by term."""
    loss = agent.loss(batch)
    return [
        "loss = policy + ent_coef x (-entropy) + vf_coef x value",
        f"     = {loss.policy:.4f} + {agent.ent_coef:g} x {loss.entropy:.4f} + {agent.vf_coef:g} x "
        f"{loss.value:.4f} = {loss.total:.4f}",
        "policy: small when acts that went well are likely; entropy: how undecided it is;",
        "value: the mean square of what its values were wrong by.",
    ]


def _gradient(agent: OnPolicy) -> list[str]:
    """How large the gradient is in each layer; the loss of the batch has just been computed."""
    lines = [
        "Back from the loss through the layers goes the gradient: how much the loss changes with each number."
    ]
    lines += [f"  {'':<18} {'numbers':>12} {'length of gradient':>20}"]
    squares = 0.0
    for name, parameter in agent.network.parameters().items():
        length = float(np.linalg.norm(parameter.gradient))
        squares += length**2
        lines.append(f"  {name:<18} {parameter.value.size:>12,} {length:>20.6f}")
    whole = squares**0.5
    verdict = "stays as it is" if whole <= agent.max_grad_norm else f"is shortened to {agent.max_grad_norm:g}"
    return [*lines, f"  together {whole:.6f}; with max_grad_norm {agent.max_grad_norm:g} it {verdict}."]


def _step(view: MemoryView, agent: OnPolicy, batch: Batch) -> list[str]:
    """One step of the optimiser, and the number that it moves furthest."""
    with _undone(view, agent) as before:
        agent.gradient_step(batch)
        change = view.parameters() - before
    place = int(np.abs(change).argmax())
    old, new = before[place], before[place] + change[place]
    return [
        f"One step down ({agent.optimizer}, learning rate {agent.learning_rate:g}) moves "
        f"{np.count_nonzero(change):,} of {len(change):,} numbers. Furthest of all:",
        f"  {view.words(place)}: {old:.4f} -> {new:.4f} ({change[place]:+.4f})",
    ]


def _learning_rates(view: MemoryView, agent: OnPolicy, batch: Batch) -> list[str]:
    """The same batch with three learning rates."""
    rate = agent.learning_rate
    lines = [
        f"What if the learning rate were another? {STEPS} steps down on this same batch:",
        f"  {'learning rate':<26} {'loss before':>12} {'loss after':>12} {'happiness after':>16}",
    ]
    for name, factor in FACTORS.items():
        with _undone(view, agent):
            agent.learning_rate = factor * rate
            before = agent.gradient_step(batch).total
            for _ in range(STEPS - 1):
                agent.gradient_step(batch)
            after, happiness = agent.loss(batch).total, view.evaluator.stochastic(agent).mean_return
        label = f"{agent.learning_rate:<8g} {name}"
        lines.append(f"  {label:<26} {before:>12.4f} {after:>12.4f} {happiness:>16.2f}")
    agent.learning_rate = rate
    happiness = view.evaluator.stochastic(agent).mean_return
    how = "exact" if view.evaluator.exact else "a mean of episodes"
    return [*lines, f"happiness: of acting with its probabilities, {how}; before, it is {happiness:.2f}."]


@contextmanager
def _undone(view: MemoryView, agent: OnPolicy) -> Iterator[NDArray[np.float64]]:
    """Afterwards, all numbers are again as they are before, which it gives."""
    numbers, optimizer_state = (
        view.parameters(),
        {name: array.copy() for name, array in agent.optimizer_state().items()},
    )
    yield numbers
    view.set_parameters(numbers)
    for name, array in agent.optimizer_state().items():
        array[...] = optimizer_state[name]
