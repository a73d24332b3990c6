"""Colours as people with different vision see them."""

import numpy as np

# Machado, Oliveira and Fernandes 2009, full severity, on linear RGB; and no colours at all.
SEEN_BY = {
    "everybody": np.eye(3),
    "protanopes": np.array([[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]),
    "deuteranopes": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "tritanopes": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}


def linear(colours):
    share = np.asarray(colours, float) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def seen(colours, who):
    """Colours as somebody sees them, 0 to 255, with steps that look even."""
    share = np.clip(linear(colours) @ SEEN_BY[who].T, 0, 1)
    return 255 * np.where(share <= 0.0031308, share * 12.92, 1.055 * share ** (1 / 2.4) - 0.055)


def contrast(a, b):
    """The contrast ratio of the Web Content Accessibility Guidelines, 1 to 21."""
    bright, dark = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)
