"""The steps at which a run is evaluated, a snapshot is saved, and training ends."""

import json
from pathlib import Path

from .errors import AgentError, FileError
from .files import read_json, write_atomically
from .runs import TARGET_FILE

FIRST_SNAPSHOT = 100  # steps; the steps between snapshots grow geometrically
LARGE = 2_000_000  # bytes of an agent; larger agents have fewer snapshots
CHECKS = 40  # evaluations until the target, apart from those at snapshots
MAX_TARGET = 10**15  # steps
MAX_TARGET_BYTES = 1_000


def next_check(now: int, target: int) -> int:
    """Return the steps of the next evaluation, apart from those at snapshots."""
    between = -(-target // CHECKS)
    return (now // between + 1) * between


def next_snapshot(now: int, size: int, first: int = FIRST_SNAPSHOT) -> int:
    """Return the steps of the next snapshot, which do not depend on the target.

    Args:
        now: The number of steps so far.
        size: The bytes of the arrays of the agent.
        first: The steps of the first snapshot after that at step 0.
    """
    decade = 10 if size < LARGE else 2
    milestones = (round(first * 10 ** (number / decade)) for number in range(1_000))
    return next(steps for steps in milestones if steps > now)


def write_target(folder: Path, target: int) -> None:
    """Write the number of steps of a whole run."""
    write_atomically(folder / TARGET_FILE, json.dumps({"timesteps": target}).encode())


def target_of(folder: Path) -> int:
    """Return the number of steps of a whole run.

    Raises:
        AgentError: If the folder has no valid target.
    """
    path = folder / TARGET_FILE
    try:
        found = read_json(path, MAX_TARGET_BYTES)
    except FileError as error:
        raise AgentError(f"{error}; {folder} has no valid target; add --timesteps") from None
    target = found.get("timesteps") if isinstance(found, dict) and len(found) == 1 else None
    if type(target) is not int or not 1 <= target <= MAX_TARGET:
        raise AgentError(
            f'{path}: expected {{"timesteps": N}}, got {found!r:.80}; '
            f"{folder} has no valid target; add --timesteps"
        )
    return target
