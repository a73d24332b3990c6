"""The figures of the lessons: learning curves with direct labels, and bars with pictures."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.classification.slides import (
    HELD_OUT,
    SMALL,
    TEXT,
    TRAINING,
    new_slide,
    style,
    tiled,
)
from cookie_jar.scripts.common.bootstrap import Interval
from cookie_jar.scripts.common.figures import (
    BROWN,
    COLOURS,
    DASHED,
    GREEN,
    INK,
    RUST,
    own_style,
    to_png,
)

if TYPE_CHECKING:
    from cookie_jar.scripts.classification.experiments import Curve

MODELS = {"features": COLOURS[3], "softmax": COLOURS[1], "mlp": COLOURS[2], "conv": COLOURS[0]}
MODEL_NAMES = {
    "features": "4 measured features",
    "softmax": "softmax on pixels",
    "conv": "convolutional network",
}
RATE_COLOURS = ("#d98324", GREEN, "#b3446c")


@own_style()
def draw_sizes(
    title: str, subtitle: str, sizes: Sequence[int], scores: Mapping[str, Sequence[Interval]], ceiling: float
) -> bytes:
    """Draw the accuracy of models against the number of training pictures."""
    figure = new_slide(title, subtitle)
    axes = figure.add_subplot()
    ends = {}
    for name, intervals in scores.items():
        share, low, high = 100 * np.array(intervals).T
        axes.fill_between(sizes, low, high, color=MODELS[name], alpha=0.18, linewidth=0)
        axes.plot(sizes, share, color=MODELS[name], linewidth=3, marker="o", markersize=8)
        ends[name] = share[-1]
    lowest = min(interval.low for intervals in scores.values() for interval in intervals)
    axes.set_ylim(100 * lowest - 3, 102)
    _label_ends(axes, ends, {name: MODELS[name] for name in ends}, percent=True)
    _ceiling(axes, ceiling)
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    style(axes, x="training pictures", y="accuracy on new pictures, %")
    return to_png(figure)


@own_style()
def draw_underfitting(title: str, subtitle: str, curves: Mapping[str, "Curve"], ceiling: float) -> bytes:
    """Draw training and held-out accuracy of each model against steps, in a panel per model."""
    figure = new_slide(title, subtitle)
    for number, (axes, (name, curve)) in enumerate(
        zip(figure.subplots(1, len(curves), sharey=True), curves.items(), strict=True)
    ):
        training, held_out = 100 * np.array([curve.training_accuracy, curve.held_out_accuracy])
        axes.plot(curve.steps, training, color=TRAINING, linewidth=3, label="training pictures")
        axes.plot(curve.steps, held_out, color=HELD_OUT, linewidth=3, label="new pictures")
        _ceiling(axes, ceiling)
        axes.set_xlim(0, curve.steps[-1])
        axes.set_ylim(25, 102)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        label = "" if number else "accuracy, %"
        style(axes, f"{MODEL_NAMES[name]}: {held_out[-1]:.1f} %", x="gradient steps", y=label)
        axes.legend(frameon=False, fontsize=TEXT, loc="lower right")
    return to_png(figure)


@own_style()
def draw_overfitting(title: str, subtitle: str, curve: "Curve") -> bytes:
    """Draw training and held-out loss against steps, and mark where overfitting begins."""
    figure = new_slide(title, subtitle)
    axes = figure.add_subplot()
    steps, held_out = np.array(curve.steps), np.array(curve.held_out_loss)
    best = int(held_out.argmin())
    top = 1.12 * max(held_out.max(), curve.training_loss[0])
    axes.set(xlim=(0, steps[-1]), ylim=(0, top))
    axes.axvspan(steps[best], steps[-1], color=RUST, alpha=0.07, linewidth=0)
    axes.plot(steps, curve.training_loss, color=TRAINING, linewidth=3)
    axes.plot(steps, held_out, color=HELD_OUT, linewidth=3)
    axes.plot(steps[best], held_out[best], "o", color=HELD_OUT, markersize=11)
    axes.annotate(
        f"best: step {steps[best]}, loss {held_out[best]:.2f}", (steps[best], held_out[best]),
        xytext=(14, -22), textcoords="offset points", color=HELD_OUT, fontsize=TEXT, fontweight="bold",
    )  # fmt: skip
    axes.annotate(
        "overfitting", (steps[best], top), xytext=(10, -10), textcoords="offset points", va="top", color=RUST,
        fontsize=TEXT, fontweight="bold",
    )  # fmt: skip
    ends = {"new pictures": held_out[-1], "training pictures": curve.training_loss[-1]}
    _label_ends(axes, ends, {"new pictures": HELD_OUT, "training pictures": TRAINING})
    style(axes, x="gradient steps", y="loss (mean cross-entropy)")
    return to_png(figure)


@own_style()
def draw_rates(title: str, subtitle: str, curves: Mapping[float, "Curve"]) -> bytes:
    """Draw the training loss against steps for each learning rate."""
    from cookie_jar.scripts.classification.experiments import end_loss

    figure = new_slide(title, subtitle)
    axes = figure.add_subplot()
    names = ("too small", "good", "too large")
    top = 1.6 * float(np.log(3))
    ends, colours = {}, {}
    for (rate, curve), colour, name in zip(curves.items(), RATE_COLOURS, names, strict=True):
        axes.plot(curve.steps, curve.training_loss, color=colour, linewidth=3)
        label = f"{rate:g}: {name}"
        ends[label], colours[label] = end_loss(curve), colour
    axes.axhline(np.log(3), color=BROWN, linewidth=1.5, linestyle=DASHED)
    axes.annotate(
        "guessing: log 3 = 1.10", (0.72, np.log(3)), xycoords=("axes fraction", "data"), xytext=(0, -5),
        textcoords="offset points", color=BROWN, fontsize=SMALL, va="top",
    )  # fmt: skip
    last = max(curve.steps[-1] for curve in curves.values())
    axes.set(xlim=(0, last), ylim=(0, top))
    _label_ends(axes, ends, colours)
    style(axes, x="gradient steps", y="training loss (mean cross-entropy)")
    return to_png(figure)


class Group(NamedTuple):
    """Scores of two models on one set of pictures, with some of the pictures."""

    label: str
    scores: Sequence[Interval]
    examples: NDArray[np.uint8]


@own_style()
def draw_shortcut(
    title: str, subtitle: str, groups: Sequence[Group], models: Sequence[str], ceiling: float
) -> bytes:
    """Draw the scores of two models per set of pictures, with pictures below."""
    figure = new_slide(title, subtitle)
    panels = figure.subplots(2, len(groups), height_ratios=(3.2, 1), squeeze=False)
    for number, group in enumerate(groups):
        upper, lower = panels[:, number]
        for place, (score, colour) in enumerate(zip(group.scores, (GREEN, RUST), strict=True)):
            share, low, high = (100 * value for value in score)
            upper.bar(place, share, width=0.62, color=colour)
            upper.plot([place, place], [low, high], color=INK, linewidth=2)
            upper.annotate(
                f"{share:.1f} %", (place, share), xytext=(0, -12), textcoords="offset points", ha="center",
                va="top", color="white", fontsize=TEXT + 2, fontweight="bold",
            )  # fmt: skip
        upper.set_xticks(range(len(models)), models)
        upper.set_ylim(0, 108)
        _ceiling(upper, ceiling, label=f"ceiling {100 * ceiling:.1f} %" if not number else "")
        style(upper, group.label, y="accuracy, %" if not number else "")
        upper.tick_params(axis="x", labelsize=TEXT, length=0)
        lower.imshow(tiled(group.examples, len(group.examples) // 2), interpolation="nearest")
        lower.axis("off")
    return to_png(figure)


def _ceiling(axes: Any, ceiling: float, label: str | None = None) -> None:
    axes.axhline(100 * ceiling, color=RUST, linewidth=1.5, linestyle=DASHED)
    axes.annotate(
        f"ceiling {100 * ceiling:.1f} %" if label is None else label, (0.02, 100 * ceiling), xytext=(0, 4),
        xycoords=("axes fraction", "data"), textcoords="offset points", color=RUST, fontsize=SMALL,
    )  # fmt: skip


def loss_text(loss: float) -> str:
    """Return a loss for tables and figures; a loss that exploded as a power of ten."""
    return f"{loss:.2f}" if loss < 100 else f"{loss:.0e}"


def _label_ends(
    axes: Any, ends: Mapping[str, float], colours: Mapping[str, str], *, percent: bool = False
) -> None:
    """Write the name and the last value of each line at its end, at least a line apart."""
    low, top = axes.get_ylim()
    least, last = 0.105 * (top - low), -np.inf
    bottom = low + least / 2
    for name, value in sorted(ends.items(), key=lambda item: item[1]):
        last = height = min(max(value, bottom, last + least), top)
        shown = f"{value:.1f} %" if percent else loss_text(value)
        text = f"{MODEL_NAMES.get(name, name)}\n{shown}"
        axes.annotate(
            text, (1, height), xytext=(12, 0), xycoords=("axes fraction", "data"), va="center",
            textcoords="offset points", color=colours[name], fontsize=TEXT, fontweight="bold",
            annotation_clip=False,
        )  # fmt: skip
