"""Errors of the agents. Messages say what was expected, what was found, and what to do."""

from reprlib import Repr
from typing import Any

_REPR = Repr()
_REPR.maxstring = _REPR.maxother = 80


class AgentError(ValueError):
    """An agent cannot work with an argument, an environment or a file.

    Unprintable characters of the message, such as those of a file name, are escaped.
    """

    def __init__(self, message: object = "") -> None:
        escaped = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(message))
        super().__init__("".join(escaped))


class FileError(AgentError):
    """A file cannot be read, or its contents are not valid."""


class MemoryFileError(FileError):
    """A file is not a valid memory of an agent."""


class UnwritableRunError(FileError):
    """A file of a run cannot be written.

    Args:
        found: What failed, what is saved, and what to do about it.
        resume: The words of the command that then continues the run; empty if nothing is saved.
    """

    def __init__(self, found: str, resume: tuple[str, ...]) -> None:
        super().__init__(f"{found}; then continue with: {' '.join(resume)}" if resume else found)
        self.found, self.resume = found, resume


class MissingRunError(AgentError):
    """There is no run at a path.

    Args:
        run: The path, as given.
        found: What was expected.
        advice: What to do, if no better advice is known.
    """

    def __init__(self, run: str, found: str, advice: str) -> None:
        super().__init__(f"{found}; {advice}")
        self.run, self.found = run, found


class UnregisteredError(AgentError):
    """The environment of a file is not registered.

    Args:
        found: What was found.
        advice: What to do, in Python.
        module: The module that registered the environment when the file was written, if known.
    """

    def __init__(self, found: str, advice: str = "", module: str | None = None) -> None:
        super().__init__(f"{found}; {advice}" if advice else found)
        self.found, self.module = found, module


class NotFiniteError(AgentError):
    """Learning led to a number that is infinite or not a number."""


class NotRepeatableError(AgentError):
    """The running episode of an environment cannot be repeated."""


class AgentWarning(UserWarning):
    """An agent goes on, but not as could be expected from its arguments or its environment."""


def shown(value: Any) -> str:
    """Return a value for a message: on one line, printable, and cut at about 80 characters."""
    try:
        text = " ".join(_REPR.repr(value).split())
    except Exception:  # whatever the object's own code raises
        text = f"<{type(value).__name__}>"
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= 100 else f"{text[:97]}..."
