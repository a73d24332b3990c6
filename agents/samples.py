"""Checks of samples and labels: pictures uint8 [n, H, W, 3] or rows of numbers [n, columns]."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import AgentError, shown

MAX_SIDE = 1 << 10  # pixels
MAX_CLASSES = 1_000

Array = NDArray[Any]
Ints = NDArray[np.int64]


def is_pictures(X: Any) -> bool:
    """Return whether samples are pictures, and not rows of numbers."""
    return isinstance(X, np.ndarray) and X.ndim == 4


def checked_pictures(X: Any) -> Array:
    """Return pictures uint8 [n, H, W, 3].

    Raises:
        AgentError: If they are not such pictures.
    """
    if not is_pictures(X) or X.dtype != np.uint8 or X.shape[3] != 3:
        raise AgentError(f"X: expected pictures, uint8 [n, H, W, 3], got {described(X)}")
    if not 1 <= min(X.shape[1:3]) <= max(X.shape[1:3]) <= MAX_SIDE:
        raise AgentError(f"X: expected pictures of 1 to {MAX_SIDE:,} pixels a side, got {described(X)}")
    pictures: Array = X
    return pictures


def checked_rows(X: Any) -> Array:
    """Return rows of finite numbers as float64 [n, columns].

    Raises:
        AgentError: If they are not such rows.
    """
    if hasattr(X, "toarray"):
        raise AgentError("X: expected a dense array, got a sparse one; convert it with X.toarray()")
    try:
        array = np.asarray(X)
    except (ValueError, TypeError) as error:
        raise AgentError(f"X: expected rows of numbers [n, columns], got {described(X)}; {error}") from None
    if array.dtype.kind == "c":
        raise AgentError(f"X: expected real numbers, got {array.dtype}; Complex data not supported")
    if array.ndim != 2:
        raise AgentError(
            f"X: expected rows of numbers [n, columns], got {described(array)}. Reshape your data with "
            "X.reshape(-1, 1) for one column or X.reshape(1, -1) for one sample"
        )
    if array.shape[1] == 0:
        raise AgentError(f"X: found 0 feature(s) (shape={array.shape}) while a minimum of 1 is required.")
    try:
        rows: Array = array.astype(np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise AgentError(f"X: expected numbers, got {array.dtype}; {error}") from None
    if not np.isfinite(rows).all():
        bad = rows[~np.isfinite(rows)][0]
        name = "NaN" if np.isnan(bad) else "inf"
        raise AgentError(f"X: expected finite numbers, got {name}; remove or replace these samples")
    return rows


def checked_labels(y: Any, samples: int) -> Array:
    """Return labels [n].

    Args:
        y: The labels: whole numbers, texts or truth values.
        samples: The number n of samples.

    Raises:
        AgentError: If they are not such labels.
    """
    if y is None:
        raise AgentError("y: expected a label per sample; requires y to be passed, but the target y is None")
    try:
        labels = np.asarray(y)
    except (ValueError, TypeError):
        labels = np.empty((0, 0))
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise AgentError(f"y: expected a label per sample [n], got {described(y)}")
    if len(labels) != samples:
        raise AgentError(f"y: expected {samples:,} labels, one per sample, got {len(labels):,}")
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all():
            raise AgentError("y: expected labels, got NaN or inf; remove these samples")
        if (labels != np.rint(labels)).any():
            raise AgentError("y: Unknown label type: continuous; expected whole numbers or texts")
    if labels.dtype.kind == "O":
        labels = _from_objects(labels)
    if labels.dtype.kind not in "biufU":
        raise AgentError(f"y: expected whole numbers or texts, got {labels.dtype}")
    return labels


def _from_objects(labels: Array) -> Array:
    """Return an array of Python objects as texts, numbers or truth values, if they are all of one kind."""
    kinds = {type(label) for label in labels.tolist()}
    if len(kinds) == 1 and kinds <= {str, int, bool}:
        return np.array(labels.tolist())
    names = ", ".join(sorted(kind.__name__ for kind in kinds))
    raise AgentError(f"y: expected labels of one kind, all texts or all whole numbers, got {names:.100}")


def label_numbers(y: Any, classes: Array, samples: int) -> Ints:
    """Return the number of each label [n] in `classes`.

    Raises:
        AgentError: If a label is not one of the classes.
    """
    labels = checked_labels(y, samples)
    if (labels.dtype.kind == "U") != (classes.dtype.kind == "U"):
        raise AgentError(f"y: expected labels such as {shown(classes[0].item())}, got {described(y)}")
    numbers = np.searchsorted(classes, labels).clip(0, len(classes) - 1)
    if (wrong := classes[numbers] != labels).any():
        known = ", ".join(map(str, classes[:10].tolist()))
        raise AgentError(f"y: expected the classes {known}, got {shown(labels[wrong][0].item())}")
    return numbers.astype(np.int64)


def described(value: Any) -> str:
    """Return the type and the shape of a value, for messages."""
    shape = getattr(value, "shape", None)
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {list(value.shape)}"
    return f"{type(value).__name__} {list(shape)}" if isinstance(shape, tuple) else shown(value)
