"""The learning curve of a classifier as a PNG: losses and accuracies by gradient step."""

from typing import Any

from cookie_jar.agents.loss_table import LossRow, LossTable
from cookie_jar.scripts.common.figures import (
    BLUE,
    BROWN,
    DASHED,
    GREEN,
    SAND,
    new_figure,
    own_style,
    style_axes,
    to_png,
)

OVERFITTING = 1.05  # times the lowest validation loss, above which the end counts as overfitted


@own_style()
def draw_losses(title: str, table: LossTable) -> bytes:
    """Draw the losses and the accuracies of both parts, and mark the best epoch.

    Args:
        title: The title of the figure.
        table: The scores of the run.
    """
    figure = new_figure(10, 4.5)
    losses, accuracies = figure.subplots(1, 2)
    for axes in (losses, accuracies):
        _mark_best(axes, table, named=axes is accuracies)
    _draw(losses, table, "loss", "mean cross-entropy in nats")
    _draw(accuracies, table, "accuracy", "right answers, %", 100)
    style_axes(losses, title)
    style_axes(accuracies)
    losses.set_ylim(bottom=0)
    losses.legend(frameon=False)
    handles, _ = accuracies.get_legend_handles_labels()
    accuracies.legend(handles=handles[:-2], frameon=False, loc="lower right")  # without the two curves
    return to_png(figure)


def is_overfitted(rows: list[LossRow]) -> bool:
    """Return whether the validation loss has clearly risen since its minimum while the training loss fell."""
    return has_risen(rows) and rows[-1].training_loss < _lowest(rows).training_loss


def has_risen(rows: list[LossRow]) -> bool:
    """Return whether the validation loss has clearly risen since its minimum."""
    return rows[-1].validation_loss > OVERFITTING * _lowest(rows).validation_loss


def _lowest(rows: list[LossRow]) -> LossRow:
    return min(rows, key=lambda row: row.validation_loss)


def _draw(axes: Any, table: LossTable, score: str, label: str, scale: float = 1) -> None:
    """Draw a score of both parts."""
    steps = [row.step for row in table.rows]
    for part, colour in (("training", GREEN), ("validation", BLUE)):
        values = [scale * getattr(row, f"{part}_{score}") for row in table.rows]
        axes.plot(steps, values, color=colour, linewidth=2.2, label=part)
    axes.set_xlabel("gradient steps")
    axes.set_ylabel(label)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlim(0, max(steps[-1], 1))


def _mark_best(axes: Any, table: LossTable, named: bool) -> None:
    """Mark the lowest validation loss, and the overfitting after it; named in the legend or not."""
    best, last = table.best, table.rows[-1]
    name = f"best epoch: {best.epoch}, validation loss {best.validation_loss:.3f}"
    axes.axvline(best.step, color=BROWN, linewidth=1.2, linestyle=DASHED, label=name if named else None)
    if is_overfitted(table.rows):
        ratio = last.validation_loss / best.validation_loss
        name = f"overfitting: it rises to {ratio:.2f} times that"
        axes.axvspan(best.step, last.step, color=SAND, alpha=0.18, linewidth=0, label=name if named else None)
