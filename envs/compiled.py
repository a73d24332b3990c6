"""Compiling functions with Numba; importing this module imports Numba, which is slow."""

from collections.abc import Callable
from typing import Any

from numba import config, njit

WORKS = not config.DISABLE_JIT  # otherwise Python runs the loops, which are slower than NumPy


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function at its first call, with a cache on disk if there is a writable folder.

    Numba renews the cache when the file of the function changes, not when another file does.
    """
    try:
        return njit(cache=True)(function)
    except RuntimeError:  # no writable folder
        return njit(function)
