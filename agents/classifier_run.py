"""The recorder of a classifier's run: losses, snapshots and the best epoch while it learns, and resuming."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from . import runs
from .classifier import Classifier
from .classifier_data import DATA, SAME, best_file, check_data, data_in, data_of
from .errors import AgentError, FileError
from .files import delete, write_atomically
from .hyperparameters import Whole
from .loss_table import LossRow, LossTable
from .machine import warn_elsewhere
from .memory import read_memory
from .moving import make_folder
from .predictor import Labelled, Scores, loss_and_accuracy
from .record import AGENT_FILE, BEST_FILE, LOSSES_FILE, NOTE
from .run_files import remove_derived, remove_record, set_aside
from .run_folder import RunFolder
from .schedule import next_snapshot
from .stops import Pace

__all__ = ["ClassifierRun", "Scores", "best_file", "check_data", "data_in", "data_of", "loss_and_accuracy"]

FIRST_SNAPSHOT = 1  # gradient steps; the steps between snapshots grow geometrically
SAMPLE = 1_000  # training pictures on which the training loss is measured


class ClassifierRun(RunFolder):
    """Records the run of a classifier in a folder while the classifier learns.

    Call `begin` or `resume`, then `learn`, then `finish`. In between, the folder is locked: another process
    that trains in the same folder is refused. A run that was stopped anywhere, also within an epoch, and
    resumed ends with the same files, to the byte, as one that was not.

    Args:
        classifier: A new classifier, or the one that was loaded from the folder.
        folder: The folder of the run.
        train: The training pictures (or features) and their labels.
        validation: The same for the validation part, on which the best epoch is chosen.
        about: Plain values that describe the data set: `data` (its folder), `digest`, `split` (the digest of
            the split) and `kinds` (the names of the classes).
        epochs: The number of epochs of the whole run; by default that of the saved run, or of the classifier.
            The learning rate does not fall any further after the epochs of the classifier.

    Attributes:
        table: The losses and accuracies so far.
    """

    learner, resume_with = "classifier", ("cookies", "train", "--resume")

    def __init__(
        self,
        classifier: Classifier,
        folder: Path,
        train: Labelled,
        validation: Labelled,
        about: Mapping[str, Any],
        epochs: int | None = None,
    ) -> None:
        super().__init__(folder)
        self.classifier, self.about, self.table = classifier, dict(about), LossTable()
        self.train, self.validation = (
            (classifier.samples(inputs), np.asarray(labels)) for inputs, labels in (train, validation)
        )
        sample = np.linspace(0, len(self.train[1]) - 1, min(len(self.train[1]), SAMPLE)).astype(int)
        self._sample = self.train[0][sample], self.train[1][sample]
        settings = classifier.settings()
        self._batch_size: int = settings["batch_size"]
        saved = _noted(classifier.notes).get("epochs") if classifier.num_steps > 0 else None
        self.epochs: int = Whole(1)("epochs", epochs or saved or settings["epochs"])
        self._run = ""

    @property
    def steps(self) -> int:
        """The gradient steps so far."""
        return self.classifier.num_steps

    @property
    def steps_per_epoch(self) -> int:
        """The gradient steps of an epoch."""
        return -(-len(self.train[1]) // self._batch_size)

    @property
    def target(self) -> int:
        """The gradient steps of the whole run."""
        return self.epochs * self.steps_per_epoch

    @property
    def best(self) -> LossRow:
        """The scores of the best epoch, whose classifier is saved apart; overfitting begins after it."""
        return self.table.best

    def begin(self) -> None:
        """Start the record of a new run, and delete an old record.

        Raises:
            AgentError: If another process trains in the folder, the folder of the snapshots is a link, or a
                file cannot be written.
        """
        make_folder(self.folder)
        with self.locked(), self.saying_what_is_saved():
            self.classifier.begin(*self.train)
            self._run = _identity(self.classifier, self.about)
            self._check()
            runs.delete_leftovers(self.folder)
            runs.delete_snapshots(self.folder)
            delete(self.folder / AGENT_FILE)  # otherwise a kill now would join it with the new record
            remove_record(self.folder)
            self._save(snapshot=True)

    def resume(self, discard: bool = False) -> None:
        """Continue the record of a run from its last saved classifier.

        Args:
            discard: Whether to begin a new record at this step. An old losses.csv and the best epoch are kept
                under names that end in ".discarded".

        Raises:
            FileError: If the record does not belong to the saved classifier, or the data set differs.
            AgentError: If another process trains in the folder, the folder of the snapshots is a link, or a
                file cannot be written.
        """
        with self.locked(), self.saying_what_is_saved():
            runs.refuse_links(self.folder)
            notes = self._read_notes()
            check_data(self.folder, self.about, notes)
            if not discard:
                self._read_record(notes)
            runs.delete_leftovers(self.folder)
            runs.delete_snapshots(self.folder, after=self.steps)
            if discard:
                set_aside(self.folder, (LOSSES_FILE, BEST_FILE))
                self._check()
            self._save()

    def learn(
        self, stop: Callable[[], bool] = lambda: False, limit: Callable[[int], int] | None = None
    ) -> None:
        """Learn until the last epoch has ended, and record the run.

        Args:
            stop: Called after each part of the run, at least at the end of every epoch; returning True ends
                the call.
            limit: Takes the gradient steps so far, and returns the maximum number of steps of the next part;
                by default a `Pace`, so that `stop` is called about every 0.2 s.

        Raises:
            AgentError: If the run was not begun, or has finished or failed.
            NotFiniteError: If a number is no longer finite; the message says which classifier is saved.
            FileError: If a file cannot be written, for example because the disk is full; as above.
        """
        self.check_locked()
        most = Pace() if limit is None else limit
        with self.saying_what_is_saved():
            while self.steps < self.target:
                self._learn_part(most(self.steps))
                if stop():
                    return

    def _learn_part(self, most: int) -> None:
        """Take at most this many gradient steps; score and save what is due after them."""
        now = self.steps
        epoch, snapshot = now // self.steps_per_epoch, self._next_snapshot(now)
        stop = min((epoch + 1) * self.steps_per_epoch, snapshot, now + most)
        self.classifier.train(*self.train, stop - now)
        if self.steps % self.steps_per_epoch == 0:
            self._check()
            self._save(snapshot=self.steps == snapshot)
        elif self.steps == snapshot:
            self._save(snapshot=True)

    def finish(self, draw_curve: Callable[[str, LossTable], bytes] | None = None) -> None:
        """Save the run at its last step, and unlock the folder.

        Args:
            draw_curve: Takes a title and the table; returns the learning curve as the bytes of a PNG file.

        Raises:
            FileError: If a file cannot be written.
        """
        self.check_locked()
        with self.saying_what_is_saved():
            self._save()
            if draw_curve is not None:
                curve = draw_curve(f"{type(self.classifier).__name__} learns from pictures", self.table)
                write_atomically(self.folder / runs.CURVE_FILE, curve)
        self.unlock()

    def _check(self) -> None:
        """Score the classifier."""
        training = loss_and_accuracy(self.classifier, self._sample)
        validation = loss_and_accuracy(self.classifier, self.validation)
        epoch = self.steps // self.steps_per_epoch
        losses, accuracies = zip(training, validation, strict=True)
        self.table.add(LossRow(self.steps, epoch, *losses, *accuracies))

    def _save(self, snapshot: bool = False) -> None:
        """Write the table, then the classifier, whose number of steps marks the end of the valid record."""
        now = self.steps
        self.edited_card = remove_derived(self.folder) or self.edited_card
        self.table.write(self.folder / LOSSES_FILE)
        notes = self._notes()
        if snapshot:
            runs.refuse_links(self.folder)
            self.classifier.save(runs.snapshot_file(self.folder, now), notes)
        self.classifier.save(self.folder / AGENT_FILE, notes)
        self.saved_steps = now
        if self.best.step == now:  # last: the classifier just saved is the best, also after a crash here
            self.classifier.save(self.folder / BEST_FILE, notes)

    def _notes(self) -> dict[str, Any]:
        """Return what is noted in the description of the classifier."""
        last, count = self.table.rows[-1], len(self.train[1])
        epochs = self.steps / self.steps_per_epoch
        return {
            "task": f"tell {', '.join(map(str, self.about.get('kinds', ())))} apart".replace("  ", " "),
            "experience": f"{self.steps} gradient steps, {epochs:g} epochs of {count} pictures",
            "performance": last._asdict(),
            "best": self.best._asdict(),
            DATA: self.about,
            NOTE: {
                "run": self._run,
                "epochs": self.epochs,
                "steps": self.steps,
                "losses": {"rows": len(self.table.rows), "sha256": self.table.digest},
            },
        }

    def _read_notes(self) -> dict[str, Any]:
        """Return the notes of the saved classifier, which must be the one that was loaded."""
        file = self.folder / AGENT_FILE
        _, description = read_memory(file)
        if description.get("num_timesteps") != self.steps:
            raise AgentError(
                f"{self.folder}: the saved classifier has changed since it was loaded; try again"
            )
        self.saved_steps = self.steps
        warn_elsewhere(self.folder, description)
        notes: Any = description.get("notes")
        noted = _noted(notes)
        losses = noted.get("losses")
        if isinstance(losses, dict) and isinstance(noted.get("run"), str) and _is_count(losses.get("rows")):
            return dict(notes)
        raise FileError(f"{file}: expected a classifier with the record of its run, got {noted!r:.80}")

    def _read_record(self, notes: Mapping[str, Any]) -> None:
        """Read the table, and check that it and the best epoch belong to the saved classifier."""
        claim, path = notes[NOTE], self.folder / LOSSES_FILE
        expected = claim["losses"]["rows"], claim["losses"].get("sha256")
        try:
            self._run = claim["run"]
            self.table.read(path, expected[0])
            if (len(self.table.rows), self.table.digest) != expected:
                raise FileError(
                    f"{path}: expected the {expected[0]:,} rows that belong to the saved classifier "
                    f"({self.steps:,} steps), got other rows"
                )
            if self.best.step != self.steps:  # else the best is saved again now
                self._check_best()
        except FileError as error:
            raise FileError(f"{error}; to continue with a new record, add --discard-record") from None

    def _check_best(self) -> None:
        """Check that the best epoch that was saved is that of the table, and of this run."""
        file = self.folder / BEST_FILE
        _, description = read_memory(file)
        found = description.get("num_timesteps"), _noted(description.get("notes")).get("run")
        if found != (self.best.step, self._run):
            raise FileError(
                f"{file}: expected the best epoch of this run, after {self.best.step:,} steps, got another "
                f"classifier, after {found[0]!r:.30} steps"
            )

    def _next_snapshot(self, now: int) -> int:
        size = sum(array.nbytes for array in self.classifier.arrays().values())
        return next_snapshot(now, size, FIRST_SNAPSHOT)


def _identity(classifier: Classifier, about: Mapping[str, Any]) -> str:
    """Return a short hash of the class, the hyperparameters and the data set, the same for equal runs."""
    parts = [type(classifier).__name__, classifier.get_params(), [about.get(name) for name in SAME]]
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _noted(notes: Any) -> dict[str, Any]:
    """Return what notes say about the record of a run, or nothing."""
    noted = notes.get(NOTE) if isinstance(notes, dict) else None
    return noted if isinstance(noted, dict) else {}


def _is_count(value: Any) -> bool:
    return type(value) is int and value > 0
