"""The saved runs that a program finds, to say which run was probably meant."""

import re
from pathlib import Path

from cookie_jar.agents.files import is_regular
from cookie_jar.agents.record import AGENT_FILE
from cookie_jar.envs.errors import nearest
from cookie_jar.scripts.common.console import command
from cookie_jar.scripts.common.quoting import quoted

RUNS = Path("runs")  # the default parent folder
SHOWN = 5  # number of runs that a message lists


def saved_runs(parent: Path) -> list[Path]:
    """Return the folders of the runs in a folder, the last saved one first; links do not count."""
    try:
        folders = [path for path in parent.iterdir() if not path.is_symlink()]
    except OSError:
        return []
    return sorted((path for path in folders if is_regular(path / AGENT_FILE)), key=_saved, reverse=True)


def known_runs(missing: str) -> str:
    """Return what to do about a run that does not exist: the run that was meant, or those that exist.

    Args:
        missing: The path of the run as given; "@STEPS" at its end stands for a snapshot.
    """
    snapshot = re.search(r"@\d+$", missing)
    steps = snapshot[0] if snapshot else ""
    name = missing.removesuffix(steps)
    parents = dict.fromkeys([Path(name).parent, RUNS])
    runs = {str(run): run.name for parent in parents for run in saved_runs(parent)}
    if not runs:
        return f"there is no run in {RUNS}; create one with: {command('train')}"
    newest = ", ".join(map(quoted, list(runs)[:SHOWN]))
    listed = f"runs: {newest}" if len(runs) <= SHOWN else f"newest of {len(runs):,} runs: {newest}"
    similar = nearest(Path(name).name, runs.values())
    if similar is None:
        return listed
    path = next(path for path, run in runs.items() if run == similar)
    meant = f"{path}{steps}"
    if meant == missing:  # a snapshot was given instead of a run
        meant = str(path)
    return f"did you mean {quoted(meant)}? ({listed})"


def _saved(folder: Path) -> tuple[int, str]:
    return (folder / AGENT_FILE).lstat().st_mtime_ns, folder.name
