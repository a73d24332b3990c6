"""Features measured in a picture of a cookie: plain image processing, nothing is learned."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import AgentError
from .samples import described

Array = NDArray[Any]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEATURES = ("size", "dots", "dot_size", "darkness")
SMALLEST = 8  # pixels of a side
CHUNK = 500  # pictures at a time

SHADING, NOISE = 0.05, 0.01  # variance of a log colour by light and shadow, and by noise
MIDDLE, FRAME = 0.22, 0.06  # where dough and cloth are seen, in picture widths
DOT_REACH = 7 / 32  # larger than a dot, in picture widths
BLUR = 0.4 / 32  # removes noise, in picture widths
PEAK_BLUR, PEAK_REACH = 0.5 / 32, 3 / 32  # joins the peaks of a dot, in picture widths
FAINT, RELATIVE = 0.1, 0.35  # least contrast of a dot to the dough; as a share of the strongest contrast
NO_DOT_SIZE = 0.05  # of cookies without dots: that of usual dots, in picture widths

IN_PLANE = np.zeros((3, 3, 3), np.bool_)  # neighbours in the same picture
IN_PLANE[1] = True


def measure(pictures: Array) -> Floats:
    """Return the features of pictures.

    Args:
        pictures: Uint8 [n, H, W, 3], each with a cookie in the middle.

    Returns:
        Float64 [n, 4] in the order of `FEATURES`: the radius of the cookie, in picture widths; the number of
        dots; their mean radius; their contrast to the dough, from 0 to 1. Touching dots may count as one.

    Raises:
        AgentError: If the pictures are smaller than 8 x 8 pixels.
    """
    if min(pictures.shape[1:3]) < SMALLEST:
        raise AgentError(f"X: expected pictures of at least 8 x 8 pixels, got {described(pictures)}")
    parts = [_measure(pictures[start : start + CHUNK]) for start in range(0, len(pictures), CHUNK)]
    return np.concatenate([np.empty((0, len(FEATURES))), *parts])


def _measure(pictures: Array) -> Floats:
    from scipy import ndimage  # slow to import

    side = pictures.shape[2]
    colours = (pictures + 1.0) / 256
    cookie = cookie_mask(np.log(colours))
    contrast = dot_contrast(colours[..., :2].mean(axis=3), cookie)  # blue shows mostly noise
    smooth = ndimage.gaussian_filter(contrast, (0, PEAK_BLUR * side, PEAK_BLUR * side))
    strongest = smooth.max(axis=(1, 2))
    least = np.maximum(FAINT, RELATIVE * strongest)[:, None, None]
    reach = _odd(PEAK_REACH * side)
    peaks = (ndimage.maximum_filter(smooth, (1, reach, reach)) == smooth) & (smooth > least)
    dots = _pieces(peaks)
    # A pixel at the edge of a dot is partly covered: its contrast is a share of the contrast of the dots.
    dotted = np.where(contrast > least / 2, contrast, 0)
    total, squares = dotted.sum(axis=(1, 2)), np.square(dotted).sum(axis=(1, 2))
    darkness = np.where(total > 0, squares / np.maximum(total, 1e-9), strongest)
    dot_area = total / np.maximum(darkness, 1e-9) / np.maximum(dots, 1)
    dot_size = np.where(dots > 0, np.sqrt(dot_area / np.pi) / side, NO_DOT_SIZE)
    return np.stack([np.sqrt(cookie.sum(axis=(1, 2)) / np.pi) / side, dots, dot_size, darkness], axis=1)


def cookie_mask(log_colours: Floats) -> Mask:
    """Return where the cookies are, bool [n, H, W], from log colours [n, H, W, 3].

    The frame of a picture shows the cloth, and the middle the dough. Linear discriminant analysis (Fisher
    1936) finds the mixture of colours that separates them best; light and shadow change all three alike.
    """
    from scipy import ndimage  # slow to import

    height, width = log_colours.shape[1:3]
    y, x = (np.abs((np.arange(length) + 0.5) / length - 0.5) for length in (height, width))
    from_centre = np.hypot(y[:, None], x)
    from_edge = 0.5 - np.maximum(y[:, None], x)
    dough = np.median(log_colours[:, from_centre < MIDDLE], axis=1)
    cloth = np.median(log_colours[:, from_edge < max(FRAME, 1 / min(height, width))], axis=1)
    direction = np.linalg.solve(SHADING + NOISE * np.eye(3), (dough - cloth).T).T
    border = (direction * (dough + cloth) / 2).sum(axis=1)
    mask = np.einsum("nhwc,nc->nhw", log_colours, direction) > border[:, None, None]
    mask = ndimage.binary_fill_holes(mask, IN_PLANE)
    mask = ndimage.binary_opening(mask, IN_PLANE, iterations=2)  # cuts off crumbs and neighbours
    pieces, _ = ndimage.label(mask, IN_PLANE)
    in_centre = pieces[:, height // 2, width // 2]
    cookie: Mask = mask & (pieces == in_centre[:, None, None])
    return cookie


def dot_contrast(brightness: Floats, cookie: Mask) -> Floats:
    """Return how much darker than the dough around it each place of the cookies is, from 0 to 1 [n, H, W]."""
    from scipy import ndimage  # slow to import

    side = cookie.shape[2]
    blur = (0, BLUR * side, BLUR * side)
    weight = np.maximum(ndimage.gaussian_filter(cookie.astype(np.float64), blur), 1e-6)
    smooth = cookie * ndimage.gaussian_filter(brightness * cookie, blur) / weight
    reach = _odd(DOT_REACH * side)
    # Closing fills the dark spots that are smaller than the window.
    dough = ndimage.grey_closing(smooth, (1, reach, reach))
    contrast = np.where(cookie, 1 - smooth / np.maximum(dough, 1e-3), 0)
    contrast[~ndimage.binary_erosion(cookie, IN_PLANE)] = 0  # the rim is half cloth
    usual = _medians(contrast, cookie)[:, None, None]  # of noise
    above: Floats = np.maximum(contrast - usual, 0) / np.maximum(1 - usual, 1e-3)
    return above


def _odd(pixels: float) -> int:
    """Return the odd number of pixels nearest to a length."""
    return 2 * round((pixels - 1) / 2) + 1


def _pieces(mask: Mask) -> NDArray[np.int64]:
    """Return the number [n] of connected pieces of each mask [n, H, W]."""
    from scipy import ndimage  # slow to import

    labels, count = ndimage.label(mask, IN_PLANE)
    first_places = np.unique(labels, return_index=True)[1][-count:] if count else np.zeros(0, np.int64)
    pieces: NDArray[np.int64] = np.bincount(first_places // mask[0].size, minlength=len(mask))
    return pieces


def _medians(values: Floats, mask: Mask) -> Floats:
    """Return the median [n] of the values [n, H, W] within each mask; 0 where the mask is empty."""
    inside = np.where(mask, values, np.inf).reshape(len(values), -1)
    count = mask.sum(axis=(1, 2))
    middle = np.sort(inside, axis=1)[np.arange(len(count)), count // 2]
    return np.where(count > 0, middle, 0)
