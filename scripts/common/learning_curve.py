"""The learning curve of a run as a PNG."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.scripts.common.figures import (
    BLUE,
    GREEN,
    SAND,
    new_figure,
    own_style,
    reference_line,
    style_axes,
    to_png,
)

POINTS = 60  # number of points of the curve of training episodes
FURTHER: Mapping[str, tuple[str, str, Any]] = {  # label, colour and line style of each column of evaluations
    "sampled": ("stochastic policy", GREEN, (0, (3, 1))),
    "unseen": ("unseen {}, greedy policy", BLUE, "-"),
    "unseen_sampled": ("unseen {}, stochastic policy", BLUE, (0, (3, 1))),
}

Numbers = NDArray[Any]


@own_style()
def draw_curve(
    title: str,
    evaluator: Evaluator,
    episode_ends: Sequence[int],
    episode_returns: Sequence[float],
    steps: Sequence[int],
    greedy: Sequence[float],
    further: Mapping[str, Sequence[float]] = MappingProxyType({}),
) -> bytes:
    """Draw the happiness of training episodes and of policies against environment steps.

    Args:
        title: The title of the figure.
        evaluator: Provides the returns of the random policy and the optimum, which are drawn as lines.
        episode_ends: The step at which each training episode ended [n].
        episode_returns: The return of each training episode [n].
        steps: The steps of the evaluations [k].
        greedy: The return of the greedy policy at each evaluation [k].
        further: Further returns [k] by name; see `FURTHER`.
    """
    figure = new_figure(8, 4.5)
    axes = figure.add_subplot()
    if episode_returns:
        ends, returns = binned_means(np.asarray(episode_ends), np.asarray(episode_returns), steps[-1])
        axes.plot(ends, returns, color=SAND, linewidth=1.5, label="training episodes (mean)")
    label = "greedy policy" + (" (exact)" if evaluator.exact else "")
    axes.plot(steps, greedy, color=GREEN, linewidth=2.5, label=label)
    for name, values in further.items():
        label, colour, style = FURTHER[name]
        label = label.format(evaluator.numbered)
        axes.plot(steps, values, color=colour, linewidth=2, linestyle=style, label=label)
    references = {"random": evaluator.random}
    if evaluator.optimum is not None:
        references["optimum"] = evaluator.optimum
    for name, score in references.items():
        reference_line(axes, score.mean_return, f"{name} {score.mean_return:.2f}", side="right")
    axes.set_xlabel("environment steps")
    axes.set_ylabel("happiness per episode")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.margins(y=0.12)
    axes.set_xlim(0, max(steps[-1], 1))
    style_axes(axes, title)
    figure.legend(frameon=False, loc="outside lower center", ncols=2)
    return to_png(figure)


def binned_means(ends: Numbers, returns: Numbers, last_step: int) -> tuple[list[float], list[float]]:
    """Return the mean end and the mean return of the episodes in each of `POINTS` equal spans of steps."""
    span = np.minimum(ends * POINTS // last_step, POINTS - 1)
    spans = [span == number for number in np.unique(span)]
    return [float(ends[s].mean()) for s in spans], [float(returns[s].mean()) for s in spans]
