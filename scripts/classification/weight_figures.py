"""Figures of what a classifier has learned: coefficients, means and templates, filters and their patches."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.classification.explain_figures import template
from cookie_jar.scripts.classification.slides import (
    SMALL,
    TEXT,
    Pictures,
    kind_colours,
    new_slide,
    show_picture,
    style,
    tiled,
)
from cookie_jar.scripts.common.figures import INK, SOFT_INK, label, own_style, to_png

if TYPE_CHECKING:
    from cookie_jar.scripts.classification.weights import Filter

MOST = 6  # kinds in a figure of templates


@own_style()
def draw_coefficients(
    subtitle: str,
    names: Sequence[str],
    weight: NDArray[np.float64],
    columns: Sequence[str],
    kinds: Sequence[str],
) -> bytes:
    """Draw the coefficients [features, K] as bars.

    Args:
        subtitle: The subtitle.
        names: The names of the features.
        weight: The coefficients.
        columns: The kind of each column.
        kinds: All kinds, which set the colours.
    """
    row, column = map(int, np.unravel_index(np.abs(weight).argmax(), weight.shape))
    title = (
        f"The guess in numbers: {names[row]} counts most, {weight[row, column]:+.2f} for {columns[column]}"
    )
    figure = new_slide(title, subtitle)
    axes, colours = figure.add_subplot(), dict(zip(kinds, kind_colours(kinds), strict=True))
    width = 0.8 / len(columns)
    for number, kind in enumerate(columns):
        places = np.arange(len(names)) + (number - (len(columns) - 1) / 2) * width
        axes.bar(places, weight[:, number], width * 0.92, color=colours[kind], label=label(kind))
        for place, value in zip(places, weight[:, number], strict=True):
            if len(columns) <= 4:
                axes.annotate(
                    f"{value:+.2f}", (place, value), xytext=(0, 5 if value >= 0 else -5),
                    textcoords="offset points", ha="center", va="bottom" if value >= 0 else "top",
                    fontsize=SMALL, color=INK,
                )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=1)
    axes.set_xticks(range(len(names)), names)
    axes.margins(y=0.12)
    style(axes, y="coefficient, per standard deviation")
    axes.tick_params(axis="x", labelsize=TEXT + 2, length=0)
    axes.legend(
        frameon=False, fontsize=TEXT, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=min(len(columns), 5)
    )
    return to_png(figure)


@own_style()
def draw_templates(
    subtitle: str, means: Sequence[Pictures], templates: Sequence[NDArray[np.float64]], kinds: Sequence[str]
) -> bytes:
    """Draw the mean training picture and the template of each kind; of at most `MOST` kinds."""
    shown = min(len(means), MOST)
    figure = new_slide("What softmax on pixels learns: one template per kind", subtitle, height=7.6)
    panels = figure.subplots(2, shown, squeeze=False)
    for column, colour in enumerate(kind_colours(kinds)[:shown]):
        for axes, picture in zip(
            panels[:, column], (means[column], template(templates[column])), strict=True
        ):
            show_picture(axes, picture, colour=colour)
        panels[0, column].set_title(
            label(kinds[column][:20]), fontsize=TEXT + 2, color=colour, fontweight="bold"
        )
    for axes, text in zip(
        panels[:, 0], ("mean of the\ntraining pictures", "template:\nbright raises\nthe logit"), strict=True
    ):
        axes.set_ylabel(text, fontsize=TEXT, rotation=0, ha="right", va="center", labelpad=12, color=SOFT_INK)
    return to_png(figure)


@own_style()
def draw_filters(subtitle: str, filters: Sequence["Filter"]) -> bytes:
    """Draw each filter of the first layer beside the patches that excite it most; of at most 12 filters."""
    shown = filters[:12]
    rows = -(-len(shown) // 2)
    figure = new_slide("What the network looks for: the patches that excite each filter most", subtitle)
    panels = figure.subplots(rows, 4, width_ratios=(1, 6.3, 1, 6.3), squeeze=False)
    for number, found in enumerate(shown):
        left, right = panels[number % rows, number // rows * 2 : number // rows * 2 + 2]
        show_picture(left, template(found.weights))
        left.set_ylabel(f"{number + 1}", fontsize=TEXT, rotation=0, ha="right", va="center", color=SOFT_INK)
        _show_row(right, found.patches)
        if number % rows == 0:
            left.set_title("filter", fontsize=TEXT, color=SOFT_INK)
            right.set_title("patches of training pictures", fontsize=TEXT, color=SOFT_INK)
    for axes in panels.ravel():
        if not axes.images:
            axes.remove()
    return to_png(figure)


def _show_row(axes: Any, patches: Pictures) -> None:
    """Show patches in a row, a pixel apart."""
    big = patches.repeat(6, axis=1).repeat(6, axis=2)
    axes.imshow(tiled(big, len(big), gap=4), interpolation="nearest")
    axes.axis("off")
    axes.set_anchor("W")
