"""The figure of shifts: accuracies with their intervals, and what the pictures look like."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cookie_jar.scripts.classification.slides import SMALL, TEXT, new_slide, style, tiled
from cookie_jar.scripts.common.figures import GREEN, INK, RUST, label, own_style, to_png

if TYPE_CHECKING:
    from cookie_jar.scripts.classification.shift import Shifted


@own_style()
def draw_shifts(title: str, subtitle: str, rows: Sequence["Shifted"]) -> bytes:
    """Draw the accuracy under each shift, beside some of its pictures."""
    figure = new_slide(title, subtitle, height=1.6 + 0.8 * len(rows))
    panels = figure.subplots(len(rows), 2, width_ratios=(0.9, 1.0), squeeze=False)
    first = 100 * rows[0].score.estimate
    for number, ((name, score, examples), (left, right)) in enumerate(zip(rows, panels, strict=True)):
        left.imshow(tiled(examples, len(examples)), interpolation="nearest")
        left.set_yticks([left.get_ylim()[0] / 2], [label(name)], fontsize=TEXT)
        left.set_xticks([])
        left.tick_params(length=0)
        left.spines[:].set_visible(False)
        left.set_anchor("E")
        share, low, high = (100 * value for value in score)
        colour = GREEN if high >= first or not number else RUST
        right.barh(0, share, height=0.7, color=colour, alpha=1.0 if not number else 0.75)
        right.plot([low, high], [0, 0], color=INK, linewidth=2)
        inside = low > 15
        right.annotate(
            f"{share:.1f} %", (low if inside else high, 0), xytext=(-8 if inside else 8, 0),
            textcoords="offset points", va="center", ha="right" if inside else "left", fontsize=TEXT,
            color="white" if inside else INK, fontweight="bold",
        )  # fmt: skip
        last = number == len(rows) - 1
        right.set(xlim=(0, 101), ylim=(-0.6, 0.6), yticks=[])
        style(right, grid="x", x="test accuracy, %" if last else "")
        right.tick_params(labelbottom=last, labelsize=SMALL, length=0)
        right.spines["bottom"].set_visible(last)
        right.axvline(first, color=GREEN, linewidth=1.2, linestyle=(0, (4, 4)))
    return to_png(figure)
