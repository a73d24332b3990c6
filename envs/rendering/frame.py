"""One moment of an episode: all that a picture needs to know beside the kitchen."""

from typing import NamedTuple

from ..dynamics import Action, Event, State

ACTS_PER_SECOND = 2.5  # at speed 1
MOVING = 0.6  # the share of an act's time in which its movement is shown; the rest shows the result
FELT = 0.62  # the progress of an act from which its happiness is shown


class Frame(NamedTuple):
    """A state and how it came about.

    Attributes:
        state: the world now.
        action: what the child just did, or None at the start.
        event: what it led to, or None at the start.
        happiness: of the last step.
        total: of the episode so far.
        steps: acts so far.
        before: the world before the act, so that the movement can be shown; or None.
    """

    state: State
    action: Action | None = None
    event: Event | None = None
    happiness: float = 0.0
    total: float = 0.0
    steps: int = 0
    before: State | None = None

    def then(self, state: State, action: Action, event: Event, happiness: float) -> "Frame":
        """The moment after one more act."""
        total, steps = self.total + happiness, self.steps + 1
        return Frame(state, action, event, happiness, total, steps, before=self.state)

    @property
    def sentence(self) -> str:
        """The moment in a line of words."""
        if self.action is None or self.event is None:
            return "start"
        return (
            f"{self.steps}. {self.action.label}: {self.event.label}, "
            f"happiness {self.happiness:+.2f}, so far {self.total:+.2f}"
        )
