"""`memory lesion`: the score of an agent after random parts of its numbers are set to 0."""

import argparse
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import Evaluation, tabular_model
from cookie_jar.agents.files import write_atomically
from cookie_jar.scripts.common.console import Console
from cookie_jar.scripts.common.tables import new_table, number_cell, percent_cell
from cookie_jar.scripts.inspection.commands import DRAWS, FEW_DRAWS, NETWORK_DRAWS
from cookie_jar.scripts.inspection.greedy import acting_states
from cookie_jar.scripts.inspection.lesion_draws import (
    FRACTIONS,
    hit_probabilities,
    intervals,
    scores_with_zeros,
    two_valued,
)
from cookie_jar.scripts.inspection.untrained import explain_equal
from cookie_jar.scripts.inspection.view import MemoryView

Floats = NDArray[np.float64]


def show_lesion(args: argparse.Namespace, console: Console) -> None:
    """Print success and happiness for each fraction, with the interval over the draws."""
    view = MemoryView(args.run)
    draws = args.draws or default_draws(view)
    returns, successes = lesion_scores(view, draws, console)
    counted = not np.isnan(successes).any()  # otherwise the environment does not report success
    shares = 100 * successes if counted else returns
    bounds = np.clip(intervals(successes, 100), 0, 100) if counted else np.array(intervals(returns))
    used = way_numbers(view)
    hits = None if used is None else 100 * hit_probabilities(view.size, used)
    columns = _columns(view, shares, bounds, hits, returns if counted else None)
    table = new_table(*columns)
    for cells in zip(*columns.values(), strict=True):
        table.add_row(*cells)
    console.print(table)
    console.print("\n".join(_notes(view, draws, successes, used)), style="dim")
    if args.png is not None:
        from cookie_jar.scripts.inspection.figures import draw_lesion

        label = "success, %" if counted else "happiness per episode"
        missed = None if hits is None or not counted else 100 - hits
        write_atomically(args.png, draw_lesion(FRACTIONS, shares.mean(axis=1), bounds, label, missed))
        console.out(f"wrote {args.png}")


def _columns(
    view: MemoryView,
    shares: Floats,
    bounds: Floats,
    hits: Floats | None,
    returns: Floats | None,
) -> dict[str, list[str]]:
    """Return the cells of each column of the table, by heading.

    Args:
        view: The view of the agent.
        shares: Successes in percent, or returns if success is not known [len(FRACTIONS), draws].
        bounds: The lower and the upper ends of the interval of their mean [2, len(FRACTIONS)].
        hits: The probability in percent that the greedy way is hit, if known [len(FRACTIONS)].
        returns: The returns, if `shares` are successes [len(FRACTIONS), draws].
    """
    columns = {"forgotten": [f"{part:.0%}" for part in FRACTIONS]}
    means, ends = shares.mean(axis=1), bounds.T
    if returns is None:
        columns["happiness"] = [number_cell(mean) for mean in means]
        columns["95 % interval"] = [f"{low:z.2f} to {high:z.2f}" for low, high in ends]
    else:
        columns["success"] = [percent_cell(mean) for mean in means]
        columns["95 % interval"] = [f"{low:z.1f} to {high:z.1f} %" for low, high in ends]
        means = returns.mean(axis=1)
        if hits is not None:
            columns["way hit"] = [percent_cell(hit) for hit in hits]
        columns["happiness"] = [number_cell(mean) for mean in means]
    percents = [view.evaluator.percent(mean) for mean in means]
    if np.isfinite(percents).all():
        columns["of possible"] = [percent_cell(percent) for percent in percents]
    return columns


def _notes(view: MemoryView, draws: int, successes: Floats, used: int | None) -> list[str]:
    """Return lines of text that say what the columns mean."""
    lines = [f"{draws:,} independent draws of the numbers for each fraction. happiness: the mean."]
    if two_valued(successes):
        lines += ["success: the share of draws that succeed, and its exact interval (Clopper and Pearson)."]
    else:
        name = "happiness" if np.isnan(successes).any() else "success"
        lines += [f"95 % interval: of the mean {name}, by Student's t."]
    if used is not None:
        lines += [
            f"way hit: the exact probability of forgetting at least one of {used:,} numbers: the best in "
            "each state that the greedy policy can reach."
        ]
    return [*lines, *explain_equal(view, "With all numbers 0")]


def lesion_scores(view: MemoryView, draws: int, console: Console) -> tuple[Floats, Floats]:
    """Return happiness and success of the greedy policy, both [len(FRACTIONS), draws]."""
    score = greedy_score(view)
    scores = scores_with_zeros(view, lambda: score()[:2], draws, console)
    return scores[..., 0], scores[..., 1]


def greedy_score(view: MemoryView) -> Callable[[], Evaluation]:
    """Return a function that evaluates the greedy policy of the parameters as they are.

    A policy that acts as an earlier policy in every state that the earlier one can reach has the same
    episodes (by induction over the steps), so it is not evaluated again.
    """
    model = tabular_model(view.agent.env) if _one_model(view) else None
    if model is None:
        return lambda: view.score
    found: dict[bytes, Evaluation] = {}

    def score() -> Evaluation:
        policy = view.agent.policy
        states = acting_states(model, policy)
        key = states.tobytes() + policy[states].tobytes()
        if key not in found:
            found[key] = view.score
        return found[key]

    return score


def default_draws(view: MemoryView) -> int:
    """Return the number of draws per fraction, which take seconds up to a minute."""
    if not _one_model(view):
        return FEW_DRAWS
    return NETWORK_DRAWS if view.table_name is None else DRAWS


def _one_model(view: MemoryView) -> bool:
    """Return whether the scores are exact, on one model of numbered states."""
    return view.evaluator.exact and view.has_states and tabular_model(view.agent.env) is not None


def way_numbers(view: MemoryView) -> int | None:
    """Return how many numbers of a table the greedy policy follows: the best of each state it can reach.

    None for a network, whose numbers all count in every state, and without a model.
    """
    if view.table_name is None or not _one_model(view):
        return None
    model = tabular_model(view.agent.env)
    assert model is not None
    return len(acting_states(model, view.agent.policy))
