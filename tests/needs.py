"""Marks that skip tests where the system or the installation lacks what they need, with the reason."""

import os
import re
import shutil
import signal
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import gymnasium as gym
import pytest

TAXI = max(env_id for env_id in gym.registry if env_id.startswith("Taxi-v"))  # Taxi-v3 before Gymnasium 1.3
CLIFF = max(env_id for env_id in gym.registry if env_id.startswith("CliffWalking-v"))  # v0 before 1.2


def has_terminals():
    """Return whether a pseudo-terminal can be opened."""
    try:
        for descriptor in os.openpty():
            os.close(descriptor)
    except (AttributeError, OSError):  # Windows, or a system without /dev/pts
        return False
    return True


def needs(there, what):
    """The mark of tests that are skipped unless something is there."""
    return pytest.mark.skipif(not there, reason=f"needs {what}")


def needs_package(name):
    """The mark of tests that are skipped unless a package is installed."""
    return pytest.mark.skipif(find_spec(name) is None, reason=f"{name} is not installed")


def skip_without(*names):
    """Skip the running test unless packages are installed; they are not imported."""
    for name in names:
        if find_spec(name) is None:
            pytest.skip(f"{name} is not installed")


def reasons(reports):
    """Count the skipped tests for each reason."""
    texts = (report.longrepr[2].removeprefix("Skipped: ") for report in reports)
    return Counter(re.sub(r"could not import '(\w+).*", r"\1 is not installed", text) for text in texts)


def links_can_be_made():
    """Whether this user may make symbolic links; on Windows, few may."""
    with TemporaryDirectory() as folder:
        try:
            Path(folder, "link").symlink_to("file")
        except (OSError, NotImplementedError):
            return False
        return True


needs_links = needs(links_can_be_made(), "the right to make symbolic links")
needs_pipes = needs(hasattr(os, "mkfifo"), "named pipes in the file system")
needs_devices = needs(Path("/dev/zero").exists(), "devices in the file system, such as /dev/zero")
needs_signals = needs(hasattr(signal, "SIGKILL"), "signals between processes")
needs_limits = needs(find_spec("resource") is not None, "limits of a process (the module resource)")
needs_proc = needs(Path("/proc/self/clear_refs").exists(), "/proc, as on Linux")
needs_c = needs(any(map(shutil.which, ("cc", "gcc", "clang"))), "a C compiler")
needs_node = needs(shutil.which("node"), "Node.js (node)")
needs_fickle_taxi = needs("CliffWalking-v1" in gym.registry, "Gymnasium 1.2")
needs_new_gymnasium = needs(hasattr(gym.wrappers, "RepeatAction"), "Gymnasium 1.3")
needs_terminals = needs(has_terminals(), "pseudo-terminals, which some containers lack")
needs_sb3 = needs_package("stable_baselines3")
needs_posix = needs(os.name == "posix", "names, pipes and sparse files as on Linux and macOS")
