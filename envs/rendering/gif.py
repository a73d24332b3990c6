"""GIF files: one palette for the whole film, and only the changed part of each picture."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray
from PIL import GifImagePlugin, Image

from .pixels import words

COLOURS = 255  # one more marks unchanged pixels
UNCHANGED = 255
SAMPLES = 12  # pictures from which the colours are chosen
SAMPLE_STEP = 4  # of rows and columns of a sample: colours fill areas
CELLS = 1 << 15  # parts of the colour cube, with 5 bits of each channel
LONGEST = 655_350  # milliseconds that a picture can be shown
CHOSEN = 1 << 16  # approximate number of pixels from which the palette is computed

Pixels = NDArray[np.uint32]
Numbers = NDArray[np.uint8]


class Change(NamedTuple):
    """The difference between a picture and the picture before.

    Attributes:
        corner: Left and top of the smallest rectangle around all changed pixels.
        changed: Which pixels of the rectangle changed, bool [height, width].
        cells: The cells of the colour cube of the changed pixels, uint16 [n].
        milliseconds: How long the picture is shown.
    """

    corner: tuple[int, int]
    changed: NDArray[np.bool_]
    cells: NDArray[np.uint16]
    milliseconds: int


def encode_gif(
    pictures: Iterable[pygame.Surface], milliseconds: Sequence[int], report: Callable[[float], None]
) -> bytes:
    """Return an endless animation; the pictures must not change later. See `encode_animation`."""
    chosen = set(np.linspace(0, len(milliseconds) - 1, min(SAMPLES, len(milliseconds))).astype(int).tolist())
    samples: list[Pixels] = []
    changes: list[Change] = []
    before: Pixels | None = None
    for number, (picture, duration) in enumerate(zip(pictures, milliseconds, strict=True)):
        pixels = words(picture)
        if number in chosen:
            samples.append(pixels[::SAMPLE_STEP, ::SAMPLE_STEP].ravel())
        change = _change(pixels, before, duration)
        if change is None:
            changes[-1] = changes[-1]._replace(milliseconds=changes[-1].milliseconds + duration)
        else:
            changes.append(change)
            before = pixels
    assert before is not None
    palette, table = _colours(np.concatenate(samples), np.unique(np.concatenate([c.cells for c in changes])))
    screen = Image.new("P", (before.shape[1], before.shape[0]))
    screen.putpalette(palette.tobytes())
    blocks = [*GifImagePlugin.getheader(screen, info={"loop": 0})[0]]
    for number, image, change in _images(changes, table):
        options: dict[str, Any] = {"duration": min(change.milliseconds, LONGEST), "disposal": 1}
        if number:
            options["transparency"] = UNCHANGED
        blocks += GifImagePlugin.getdata(image, change.corner, **options)
        report((number + 1) / len(changes))
    return b"".join([*blocks, b";"])


def _images(changes: Sequence[Change], table: Numbers) -> Iterator[tuple[int, Image.Image, Change]]:
    """Yield for each change its number, and the rectangle as an image of palette numbers."""
    for number, change in enumerate(changes):
        indices = np.full(change.changed.shape, UNCHANGED, np.uint8)
        indices[change.changed] = table[change.cells]
        height, width = change.changed.shape
        yield number, Image.frombytes("P", (width, height), indices.tobytes()), change


def _change(pixels: Pixels, before: Pixels | None, milliseconds: int) -> Change | None:
    """Return the change from the picture before, or None if both are equal."""
    if before is None:
        return Change((0, 0), np.ones(pixels.shape, np.bool_), _cells(pixels.ravel()), milliseconds)
    changed = pixels != before
    rows = np.flatnonzero(changed.any(axis=1))
    if not len(rows):
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(changed[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    part = changed[top:bottom, left:right].copy()
    return Change((left, top), part, _cells(pixels[top:bottom, left:right][part]), milliseconds)


def _cells(pixels: Pixels) -> NDArray[np.uint16]:
    """Return the cell of the colour cube in which each pixel is [n]."""
    return ((pixels >> 9 & 0x7C00) | (pixels >> 6 & 0x3E0) | (pixels >> 3 & 0x1F)).astype(np.uint16)


def _colours(pixels: Pixels, used: NDArray[np.uint16]) -> tuple[Numbers, Numbers]:
    """Return a palette [256, 3] that suits the pixels [n], and its entry for each used cell [CELLS].

    A cell is represented by the mean of its pixels, or by its middle if it has none.
    """
    cells = _cells(pixels)
    counts = np.bincount(cells, minlength=CELLS)
    number = np.arange(CELLS)
    channels = []
    for shift, cell_shift in ((16, 10), (8, 5), (0, 0)):
        total = np.bincount(cells, (pixels >> shift & 0xFF).astype(np.float64), CELLS)
        middle = (number >> cell_shift & 0x1F) * 8 + 4
        channels.append(np.where(counts > 0, total / np.maximum(counts, 1), middle))
    colours = np.stack(channels, axis=1)
    repeats = np.ceil(counts * (CHOSEN / len(pixels))).astype(np.int64)
    typical = np.repeat(np.rint(colours).astype(np.uint8), repeats, axis=0)
    quantized = Image.fromarray(typical[None]).quantize(COLOURS, kmeans=1)
    found = np.array(quantized.getpalette(), np.uint8).reshape(-1, 3)[:COLOURS]
    palette, table = np.zeros((256, 3), np.uint8), np.zeros(CELLS, np.uint8)
    palette[: len(found)] = found
    distances = sum(np.subtract.outer(colours[used, channel], found[:, channel]) ** 2 for channel in range(3))
    table[used] = distances.argmin(axis=1)
    return palette, table
