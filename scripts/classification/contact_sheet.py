"""The contact sheet of a data set: some pictures of each kind, as a PNG."""

import numpy as np
from numpy.typing import NDArray

from cookie_jar.scripts.common.dataset import Dataset
from cookie_jar.scripts.common.figures import INK, PAPER, SOFT_INK, label, new_figure, own_style, to_png

COLUMNS = 12
MOST_KINDS = 12  # on a sheet
SCALE = 4  # a pixel of a picture becomes a square of this width, which keeps it sharp
GAP = 2  # pixels of a picture between two pictures
WIDTH, MARGIN, HEADING, TITLE = 12.0, 0.45, 0.5, 0.7  # inches
DPI = 130


@own_style()
def draw_contact_sheet(dataset: Dataset, title: str) -> bytes:
    """Draw the first pictures of each kind in a band of their own; of many kinds, the first ones."""
    kinds = dataset.kinds[:MOST_KINDS]
    rows = 2 if len(kinds) <= MOST_KINDS // 2 else 1
    counts = np.bincount(dataset.labels, minlength=len(dataset.kinds))
    cell = (WIDTH - 2 * MARGIN) / COLUMNS
    height = TITLE + len(kinds) * (HEADING + rows * cell) + MARGIN
    figure = new_figure(WIDTH, height, dpi=DPI, background=PAPER)
    figure.set_layout_engine("none")
    left = MARGIN / WIDTH
    figure.text(left, 1 - 0.5 / height, label(title), fontsize=17, fontweight="bold", color=INK, va="center")
    top = height - TITLE
    for number, kind in enumerate(kinds):
        baseline = (top - HEADING + 0.12) / height
        heading = figure.text(left, baseline, label(kind), fontsize=13, fontweight="bold", color=INK)
        figure.canvas.draw_idle()
        beside = heading.get_window_extent().x1 / (WIDTH * DPI) + 0.012
        figure.text(beside, baseline, f"{counts[number]:,} pictures", fontsize=11, color=SOFT_INK)
        top -= HEADING + rows * cell
        place = (left, top / height, COLUMNS * cell / WIDTH, rows * cell / height)
        axes = figure.add_axes(place)
        axes.set_axis_off()
        band = mosaic(dataset.pictures[dataset.labels == number][: rows * COLUMNS], rows)
        axes.imshow(band, interpolation="antialiased", aspect="auto")
    return to_png(figure)


def mosaic(pictures: NDArray[np.uint8], rows: int) -> NDArray[np.uint8]:
    """Return up to `rows` x `COLUMNS` pictures side by side, enlarged, uint8 [height, width, 4].

    Gaps and places without a picture are transparent.
    """
    size = pictures.shape[1]
    side = size + GAP
    sheet = np.zeros((rows * side, COLUMNS * side, 4), np.uint8)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, COLUMNS)
        cell = sheet[row * side : row * side + size, column * side : column * side + size]
        cell[..., :3], cell[..., 3] = picture, 255
    scale = max(1, SCALE * 32 // size)
    return sheet.repeat(scale, axis=0).repeat(scale, axis=1)
