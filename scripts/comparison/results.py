"""The results of an earlier comparison or sweep: its records, and which of its planned runs are missing."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from cookie_jar.agents.errors import FileError, shown
from cookie_jar.agents.files import read_json
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS, check_known, supports
from cookie_jar.scripts.comparison.plan import PLAN_FILE, Plan, check_limits
from cookie_jar.scripts.comparison.store import read_folder
from cookie_jar.scripts.comparison.trials import TrialRecord

MAX_BYTES = 1 << 20  # of the file of a plan


def read_results(
    folders: Iterable[Path],
    note: Callable[[str], None],
    env_ids: Sequence[str] | None = None,
    agents: Sequence[str] | None = None,
) -> list[TrialRecord]:
    """Return the records of folders.

    Args:
        folders: The folders.
        note: Called with messages about lines that are skipped, and about planned runs without a record.
        env_ids: The environments of the records, or None for all.
        agents: The algorithms of the records, or None for all.

    Raises:
        UsageError: If a folder has no records, or an algorithm is unknown.
        FileError: If a file is damaged.
    """
    algorithms = check_known([*agents]) if agents else ALGORITHMS
    records = []
    for folder in folders:
        mine, plan = read_folder(folder, note), read_plan(folder)
        missing = 0 if plan is None else unfinished(plan, mine)
        if missing:
            note(f"{folder}: {missing:,} of the planned runs have not been run, or were stopped")
        records += mine
    return [
        record
        for record in records
        if record.trial.algorithm in algorithms and (not env_ids or record.trial.env_id in env_ids)
    ]


def read_plan(folder: Path) -> Plan | None:
    """Return the plan of a comparison, or None if the folder has none.

    Raises:
        FileError: If the file is not a plan.
    """
    path = folder / PLAN_FILE
    if not os.path.lexists(path):
        return None
    fields = read_json(path, MAX_BYTES)
    if not isinstance(fields, dict) or sorted(fields) != sorted(Plan._fields):
        raise FileError(f"{path}: expected the plan of a comparison, with {', '.join(Plan._fields)}")
    plan = Plan(**fields)
    for names in (plan.env_ids, plan.agents):
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise FileError(f"{path}: expected lists of names")
    for number, optional in ((plan.seeds, False), (plan.timesteps, True), (plan.checks, False)):
        if not (type(number) is int and number > 0) and not (optional and number is None):
            raise FileError(f"{path}: expected whole numbers of at least 1, got {shown(number)}")
    check_known([*plan.agents])
    check_limits(len(plan.env_ids) * len(plan.agents), plan.seeds, 0, plan.timesteps, plan.checks)
    return plan


def unfinished(plan: Plan, records: Iterable[TrialRecord]) -> int:
    """Return how many trials of a plan have no record."""
    found = {(record.trial.env_id, record.trial.algorithm, record.trial.seed) for record in records}
    pairs = [(env_id, agent) for env_id in plan.env_ids for agent in plan.agents if supports(agent, env_id)]
    return sum((*pair, seed) not in found for pair in pairs for seed in range(plan.seeds))
