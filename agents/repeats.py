"""Episodes that a file asks to repeat: their actions are checked and bounded."""

from collections.abc import Sequence
from typing import Any

from .errors import AgentError, shown

MAX_ACTIONS = 100_000  # of the running episodes; longer ones are not saved, and new episodes start instead


def can_be_repeated(*episodes: Sequence[int]) -> bool:
    """Return whether the running episodes, given by their actions, are short enough to be saved."""
    return sum(map(len, episodes)) <= MAX_ACTIONS


def checked_actions(actions: Any, number: int) -> Sequence[int]:
    """Return the actions of an episode from a file.

    Args:
        actions: The actions.
        number: The number of actions that there are.

    Raises:
        AgentError: If an action is not one of these, or there are too many.
    """
    if not isinstance(actions, list) or not can_be_repeated(actions):
        raise AgentError(f"expected at most {MAX_ACTIONS:,} actions to repeat, got {shown(actions)}")
    for action in actions:
        if type(action) is not int or not 0 <= action < number:
            raise AgentError(f"expected actions below {number} to repeat, got {shown(action)}")
    return actions
