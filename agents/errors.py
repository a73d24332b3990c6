"""Errors of the agents. Messages say what was expected, what was found, and what to do."""


class AgentError(ValueError):
    """An agent cannot work with an argument, an environment or a file."""


class FileError(AgentError):
    """A file cannot be read, or its contents are not valid."""


class MemoryFileError(FileError):
    """A file is not a valid memory of an agent."""


class NotFiniteError(AgentError):
    """Learning led to a number that is infinite or not a number."""


class AgentWarning(UserWarning):
    """An agent goes on, but not as could be expected from its arguments or its environment."""
