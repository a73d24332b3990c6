"""The library of matrix products (BLAS) in the programs: one thread, and no warnings without a cause.

The library reads environment variables when NumPy loads it. Accelerate, on macOS, can be
limited only in this way.
"""

import os
import platform
import sys
import warnings

from cookie_jar.scripts.common.program import is_program

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",  # of Accelerate
)
ONE_THREAD = dict.fromkeys(VARIABLES, "1")  # the matrices are small; for the environment of workers
SPURIOUS = "(divide by zero|overflow|invalid value) encountered in matmul"  # of right results


def set_up() -> None:
    """Limit the threads and ignore spurious warnings, in a program and in the processes it starts.

    Nothing is done in another program that imports a part of this package.
    """
    if is_program():
        limit_threads()
        if warns_without_cause():
            ignore_spurious()


def limit_threads() -> None:
    """Set the variables for this process and those it starts, except those that the user has set.

    Libraries whose own variable is not set read OMP_NUM_THREADS: the others get its value, if there is one.
    """
    number = os.environ.get("OMP_NUM_THREADS", "1")
    for name in VARIABLES:
        os.environ.setdefault(name, number)


def warns_without_cause() -> bool:
    """Return whether matrix products raise spurious flags: Accelerate's, and OpenBLAS's for ARM with SME."""
    return sys.platform == "darwin" or platform.machine() in ("aarch64", "arm64")


def ignore_spurious() -> None:
    """Ignore the warnings of matrix products; numbers that are not finite are refused where they matter."""
    warnings.filterwarnings("ignore", SPURIOUS, RuntimeWarning)
