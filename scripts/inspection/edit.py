"""`memory edit` and `memory forget`: change the numbers of an agent, and see the effect."""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import runs
from cookie_jar.scripts.common.console import Console, UsageError, command
from cookie_jar.scripts.common.env_modules import module_options
from cookie_jar.scripts.inspection.parameters import Parameters
from cookie_jar.scripts.inspection.view import MemoryView


def edit_number(args: argparse.Namespace, console: Console) -> None:
    """Change one number, and print the effect."""
    view = MemoryView(args.run)
    save_changed(view, *with_number(view, args.place, args.value), args.output, console)


def forget_numbers(args: argparse.Namespace, console: Console) -> None:
    """Set random numbers to 0, and print the effect."""
    view = MemoryView(args.run)
    save_changed(view, *with_random_zeros(view, args.fraction, args.seed), args.output, console)


def with_number(view: Parameters, place: Sequence[str], value: float) -> tuple[NDArray[np.float64], str]:
    """Return a copy [n] of the parameters with one number changed, and a description of the change."""
    index, changed = view.parameter_index(place), view.parameters()
    before, changed[index] = changed[index], value
    return changed, f"{view.parameter_name(index)}: {before:z.4f} -> {value:z.4f}"


def with_random_zeros(view: Parameters, fraction: float, seed: int) -> tuple[NDArray[np.float64], str]:
    """Return a copy [n] of the parameters with a random fraction set to 0, and a description."""
    changed = with_zeros(view.parameters(), fraction, seed)
    count = round(fraction * changed.size)
    return changed, f"{count:,} of {changed.size:,} numbers set to 0 (seed {seed})"


def with_zeros(
    parameters: NDArray[np.float64], fraction: float, seed: int | np.random.Generator
) -> NDArray[np.float64]:
    """Return a copy [n] of parameters in which a random fraction is 0."""
    changed = parameters.copy()
    indices = np.random.default_rng(seed).permutation(changed.size)[: round(fraction * changed.size)]
    changed[indices] = 0.0
    return changed


def save_changed(
    view: MemoryView, changed: NDArray[np.float64], note: str, output: Path, console: Console
) -> None:
    """Save the agent with changed parameters [n] as a new run, and print the effect of the change.

    Args:
        view: The view of the agent; its parameters are changed.
        changed: The new parameters.
        note: A description of the change, saved with the agent.
        output: The folder of the new run.
        console: The console for the report.

    Raises:
        UsageError: If the folder exists.
    """
    if output.exists():
        raise UsageError(f"{output} already exists; choose another folder")
    before, policy = view.summary(), view.agent.policy if view.has_states else None
    view.set_parameters(changed)
    view.agent.reset_episode()  # the running episode began with the old parameters
    console.out(note)
    console.out(f"before: {before}")
    console.out(f"after:  {view.summary()}")
    if policy is not None:
        differs = int((view.agent.policy != policy).sum())
        console.print(f"The greedy action changed in {differs:,} of {len(policy):,} states.")
    performance = {name: value for name, value in view.score._asdict().items() if math.isfinite(value)}
    view.agent.notes = dict(view.agent.notes) | {"changed": note, "performance": performance}
    file = view.agent.save(output / runs.AGENT_FILE)
    console.out(f"Saved as {file}")
    console.out(f"Next: {command('watch', output, *module_options(view.agent.env))}")
