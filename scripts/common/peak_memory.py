"""The peak memory of this process."""

from pathlib import Path


def peak_memory() -> int | None:
    """Return the peak memory of this process in bytes, or None on systems without /proc."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would include the parent's memory
        lines = status.read_text().splitlines()
        return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), None)
    try:
        import resource
    except ModuleNotFoundError:
        return None
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
