"""The kinds of runs: agents, which act in an environment, and classifiers, which learn from labels."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import FileError
from .memory import read_memory
from .record import AGENT_FILE

AGENT, CLASSIFIER = "agent", "classifier"


def kind_of(description: Mapping[str, Any]) -> str:
    """Return the kind of what a memory file describes."""
    return CLASSIFIER if "classes" in description else AGENT


def run_kind(folder: Path) -> str | None:
    """Return the kind of a run, or None if its file cannot be read."""
    try:
        return kind_of(read_memory(folder / AGENT_FILE)[1])
    except FileError:
        return None
