"""Detect whether a program runs in a notebook, where output is kept instead of overwritten."""

import os
import sys

VARIABLES = "JPY_PARENT_PID", "COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE"  # of kernels, and what they start


def in_notebook() -> bool:
    """Return whether this program runs in a notebook, or was started in one with `!`."""
    return "ipykernel.kernelapp" in sys.modules or any(name in os.environ for name in VARIABLES)
