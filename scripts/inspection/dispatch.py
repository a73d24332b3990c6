"""The choice between the commands for agents and those for classifiers, by the kind of the run."""

import argparse
from importlib import import_module
from pathlib import Path

from cookie_jar.agents import AgentError
from cookie_jar.agents.memory import read_memory
from cookie_jar.agents.run_kinds import CLASSIFIER, kind_of
from cookie_jar.agents.runs import memory_file
from cookie_jar.scripts.common.console import Console

FORMS = {  # of each command, for agents and for classifiers: module and function
    "show": ("show.show_memory", "classifiers.show.show_classifier"),
    "explain": ("explain.show_update", "classifiers.explain.show_gradient_step"),
    "diff": ("diff.show_difference", "classifiers.diff.show_difference"),
    "replay": ("diff.show_timeline", "classifiers.diff.show_timeline"),
    "edit": ("edit.edit_number", "classifiers.edit.edit_number"),
    "forget": ("edit.forget_numbers", "classifiers.edit.forget_numbers"),
    "lesion": ("lesion.show_lesion", "classifiers.lesion.show_lesion"),
}


def do(args: argparse.Namespace, console: Console) -> None:
    """Carry out a command of `memory` for the agent or the classifier of `args.run`."""
    module, name = FORMS[args.command][_is_classifier(args.run)].rsplit(".", 1)
    getattr(import_module(f"cookie_jar.scripts.inspection.{module}"), name)(args, console)


def _is_classifier(run: str | Path) -> bool:
    """Return whether a run is that of a classifier; the commands for agents name what cannot be read."""
    try:
        return kind_of(read_memory(memory_file(run))[1]) == CLASSIFIER
    except AgentError:
        return False
