"""`memory edit`, `memory forget` and `memory lesion`: change the numbers of an agent, and see the effect."""

import argparse
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import runs
from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.argument_types import (
    add_command,
    add_run,
    at_least,
    file_of,
    finite,
    fraction,
    new_run,
    non_negative,
)
from cookie_jar.scripts.common.console import Console, UsageError, command, progress_bar
from cookie_jar.scripts.common.env_modules import module_options
from cookie_jar.scripts.common.tables import new_table, number_cell, percent_cell
from cookie_jar.scripts.inspection.parameters import Parameters
from cookie_jar.scripts.inspection.untrained import explain_equal
from cookie_jar.scripts.inspection.view import MemoryView

FRACTIONS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0)
Floats = NDArray[np.float64]


def add_commands(commands: Any) -> None:
    """Declare the commands and their options."""
    edit = add_command(commands, "edit", "change one number, and save the result as a new run")
    edit.add_argument("run", metavar="RUN", help="a run or a snapshot")
    edit.add_argument(
        "place",
        nargs="+",
        metavar="PLACE",
        help="for a table: STATE ACTION (0 pick-left); for a network: NAME INDEX (policy.2.bias 7)",
    )
    edit.add_argument("value", type=finite, metavar="VALUE", help="new value of the number")
    edit.set_defaults(do=edit_number)

    forget = add_command(commands, "forget", "set random numbers to 0, and save the result as a new run")
    add_run(forget)
    forget.add_argument(
        "--fraction",
        type=fraction,
        default=0.3,
        metavar="X",
        help="fraction of all numbers (default: %(default)s)",
    )
    forget.add_argument(
        "--seed", type=non_negative, default=0, help="seed of the random selection (default: %(default)s)"
    )
    forget.set_defaults(do=forget_numbers)
    for parser in (edit, forget):
        parser.add_argument(
            "-o", "--output", type=new_run, required=True, metavar="NEW", help="folder of the new run"
        )

    lesion = add_command(commands, "lesion", "measure how the score falls as more numbers are set to 0")
    add_run(lesion)
    lesion.add_argument(
        "--seeds", type=at_least(2), default=20, metavar="N",
        help="random selections per fraction (default: %(default)s)",
    )  # fmt: skip
    lesion.add_argument("--png", type=file_of(".png"), metavar="FILE", help="plot the curve to a file")
    lesion.set_defaults(do=show_lesion)


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


def with_zeros(parameters: NDArray[np.float64], fraction: float, seed: int) -> NDArray[np.float64]:
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
        raise UsageError(f"{output} exists already: choose another folder")
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


def show_lesion(args: argparse.Namespace, console: Console) -> None:
    """Print the mean score for each fraction, with its interval over seeds."""
    view = MemoryView(args.run)
    scores = lesion_scores(view, args.seeds, console)
    means, half_widths = scores.mean(axis=1), mean_half_widths(scores)
    known = np.isfinite(view.evaluator.percent(means[0]))
    table = new_table("forgotten", "happiness", "95 % interval", *(["of possible"] if known else []))
    for part, mean, half in zip(FRACTIONS, means, half_widths, strict=True):
        percent = [percent_cell(view.evaluator.percent(mean))] if known else []
        interval = f"{number_cell(mean - half)} to {number_cell(mean + half)}"
        table.add_row(f"{part:.0%}", number_cell(mean), interval, *percent)
    console.print(table)
    console.print(f"means over {args.seeds} random selections of the numbers", style="dim")
    console.print("\n".join(explain_equal(view, "With all numbers 0")), style="dim")
    if args.png is not None:
        from cookie_jar.scripts.inspection.figures import draw_lesion

        write_atomically(args.png, draw_lesion(FRACTIONS, means, half_widths))
        console.out(f"wrote {args.png}")


def lesion_scores(view: MemoryView, seeds: int, console: Console) -> Floats:
    """Return the happiness of the greedy policy for each fraction and seed [len(FRACTIONS), seeds]."""
    return scores_with_zeros(view, lambda: view.score.mean_return, seeds, console)


def scores_with_zeros(view: Parameters, score: Callable[[], float], seeds: int, console: Console) -> Floats:
    """Return a score for each fraction of numbers set to 0, and each seed [len(FRACTIONS), seeds].

    Args:
        view: The view of a memory; its parameters are changed, and restored at the end.
        score: Returns the score of the memory as it is.
        seeds: The number of seeds.
        console: The console for the progress bar.
    """
    intact = view.parameters()
    scores = np.empty((len(FRACTIONS), seeds))
    with progress_bar(console) as bar:
        task = bar.add_task("lesions", total=scores.size)
        for row, fraction in enumerate(FRACTIONS):
            for seed in range(seeds):
                view.set_parameters(with_zeros(intact, fraction, seed))
                scores[row, seed] = score()
                bar.advance(task)
    view.set_parameters(intact)
    return scores


def mean_half_widths(scores: Floats) -> Floats:
    """Return half the width of the 95 % interval of the mean of each row [k, n], by Student's t: [k]."""
    from scipy.stats import t

    count = scores.shape[1]
    half: Floats = t.ppf(0.975, count - 1) * scores.std(axis=1, ddof=1) / np.sqrt(count)
    return half
