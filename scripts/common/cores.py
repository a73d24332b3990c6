"""The number of cores that this process may use: by its affinity mask and by the limits of its container.

Imports nothing of the project, for `doctor`.
"""

import math
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

CGROUPS = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
LONGEST = 1 << 16  # characters of a file that are read


def available_cores() -> int:
    """Return the number of cores that this process may use, at least 1.

    That is the smallest of: all cores, those of the affinity mask (as set by `taskset` or Slurm), Python's
    own setting (`PYTHON_CPU_COUNT`, from 3.13), and the processor time of the container, rounded up.
    """
    counts = [os.cpu_count() or 1]
    if hasattr(os, "sched_getaffinity"):
        counts.append(len(os.sched_getaffinity(0)))
    if hasattr(os, "process_cpu_count"):
        counts.append(os.process_cpu_count() or counts[0])
    counts += (math.ceil(share) for share in container_limits())
    return max(1, min(counts))


def container_limits(root: Path = CGROUPS, membership: Path = MEMBERSHIP) -> Iterator[float]:
    """Yield the numbers of cores whose time the control groups of this process allow; nothing without limits.

    A group is limited by those above it too. In a container, the path of the group may be that on the host:
    then only the top is found, which is the group of the container.

    Args:
        root: Where control groups are mounted.
        membership: The file with the groups of the process, as in cgroups(7).
    """
    for line in _read(membership).splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers == "":  # version 2
            for group in _groups(root, path):
                yield from _share(_read(group / "cpu.max"))
        elif "cpu" in controllers.split(","):
            for mount in dict.fromkeys((controllers, "cpu", "cpu,cpuacct")):
                for group in _groups(root / mount, path):
                    quota, period = (_read(group / f"cpu.cfs_{name}_us") for name in ("quota", "period"))
                    yield from _share(f"{quota} {period}")


def _groups(root: Path, path: str) -> Iterator[Path]:
    """Yield the folder of a control group and of those above it, up to the root."""
    group = PurePosixPath(path.lstrip("/"))
    if ".." not in group.parts:
        yield from (root / place for place in (group, *group.parents))


def _share(text: str) -> Iterator[float]:
    """Yield quota / period of "QUOTA PERIOD" in microseconds; nothing for "max", -1, or another text."""
    match = re.fullmatch(r"\s*(\d{1,15})\s+(\d{1,15})\s*", text)
    if match is not None and int(match[1]) and int(match[2]):
        yield int(match[1]) / int(match[2])


def _read(path: Path) -> str:
    """Return the beginning of a small file, or "" if there is none that can be read."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            return file.read(LONGEST)
    except (OSError, ValueError):
        return ""
