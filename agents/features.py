"""Features measured in a picture of a cookie: plain image processing, nothing learned."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Array = NDArray[Any]

FEATURES = ("size", "dots", "dot_size", "darkness")


def measure(pictures: Array) -> NDArray[np.float64]:
    """Return the features [n, 4] of pictures uint8 [n, H, W, 3]; see `FEATURES`."""
    return np.array([_measure(picture) for picture in pictures], np.float64).reshape(-1, len(FEATURES))


def _measure(picture: Array) -> tuple[float, float, float, float]:
    rgb = picture.astype(np.float64) / 255
    side = len(rgb)
    grey = rgb.mean(axis=2)
    smooth = ndimage.median_filter(grey, 7)
    contrast = (smooth - grey) / np.maximum(smooth, 0.05)
    y, x = (np.indices(grey.shape) + 0.5) / side - 0.5
    inside = x * x + y * y < 0.3**2
    dots, number = ndimage.label((contrast > 0.15) & inside)
    area = (dots > 0).sum()
    darkness = contrast[dots > 0].mean() if area else 0.0
    warm = rgb[..., 0] - rgb[..., 2]
    return (
        float((warm > warm[inside].mean() * 0.7).mean()),
        float(number),
        float(np.sqrt(area / max(number, 1)) / side),
        float(darkness),
    )
