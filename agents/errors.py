"""The errors of the agents: what was expected, what came, what to do."""


class AgentError(ValueError):
    """An agent was given something that it cannot work with."""


class MemoryFileError(AgentError):
    """A file does not hold the memory of an agent."""


class NotFiniteError(AgentError):
    """Learning has led to a number that is infinite or none at all."""
