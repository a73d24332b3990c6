"""The learning curve of a run, as a picture."""

import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from cookie_jar.agents.evaluation import Evaluator

GROUPS = 60  # points of the exploring curve
GREEDY, EXPLORING, UNSEEN, REFERENCE = "#1e785c", "#d9a066", "#30508c", "#8b7a6c"
FURTHER: Mapping[str, tuple[str, str, Any]] = {  # label, colour, line
    "sampled": ("with its probabilities", GREEDY, (0, (3, 1))),
    "unseen": ("levels never seen, greedy", UNSEEN, "-"),
    "unseen_sampled": ("levels never seen, with its probabilities", UNSEEN, (0, (3, 1))),
}

Numbers = NDArray[Any]


def draw_curve(
    title: str,
    evaluator: Evaluator,
    episode_ends: Sequence[int],
    episode_returns: Sequence[float],
    steps: Sequence[int],
    greedy: Sequence[float],
    further: Mapping[str, Sequence[float]] = MappingProxyType({}),
) -> bytes:
    """A PNG: happiness against steps; exploring, greedy and more (see `FURTHER`); random and optimum."""
    figure = Figure(figsize=(8, 4.5), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    if episode_returns:
        ends, returns = smooth(np.asarray(episode_ends), np.asarray(episode_returns), steps[-1])
        axes.plot(ends, returns, color=EXPLORING, linewidth=1.5, label="exploring (mean of episodes)")
    axes.plot(
        steps, greedy, color=GREEDY, linewidth=2.5, label="greedy" + (" (exact)" if evaluator.exact else "")
    )
    for name, values in further.items():
        label, colour, style = FURTHER[name]
        axes.plot(steps, values, color=colour, linewidth=2, linestyle=style, label=label)
    references = {"random": evaluator.random.mean_return}
    if evaluator.optimum is not None:
        references["optimum"] = evaluator.optimum.mean_return
    for name, happiness in references.items():
        axes.axhline(happiness, color=REFERENCE, linewidth=1, linestyle=(0, (4, 4)))
        axes.annotate(
            f"{name} {happiness:.2f}", (1, happiness), xycoords=("axes fraction", "data"),
            xytext=(-4, 3), textcoords="offset points", ha="right", color=REFERENCE,
        )  # fmt: skip
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold")
    axes.set_xlabel("steps of experience")
    axes.set_ylabel("happiness of an episode")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#eee6da")
    axes.margins(y=0.12)
    axes.set_xlim(0, max(steps[-1], 1))
    axes.legend(frameon=False, loc="center right")
    png = io.BytesIO()
    figure.savefig(png, format="png")
    return png.getvalue()


def smooth(ends: Numbers, returns: Numbers, last_step: int) -> tuple[list[float], list[float]]:
    """The mean return of the episodes that ended in each of `GROUPS` equal spans of steps."""
    span = np.minimum(ends * GROUPS // last_step, GROUPS - 1)
    spans = [span == number for number in np.unique(span)]
    return [float(ends[s].mean()) for s in spans], [float(returns[s].mean()) for s in spans]
