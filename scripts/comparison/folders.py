"""Checks of the folder that results are written to: nothing in it is replaced by something else."""

import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from cookie_jar.agents import runs
from cookie_jar.agents.errors import AgentError, FileError
from cookie_jar.agents.files import read_bytes
from cookie_jar.agents.locks import FolderLock
from cookie_jar.agents.moving import make_folder
from cookie_jar.scripts.common.console import UsageError, command
from cookie_jar.scripts.comparison.plan import PLAN_FILE
from cookie_jar.scripts.comparison.record_checks import check_trial
from cookie_jar.scripts.comparison.settings import canonical
from cookie_jar.scripts.comparison.store import RUNS, Store, trial_folder, trial_mark
from cookie_jar.scripts.comparison.trials import RECORDS_FILE, Trial

FRESH = "choose another folder with --out"
SIGNATURES = {  # words near the beginning of each file that `compare` writes
    "index.html": b"<title>Cookie Jar: comparison of agents</title>",
    "evaluations.csv": b"environment,contender,",
    "results.csv": b"environment,contender,",
    "improvement.csv": b"environment,contender,",
    PLAN_FILE: b'"env_ids"',
}
LARGEST = 1 << 28  # bytes of a result
SETTINGS = "settings"
OPTIONS: dict[str, Callable[[Trial], Any]] = {
    "--env": lambda trial: trial.env_id,
    "--agents": lambda trial: trial.algorithm,
    "--timesteps": lambda trial: trial.timesteps,
    "--checks": lambda trial: trial.n_evaluations,
    SETTINGS: lambda trial: (trial.env_id, trial.algorithm, canonical(trial.settings)),
    "--seeds": lambda trial: trial.seed,
}


def check_trials(folder: Path, trials: Sequence[Trial], ignore: Collection[str] = ()) -> None:
    """Check that all finished trials of a folder are among the planned ones, which then complete them.

    Args:
        folder: The folder of the records.
        trials: The planned trials.
        ignore: Names in `OPTIONS` that may differ.

    Raises:
        UsageError: If the folder has other trials; the message says what differs. Also if a planned trial
            could not be stored.
        FileError: If the records are damaged.
    """
    _check_is_folder(folder)
    for trial in trials:
        try:
            check_trial(trial)
        except ValueError as error:
            raise UsageError(f"{trial.name}: {error}") from None
    options = [option for name, option in OPTIONS.items() if name not in ignore]
    planned = {tuple(option(trial) for option in options) for trial in trials}
    finished = [record.trial for record in Store(folder).read().values()]
    others = [trial for trial in finished if tuple(option(trial) for option in options) not in planned]
    if others:
        number = f"{len(others):,} finished run{'s' * (len(others) > 1)}"
        found = f"{number} of another plan, with {_difference(others, trials)}"
        again = command("compare", "--from", folder)
        raise UsageError(f"{folder}: holds {found}; {FRESH}, or report them with: {again}")


def _difference(others: Sequence[Trial], trials: Sequence[Trial]) -> str:
    """Return the options that only the other trials have, such as "--timesteps 3000, --agents sarsa"."""
    texts = []
    for name, option in OPTIONS.items():
        ours = {option(trial) for trial in trials}
        theirs = list(dict.fromkeys(option(trial) for trial in others if option(trial) not in ours))
        if theirs and name == "--seeds":
            texts.append(f"{name} {max(theirs) + 1}")
        elif theirs and name != SETTINGS:
            texts.append(f"{name} {' '.join(map(str, theirs[:5]))}")
    pairs = {(trial.env_id, trial.algorithm) for trial in trials}
    settings = {OPTIONS[SETTINGS](trial) for trial in trials}
    different = [
        trial.algorithm
        for trial in others
        if (trial.env_id, trial.algorithm) in pairs and OPTIONS[SETTINGS](trial) not in settings
    ]
    if different:
        texts.append(f"other settings of {', '.join(dict.fromkeys(different))}")
    return ", ".join(texts) or "other combinations of options"


def check_folder(folder: Path, trials: Sequence[Trial]) -> None:
    """Check that a comparison may write to a folder, which is new or holds a part of the same comparison.

    Raises:
        UsageError: If the folder holds something else.
        FileError: If the records are damaged.
    """
    check_outputs(folder, [folder])
    check_trials(folder, trials)
    finished = Store(folder).read()
    check_agents(folder, [trial for trial in trials if trial.key not in finished])


def check_outputs(folder: Path, sources: Sequence[Path]) -> None:
    """Check that the results in a folder may be replaced: `compare` wrote them.

    Args:
        folder: The folder.
        sources: The folders whose records are reported.

    Raises:
        UsageError: If a file or folder is something else, or the results of other records.
    """
    _check_is_folder(folder)
    if (folder / RECORDS_FILE).exists() and folder.resolve() not in [path.resolve() for path in sources]:
        raise UsageError(f"--out {folder}: holds another comparison; {FRESH}")
    for name in ("figures", RUNS):
        if (folder / name).is_symlink() or ((folder / name).exists() and not (folder / name).is_dir()):
            raise UsageError(f"{folder / name}: expected a folder, not a link or a file; {FRESH}")
    if (folder / RECORDS_FILE).exists():
        return
    for name, words in SIGNATURES.items():
        path = folder / name
        if os.path.lexists(path) and not _begins_with(path, words):
            raise UsageError(f"{path}: exists, and is not a result of `compare`; {FRESH}")


def check_agents(folder: Path, trials: Sequence[Trial]) -> None:
    """Check that the folders of the agents that will be trained hold no other agents.

    Raises:
        UsageError: If one of them holds another agent, or would hold two.
    """
    trained: dict[Path, Trial] = {}
    for trial in trials:
        run = trial_folder(folder, trial)
        other = trained.setdefault(run, trial)
        if other is not trial:
            both = f"{trial.env_id} and {other.env_id}"
            raise UsageError(f"{run}: would hold the agents of {both}; compare them in two folders")
        mark, snapshots = trial_mark(run), run / runs.SNAPSHOTS
        finished = (run / runs.AGENT_FILE).exists() and mark != trial.key
        if finished or (snapshots.exists() and mark is None) or run.is_symlink() or snapshots.is_symlink():
            raise UsageError(f"{run}: holds the agent of another run; {FRESH}")


def lock(folder: Path) -> FolderLock:
    """Create a folder if there is none, and lock it for as long as the returned object lives.

    Raises:
        UsageError: If another process is writing to the folder.
    """
    make_folder(folder)
    try:
        return FolderLock(folder)
    except AgentError:
        raise UsageError(
            f"{folder}: another process is writing to it; wait until it ends, or {FRESH}"
        ) from None


def _check_is_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--out {folder}: expected a folder, got a file")


def _begins_with(path: Path, words: bytes) -> bool:
    try:
        return not path.is_symlink() and words in read_bytes(path, LARGEST)[:1000]
    except FileError:
        return False
