"""The results of an earlier comparison or sweep: its records, and which of its planned runs are missing."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from cookie_jar.agents.errors import FileError, shown
from cookie_jar.agents.files import read_json
from cookie_jar.scripts.comparison.algorithms import ALGORITHMS, check_known
from cookie_jar.scripts.comparison.plan import PLAN_FILE, Plan, check_limits
from cookie_jar.scripts.comparison.store import read_folder
from cookie_jar.scripts.comparison.trials import NOT_RUN, TrialRecord, failed

MAX_BYTES = 1 << 20  # of the file of a plan


def read_results(
    folders: Iterable[Path],
    note: Callable[[str], None],
    env_ids: Sequence[str] | None = None,
    agents: Sequence[str] | None = None,
) -> list[TrialRecord]:
    """Return the records of folders; a planned run without a record gets one that says so (`NOT_RUN`).

    Args:
        folders: The folders.
        note: Called with messages about lines that are skipped.
        env_ids: The environments of the records, or None for all.
        agents: The algorithms of the records, or None for all.

    Raises:
        UsageError: If a folder has no records, or an algorithm is unknown.
        FileError: If a file is damaged.
    """
    algorithms = check_known([*agents]) if agents else ALGORITHMS
    records: list[TrialRecord] = []
    for folder in folders:
        mine, plan = read_folder(folder, note), read_plan(folder)
        records += mine if plan is None else [*mine, *missing_records(plan, mine)]
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
    required = {*Plan._fields} - {*Plan._field_defaults}
    if not isinstance(fields, dict) or not required <= {*fields} <= {*Plan._fields}:
        raise FileError(f"{path}: expected the plan of a comparison, with {', '.join(Plan._fields)}")
    plan = Plan(**fields)
    if not isinstance(plan.match_hints, bool):
        raise FileError(f"{path}: match_hints: expected true or false, got {shown(plan.match_hints)}")
    for names in (plan.env_ids, plan.agents):
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise FileError(f"{path}: expected lists of names")
    for number, optional in ((plan.seeds, False), (plan.timesteps, True), (plan.checks, False)):
        if not (type(number) is int and number > 0) and not (optional and number is None):
            raise FileError(f"{path}: expected whole numbers of at least 1, got {shown(number)}")
    check_known([*plan.agents])
    check_limits(len(plan.env_ids) * len(plan.agents), plan.seeds, 0, plan.timesteps, plan.checks)
    return plan


def missing_records(plan: Plan, records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """Return a record for each trial of a plan that has none, with the settings of its other seeds."""
    made = {(record.trial.env_id, record.trial.algorithm): record.trial for record in records}
    found = {(record.trial.env_id, record.trial.algorithm, record.trial.seed) for record in records}
    return [
        failed(made.get((trial.env_id, trial.algorithm), trial)._replace(seed=trial.seed), NOT_RUN)
        for trial in plan.trials()
        if (trial.env_id, trial.algorithm, trial.seed) not in found
    ]
