"""The figure of one prediction: features times coefficients, picture times template, or saliency."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.classifiers import FeatureClassifier, SoftmaxClassifier
from cookie_jar.scripts.classification import arithmetic
from cookie_jar.scripts.classification.judged import Judged
from cookie_jar.scripts.classification.slides import (
    SMALL,
    TEXT,
    Pictures,
    diverging,
    kind_colours,
    new_slide,
    show_picture,
    style,
)
from cookie_jar.scripts.common.figures import INK, label, own_style, to_png

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEVELS = 0.12  # of the largest saliency, below which a picture stays dark


@own_style()
def draw_explanation(judged: Judged, index: int, shown: tuple[int, int]) -> bytes:
    """Draw the explanation of the prediction for a picture.

    Args:
        judged: The classifier and the data set.
        index: The index of the picture.
        shown: The predicted kind and another one.
    """
    kinds, true = judged.dataset.kinds, int(judged.dataset.labels[index])
    picture = judged.dataset.pictures[index]
    sure = judged.probabilities(picture[None])[0, shown[0]]
    verdict = ": right" if shown[0] == true else f", but the kind is {kinds[true]}"
    title = f"{100 * sure:.1f} % sure of {kinds[shown[0]]}{verdict}"
    name = f"picture {judged.dataset.numbers[index]}, {judged.name}"
    if isinstance(judged.classifier, FeatureClassifier):
        figure = _features(title, f"{name}: features times coefficients", judged, picture, shown)
    elif isinstance(judged.classifier, SoftmaxClassifier):
        figure = _template(title, f"{name}: picture times template", judged, picture, shown)
    else:
        figure = _saliency(title, f"{name}: saliency, where a logit reacts most", judged, picture, shown)
    return to_png(figure)


def _features(
    title: str, subtitle: str, judged: Judged, picture: Pictures, shown: tuple[int, int]
) -> "Figure":
    """Draw the terms of the logits of two kinds as bars."""
    found = arithmetic.feature_sum(judged.classifier, judged.classifier.samples(picture[None])[0])  # type: ignore[arg-type]
    figure, kinds, colours = (
        new_slide(title, subtitle),
        judged.dataset.kinds,
        kind_colours(judged.dataset.kinds),
    )
    left, axes = figure.subplots(1, 2, width_ratios=(1, 2.2))
    show_picture(left, picture)
    names = [
        f"{name.replace('_', ' ')}\nz = {z:+.2f}"
        for name, z in zip(found.names, found.standardised, strict=True)
    ]
    names += ["intercept", "sum: logit"]
    for number, kind in enumerate(shown):
        column = int(np.flatnonzero(judged.labels == kind)[0])
        values = [*found.products[:, column], found.intercepts[column], found.logits[column]]
        rows = np.arange(len(values)) + (number - 0.5) * 0.38
        axes.barh(rows, values, height=0.36, color=colours[kind], label=label(kinds[kind]))
        for row, value in zip(rows, values, strict=True):
            axes.annotate(
                f"{value:+.2f}", (value, row), xytext=(5 if value >= 0 else -5, 0), va="center",
                textcoords="offset points", ha="left" if value >= 0 else "right", fontsize=SMALL, color=INK,
            )  # fmt: skip
    axes.axvline(0, color=INK, linewidth=1)
    axes.axhline(len(names) - 1.5, color=INK, linewidth=1, linestyle=(0, (2, 3)))
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.margins(x=0.18)
    style(axes, x="coefficient x z", grid="x")
    axes.tick_params(axis="y", labelsize=TEXT, length=0)
    axes.legend(frameon=False, fontsize=TEXT, loc="upper center", bbox_to_anchor=(0.5, 1.1), ncols=2)
    return figure


def _template(
    title: str, subtitle: str, judged: Judged, picture: Pictures, shown: tuple[int, int]
) -> "Figure":
    """Draw the picture, the templates of two kinds, and the products."""
    mean = judged.part("train")[0].mean(axis=0)
    found = arithmetic.template_sum(judged.classifier, picture, mean)  # type: ignore[arg-type]
    figure, kinds, colours = (
        new_slide(title, subtitle),
        judged.dataset.kinds,
        kind_colours(judged.dataset.kinds),
    )
    panels = figure.subplots(2, 4, width_ratios=(1, 1, 1, 0.8))
    limit = float(np.abs(found.products.sum(axis=2)).max())
    show_picture(panels[0, 0], picture, "picture")
    show_picture(panels[1, 0], np.clip(np.round(mean), 0, 255).astype(np.uint8), "mean training picture")
    for row, kind in enumerate(shown):
        column = int(np.flatnonzero(judged.labels == kind)[0])
        name, colour = label(kinds[kind]), colours[kind]
        show_picture(
            panels[row, 1], template(found.templates[..., column]), f"template of {name}", colour=colour
        )
        product = diverging(found.products[..., column].sum(axis=2), limit)
        show_picture(panels[row, 2], product, "(picture - mean) x template", colour=colour)
        panels[row, 3].axis("off")
        rings = arithmetic.by_ring(found.products[..., column]).sum(axis=1)
        lines = [f"{ring}  {value:+.2f}" for ring, value in zip(arithmetic.RINGS, rings, strict=True)]
        lines += [f"mean picture  {found.offsets[column]:+.2f}", "", f"logit  {found.logits[column]:+.2f}"]
        panels[row, 3].text(
            1, 0.5, "\n".join(lines), transform=panels[row, 3].transAxes, ha="right", va="center",
            fontsize=TEXT, color=INK, linespacing=1.5,
        )  # fmt: skip
    return figure


def template(weights: NDArray[np.floating[Any]]) -> Pictures:
    """Return weights [S, S, 3] as a picture: grey for 0, bright where brightness raises the logit."""
    most = float(np.abs(weights).max()) or 1.0
    return np.round(127.5 + 127.5 * weights / most).astype(np.uint8)


def _saliency(
    title: str, subtitle: str, judged: Judged, picture: Pictures, shown: tuple[int, int]
) -> "Figure":
    """Draw the picture, and for two kinds the picture lit where the logit reacts."""
    figure, kinds, colours = (
        new_slide(title, subtitle, height=5.4),
        judged.dataset.kinds,
        kind_colours(judged.dataset.kinds),
    )
    panels = figure.subplots(1, 3)
    show_picture(panels[0], picture)
    panels[0].set_title("picture", fontsize=TEXT, color=INK)
    for axes, kind in zip(panels[1:], shown, strict=True):
        found = arithmetic.sensitivity(judged.classifier, picture, judged.label_of(kind)[0])
        show_picture(axes, lit(picture, found), colour=colours[kind])
        axes.set_title(f"for {label(kinds[kind])}", fontsize=TEXT, color=colours[kind], fontweight="bold")
    return figure


def lit(picture: Pictures, strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a picture [S, S, 3] that is dark where a strength [S, S] is small."""
    from scipy.ndimage import gaussian_filter

    smooth = gaussian_filter(strength, 0.02 * len(picture))
    light = smooth / max(float(np.quantile(smooth, 0.98)), 1e-300)
    shown: NDArray[np.float64] = np.clip((LEVELS + light[..., None]) / (LEVELS + 1), 0, 1) * picture / 255
    return shown
