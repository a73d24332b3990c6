"""From samples to the inputs of a network: fixed scales for pictures, learned ones for columns."""

from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]

RANGE = 4.0  # pictures are scaled to [-RANGE / 2, RANGE / 2]


class Inputs(Protocol):
    """The encoding of samples as inputs of a network.

    Attributes:
        shape: The shape of a sample.
    """

    shape: tuple[int, ...]

    def encode(self, samples: Array) -> Array:
        """Return the inputs [n, ...] for samples [n, ...]."""

    def raw_gradient(self, gradient: Array) -> Array:
        """Return dL/dsamples [n, ...], given dL/dinputs [n, ...]."""

    def arrays(self) -> dict[str, Array]:
        """Return the arrays of the encoding by name."""


class PictureInputs:
    """Pictures uint8 [n, H, W, 3], scaled to [-2, 2]."""

    def __init__(self, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        self.shape, self._dtype = shape, dtype

    @classmethod
    def of(cls, samples: Array, dtype: DTypeLike) -> Self:
        """Return the encoding for the training samples."""
        return cls(samples.shape[1:], dtype)

    def encode(self, samples: Array) -> Array:
        """Return the inputs [n, H, W, 3] for pictures [n, H, W, 3]."""
        x = samples.astype(self._dtype)
        x *= RANGE / 255
        x -= RANGE / 2
        return x

    def raw_gradient(self, gradient: Array) -> Array:
        """Return dL/dpictures [n, H, W, 3], given dL/dinputs."""
        scaled: Array = gradient.reshape(-1, *self.shape) * (RANGE / 255)
        return scaled

    def arrays(self) -> dict[str, Array]:
        """Return no arrays."""
        return {}


class RowInputs:
    """Rows [n, columns], standardised: (x - mean) / scale."""

    def __init__(self, mean: Array, scale: Array, dtype: DTypeLike) -> None:
        self.mean, self.scale, self._dtype = mean, scale, dtype
        self.shape: tuple[int, ...] = mean.shape

    @classmethod
    def of(cls, samples: Array, dtype: DTypeLike) -> Self:
        """Return the encoding with the mean and the standard deviation of the training samples."""
        with np.errstate(all="ignore"):
            mean, scale = samples.mean(axis=0), samples.std(axis=0)
        scale[scale <= 1e-12 * np.abs(mean)] = 1  # constant columns
        return cls(mean, scale, dtype)

    def encode(self, samples: Array) -> Array:
        """Return the inputs [n, columns] for rows [n, columns]."""
        standardised: Array = ((samples - self.mean) / self.scale).astype(self._dtype)
        return standardised

    def raw_gradient(self, gradient: Array) -> Array:
        """Return dL/drows [n, columns], given dL/dinputs."""
        raw: Array = gradient / self.scale
        return raw

    def arrays(self) -> dict[str, Array]:
        """Return the mean and the scale of each column."""
        return {"inputs.mean": self.mean, "inputs.scale": self.scale}
