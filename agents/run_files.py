"""The files that programs add to the folder of a run, and removing them when the agent changes.

Only regular files are removed, by exact name, never through links.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from .errors import FileError
from .files import delete, is_regular, read_bytes
from .moving import rename
from .runs import (
    AGENT_FILE,
    BEST_FILE,
    CURVE_FILE,
    EVALUATIONS_FILE,
    LOSSES_FILE,
    MONITOR_FILE,
    RECORD_FILE,
    SNAPSHOT_NAME,
    SNAPSHOTS,
    TARGET_FILE,
    memory_file,
)

HILL_FILE, RATES_FILE = "hill.png", "learning_rates.png"  # figures of `hill`
EYES_FILE = "eyes.safetensors"  # the classifier that looks into the jar for an agent
EYES_NOTE = "eyes"  # key in the notes of such an agent: digest and run of the classifier
CARD_FILE = "README.md"  # the model card of `card`, or a file of the user

# of the commands of `cookies` that judge a classifier
SCORES_FILE, SHIFT_FILE = "test_scores.png", "shift.png"
EXPLANATION_FILE, WEIGHTS_FILE = "explanation.png", "weights.png"
CONFUSION_FILE, MISTAKES_FILE, CALIBRATION_FILE = "confusion.png", "mistakes.png", "calibration.png"
JUDGED = (
    SCORES_FILE,
    SHIFT_FILE,
    EXPLANATION_FILE,
    WEIGHTS_FILE,
    CONFUSION_FILE,
    MISTAKES_FILE,
    CALIBRATION_FILE,
)

FIGURES = (CURVE_FILE, HILL_FILE, RATES_FILE, *JUDGED)
AGENT_RECORD = (MONITOR_FILE, EVALUATIONS_FILE, RECORD_FILE, TARGET_FILE)
CLASSIFIER_RECORD = (LOSSES_FILE, BEST_FILE)
# what a new run writes first
RECORD = frozenset({*AGENT_RECORD, *CLASSIFIER_RECORD, SNAPSHOTS, EYES_FILE})

LIBRARY = b"library_name: cookie-jar"  # in the header of every model card
SEAL = "<!-- written by `cookie-jar card`, unchanged: "


def may_be_replaced(folder: Path) -> bool:
    """Return whether a folder holds a run, the beginning of a run, or nothing; and is not a link."""
    if folder.is_symlink():
        return False
    return is_regular(folder / AGENT_FILE) or {path.name for path in folder.iterdir()} <= RECORD


def remove_record(
    folder: Path, names: Iterable[str] = (*AGENT_RECORD, *CLASSIFIER_RECORD, EYES_FILE)
) -> None:
    """Delete files of the record of an earlier run."""
    for name in names:
        delete(folder / name)


def set_aside(folder: Path, names: Iterable[str]) -> None:
    """Rename files of a record that is not continued: a suffix ".discarded", with a number if it is taken."""
    for name in names:
        path = folder / name
        taken = (path.with_name(f"{name}.discarded{number or ''}") for number in count())
        if os.path.lexists(path):
            rename(path, next(new for new in taken if not os.path.lexists(new)))


def remove_derived(folder: Path) -> Path | None:
    """Remove the figures and the model card of an earlier state of the agent, and return as `remove_card`."""
    for path in [*map(folder.joinpath, FIGURES), *filter(_is_of_snapshot, folder.glob("*@*.png"))]:
        delete(path)
    return remove_card(folder)


def figure_file(run: str | Path, name: str) -> Path:
    """Return the path of a figure in the folder of a run, or of the run that a snapshot belongs to.

    Args:
        run: The run, as in `runs.memory_file`.
        name: The name of the file; for a snapshot, its steps are added: "weights@3.png".

    Raises:
        AgentError: If there is no such run or snapshot.
    """
    file = memory_file(run)
    snapshot = SNAPSHOT_NAME.fullmatch(file.name)
    if snapshot is None or file.parent.name != SNAPSHOTS:
        return file.parent / name
    return file.parent.parent / f"{Path(name).stem}@{int(snapshot[1])}{Path(name).suffix}"


def _is_of_snapshot(figure: Path) -> bool:
    name = re.fullmatch(r"(.+)@[0-9]+(\.png)", figure.name)
    return name is not None and name[1] + name[2] in FIGURES


def remove_card(folder: Path) -> Path | None:
    """Remove a model card; an edited card is renamed, and any other README.md is kept.

    Returns:
        The new path of an edited model card, or None.
    """
    card = folder / CARD_FILE
    text = _card(card)
    if text is None:
        return None
    if sealed(text.partition(SEAL.encode())[0]) == text:
        delete(card)
        return None
    names = ("README.old.md", *(f"README.old-{number}.md" for number in range(2, 1_000)))
    aside = next(path for path in map(folder.joinpath, names) if not path.exists() and not path.is_symlink())
    return rename(card, aside)


def sealed(card: bytes) -> bytes:
    """Return a model card with a comment at its end that shows whether the card was edited later."""
    return card + f"{SEAL}{hashlib.sha256(card).hexdigest()} -->\n".encode()


def _card(path: Path) -> bytes | None:
    """Return the text of a model card, or None if there is no model card of this package."""
    if not is_regular(path):
        return None
    try:
        text = read_bytes(path)
    except FileError:
        return None
    header = text.replace(b"\r\n", b"\n").partition(b"\n---")[0]
    return text if header.startswith(b"---\n") and LIBRARY in header else None
