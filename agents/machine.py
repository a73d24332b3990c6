"""The parts of a machine on which the last digits of exponentials and matrix products depend.

Temporal differences need only sums and products in float64, which every processor rounds in the same way:
Q-tables do not depend on the machine. Policy gradients and classifiers also need exponentials and matrix
products, which depend on the vector units and on the BLAS, the library of matrix products.
"""

import platform
import sys
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from .description import checked_machine
from .errors import AgentWarning

MOST = 100  # characters of a text in a warning


@cache
def machine() -> dict[str, str]:
    """Return the operating system, the processor, its vector units, and the BLAS of NumPy, by name."""
    built: Any = np.show_config(mode="dicts")
    units = built.get("SIMD Extensions", {})
    return {
        "system": sys.platform,
        "processor": platform.machine(),
        "vector units": " ".join([*units.get("baseline", ()), *units.get("found", ())]),
        "BLAS": _blas(built["Build Dependencies"]["blas"]),
    }


def _blas(built_with: Mapping[str, str]) -> str:
    """Return name, version and kernels of the BLAS in use; of Accelerate, only its name is known."""
    from threadpoolctl import threadpool_info  # late: a program that only reads files does without

    loaded = [library for library in threadpool_info() if library["user_api"] == "blas"]
    own = [library for library in loaded if "numpy" in library["filepath"]]  # SciPy and torch bring others
    if not own and built_with.get("name") != "accelerate":
        own = loaded
    if own:
        parts: tuple[Any, ...] = tuple(own[0].get(key) for key in ("internal_api", "version", "architecture"))
    else:
        parts = built_with.get("name"), built_with.get("version")
    return " ".join(str(part) for part in parts if part and part != "unknown")


def warn_elsewhere(path: Path, found: Mapping[str, Any]) -> None:
    """Warn if the learner of a description was saved on a machine that rounds otherwise.

    Args:
        path: The file or folder, for the message.
        found: The description.
    """
    saved = checked_machine(path, found)
    differs = [
        f"{name} {_difference(saved[name], text)}"
        for name, text in machine().items()
        if name in saved and saved[name] != text
    ]
    if differs:
        warnings.warn(
            f"{path}: saved on another machine ({'; '.join(differs)}); training continues, but its numbers "
            "can differ in the last digits from those of a run on one machine",
            AgentWarning,
            stacklevel=2,
        )


def _difference(saved: str, now: str) -> str:
    """Return two texts, or of long ones the words that only one of them has."""
    if max(len(saved), len(now)) > MOST:
        words, others = saved.split(), now.split()
        saved = " ".join(word for word in words if word not in others) or "fewer"
        now = " ".join(word for word in others if word not in words) or "fewer"
    return f"{saved!r:.{MOST}}, now {now!r:.{MOST}}"
