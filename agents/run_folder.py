"""The folder of a run that is being trained: its lock, and errors that say what is saved."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from .errors import AgentError, NotFiniteError, UnwritableRunError
from .held import FULL
from .locks import FolderLock
from .record import AGENT_FILE


class RunFolder:
    """Locks the folder of a run from its begin to its end, and adds to errors what is saved.

    Args:
        folder: The folder of the run.

    Attributes:
        learner: What is trained, for messages: "agent".
        resume_with: The words of the command that continues a run, for messages.
        saved_steps: The steps of what is saved, or None.
        edited_card: The new path of a model card that was edited and no longer describes the run, or None.
    """

    learner: ClassVar[str] = "agent"
    resume_with: ClassVar[tuple[str, ...]] = ("train", "--resume")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.saved_steps: int | None = None
        self.edited_card: Path | None = None
        self._lock: FolderLock | None = None

    @property
    def saved(self) -> str:
        """A sentence that says which state is saved."""
        file = self.folder / AGENT_FILE
        if self.saved_steps is None:
            return (
                f"{file} is still the old one"
                if file.exists()
                else f"No {self.learner} is saved in {file} yet"
            )
        place = f"is in {file}" if file.exists() else f"was in {file}, which is gone"
        return f"The last saved {self.learner}, after {self.saved_steps:,} steps, {place}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the folder; unlock it only after an error."""
        self._lock = FolderLock(self.folder)
        try:
            yield
        except BaseException:
            self.unlock()
            raise

    def unlock(self) -> None:
        """Unlock the folder, if it is locked."""
        if self._lock is not None:
            self._lock.release()
        self._lock = None

    def check_locked(self) -> None:
        """Raise an AgentError unless the run has begun, and has neither finished nor failed."""
        if self._lock is None:
            raise AgentError(
                f"{self.folder}: expected a run that was begun; load its {self.learner}, and call resume"
            )

    @contextmanager
    def saying_what_is_saved(self) -> Iterator[None]:
        """Add to an error what is saved, and how to continue; unlock the folder."""
        try:
            yield
        except NotFiniteError as error:
            self.unlock()
            raise NotFiniteError(f"{error}. {self.saved}") from None
        except OSError as error:
            self.unlock()  # the record in memory and the one on the disk may differ now
            if self.folder not in Path(error.filename or "").parents:
                error.add_note(self.saved)
                raise
            advice = "Free some space" if error.errno in FULL else "Correct this"
            raise UnwritableRunError(
                f"{error.filename}: cannot be written: {error.strerror}. {self.saved}. {advice}",
                () if self.saved_steps is None else (*self.resume_with, str(self.folder)),
            ) from None
        except BaseException as error:  # also Ctrl-C
            self.unlock()
            error.add_note(self.saved)
            raise
