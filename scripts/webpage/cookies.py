"""The pictures of the panel "Cookies as pictures": three sets of the same cookies, packed for the page.

Set A has honest pictures. In set B, the colour of the table cloth gives the kind away in 95 of 100 pictures;
in set C, the cloths are swapped. The pictures are those of `draw_pictures`, averaged over 2 x 2 pixels. Set A
is sent in the colours of a palette, and sets B and C as changes of the cloth's colour:

    picture of B = picture of A + (share of the cloth in each pixel) * (change of the cloth's colour)
"""

import zlib
from base64 import b64encode
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents.preprocessing import RANGE
from cookie_jar.envs.cookies.pictures import TEST_PICTURES, TRAIN_PICTURES, draw_pictures, picture_kinds
from cookie_jar.envs.cookies.recipe import ceiling
from cookie_jar.envs.cookies.shifts import SHORTCUT_SHARE

SIZE = 16  # pixels of a side in the page
DRAWN = 32  # pixels of a side as drawn
COUNT = 300  # training pictures, and test pictures
BATCH = 50  # training pictures of a gradient step
COLOURS = 16  # of the palette
LEVELS = 8  # of the share of the cloth
CLOTH_UNIT = 2  # levels of a colour in a unit of its change, so that each change fits into one byte

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@cache
def cookie_data() -> dict[str, Any]:
    """Return `data.cookies` of the page.

    `pictures` is base64 of deflate of one byte each: the kinds [2n], first of the n training pictures; the
    colours' numbers [2n, S, S]; the shares of the cloth [2n, S, S]; and the changes of the cloth's colour
    [3, 2n, 3], signed. Share times change is in units of `cloth_unit`.
    """
    numbers = np.concatenate([first + np.arange(COUNT) for first in (TRAIN_PICTURES[0], TEST_PICTURES[0])])
    honest = averaged(numbers)
    share = cloth_shares(numbers)
    others = [averaged(numbers, cloth_share=SHORTCUT_SHARE, shift=shift) for shift in ("none", "swapped")]
    changes = np.stack([cloth_changes(share, shown - honest) for shown in (honest, *others)])
    palette, colours = limited_colours(honest)
    parts = (
        picture_kinds(numbers).astype(np.uint8),
        colours.astype(np.uint8),
        np.rint(share * (LEVELS - 1)).astype(np.uint8),
        np.clip(np.rint(changes / CLOTH_UNIT), -128, 127).astype(np.int8),
    )
    packed = zlib.compress(b"".join(part.tobytes() for part in parts), 9)
    return {
        "size": SIZE,
        "count": COUNT,
        "range": RANGE,
        "shortcut": round(100 * SHORTCUT_SHARE),
        "palette": palette.tolist(),
        "cloth_unit": CLOTH_UNIT / (LEVELS - 1),
        "pictures": b64encode(packed).decode(),
        "ceiling": round(100 * ceiling().accuracy, 1),
        "numbers": SIZE * SIZE * 3,
        "batch": BATCH,
    }


def averaged(numbers: Ints, **options: Any) -> Floats:
    """Return pictures [n, S, S, 3] in the size of the page, colours from 0 to 255."""
    drawn = draw_pictures(numbers, size=DRAWN, **options).pictures
    step = DRAWN // SIZE
    pictures: Floats = drawn.reshape(len(numbers), SIZE, step, SIZE, step, 3).mean(axis=(2, 4))
    return pictures


def cloth_shares(numbers: Ints) -> Floats:
    """Return how much of the cloth shows in each pixel [n, S, S], from 0 to 1 where it shows most.

    Two drawings that differ only in the colour of the cloth differ by the product of this share and of the
    colours' difference: a matrix [S * S, 3] of rank one.
    """
    first, second = (averaged(numbers, cloth_share=1.0, shift=shift) for shift in ("none", "swapped"))
    left, strength, _ = np.linalg.svd((first - second).reshape(len(numbers), -1, 3), full_matrices=False)
    share: Floats = left[:, :, 0] * strength[:, :1]
    share *= np.sign(share.sum(axis=1, keepdims=True))
    share /= share.max(axis=1, keepdims=True)
    return share.clip(0, 1).reshape(-1, SIZE, SIZE)


def cloth_changes(share: Floats, difference: Floats) -> Floats:
    """Return the changes of the cloth's colour [n, 3] that fit differences of pictures [n, S, S, 3] best."""
    changes: Floats = np.einsum("nij,nijc->nc", share, difference)
    changes /= np.square(share).sum(axis=(1, 2))[:, None]
    return changes


def limited_colours(pictures: Floats) -> tuple[Ints, Ints]:
    """Return a palette [COLOURS, 3], and the number of the nearest colour of each pixel [n, S, S]."""
    from scipy.cluster.vq import kmeans2, vq

    pixels = pictures.reshape(-1, 3)
    by_light = pixels[np.argsort(pixels.sum(axis=1), kind="stable")]
    start = by_light[np.linspace(0, len(pixels) - 1, COLOURS + 2).astype(int)[1:-1]]
    palette = np.rint(kmeans2(by_light[::5], start, iter=20, minit="matrix")[0])
    return palette.astype(np.int64), vq(pixels, palette)[0].reshape(pictures.shape[:-1])
