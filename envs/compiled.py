"""Compiling functions with Numba; importing this module imports Numba, which is slow."""

from collections.abc import Callable
from typing import Any

from numba import config, njit

# Without it, Python runs the loops, which are slower than NumPy.
WORKS: bool = not config.DISABLE_JIT  # type: ignore[attr-defined]


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function at its first call, with a cache on disk if there is a writable folder.

    Numba renews the cache when the file of the function changes, not when another file does.
    """
    try:
        found: Callable[..., Any] = njit(cache=True)(function)
    except RuntimeError:  # no writable folder
        found = njit(function)
    return found
