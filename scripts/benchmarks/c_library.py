"""Loops in C for the same results on the same tables: the limit that the benchmark compares with."""

import shutil
import subprocess
import tempfile
from ctypes import CDLL, c_void_p
from functools import cache
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

LIMIT = "C on the same tables"  # the name of the peer
SOURCES = Path(__file__).parent / "limits"
FLAGS = "-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"  # no contraction: equal to the bit


@cache
def c_library(name: str) -> CDLL | None:
    """Compile `limits/NAME.c` and load the functions; return None without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # a loaded library needs no file
        output = Path(folder, f"{name}.so")
        subprocess.run([compiler, *FLAGS, str(SOURCES / f"{name}.c"), "-o", str(output), "-lm"], check=True)
        return CDLL(str(output))


def address(array: NDArray[Any]) -> c_void_p:
    """Return the address of an array, which must live as long as C uses it."""
    return c_void_p(array.ctypes.data)
