"""Progress as occasional lines of text, for notebooks, where a redrawn bar would fill the output."""

from time import monotonic
from typing import Any

from rich.progress import Progress, ProgressColumn, Task, TaskID
from rich.text import Text

FIRST = 2.0  # seconds before the first line
GROWTH = 1.5  # factor between the times of two lines: an hour has 19 of them


class ProgressLines(Progress):
    """A progress bar that prints lines: after `FIRST` seconds, at growing intervals, and at the end.

    Args:
        columns: The columns; those that are no text are left out.
        transient: Whether there is no line at the end.
        options: Further arguments of `rich.progress.Progress`, such as a console.
    """

    def __init__(self, *columns: ProgressColumn, transient: bool = False, **options: Any) -> None:
        super().__init__(*columns, auto_refresh=False, **options)
        self._ends_silently = transient
        self._began = monotonic()
        self._next = FIRST
        self._printed = ""

    def start(self) -> None:
        """Start the clock."""
        self._began = monotonic()

    def stop(self) -> None:
        """Print the last line."""
        if not self._ends_silently:
            self._print()

    def update(self, task_id: TaskID, **changes: Any) -> None:
        """Change a task, and print a line if it is time."""
        super().update(task_id, **changes)
        self._print_if_due()

    def advance(self, task_id: TaskID, advance: float = 1) -> None:
        """Advance a task, and print a line if it is time."""
        super().advance(task_id, advance)
        self._print_if_due()

    def refresh(self) -> None:
        """Draw nothing: there is no bar."""

    def _print_if_due(self) -> None:
        elapsed = monotonic() - self._began
        if elapsed >= self._next:
            self._next = elapsed * GROWTH
            self._print()

    def _print(self) -> None:
        text = "\n".join(filter(None, map(self._line, self.tasks)))
        if text not in ("", self._printed):
            print(text, file=self.console.file, flush=True)
        self._printed = text

    def _line(self, task: Task) -> str:
        columns = self.columns if task.visible else ()
        parts = [column(task) for column in columns if isinstance(column, ProgressColumn)]
        return "  ".join(part.plain for part in parts if isinstance(part, Text) and part.plain)
