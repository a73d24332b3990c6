"""Compiling functions with Numba; importing this module imports Numba, which is slow."""

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any], *, nogil: bool = True, inline: bool = False) -> Callable[..., Any]:
    """Compile a function at its first call, with a cache on disk if there is a writable folder.

    Numba renews the cache when the file of the function changes, not when another file does: keep functions
    that call each other in one file. A division by zero gives inf or nan, without a check that would double
    the time of some loops.

    Args:
        function: The function.
        nogil: Whether calls release Python's global lock, so that threads run on all cores. A call must then
            not change arrays that another thread uses.
        inline: Whether to copy the function into the functions that call it: passing ten arguments and arrays
            takes as long as a step of learning.
    """
    options: dict[str, Any] = {"nogil": nogil, "error_model": "numpy", "forceinline": inline}
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:  # no writable folder
        return njit(**options)(function)
