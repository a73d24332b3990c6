"""A frame: the input for a picture of a kitchen, and the timing of moving pictures."""

from typing import NamedTuple

from ..dynamics import Action, Event, State

ACTS_PER_SECOND = 2.5  # at speed 1
MOVING = 0.6  # the share of an act's time in which its movement is shown; the rest shows the result
FELT = 0.62  # the progress of an act from which its happiness is shown


class Frame(NamedTuple):
    """A state and the act that led to it.

    Attributes:
        state: The state after the act.
        action: The action of the act, or None at the start.
        event: The event of the act, or None at the start.
        happiness: The unshaped reward of the act.
        total: The sum of these rewards since the start.
        steps: The number of acts since the start.
        before: The state before the act, for the movement; None if only the result is shown.
    """

    state: State
    action: Action | None = None
    event: Event | None = None
    happiness: float = 0.0
    total: float = 0.0
    steps: int = 0
    before: State | None = None

    def then(self, state: State, action: Action, event: Event, happiness: float) -> "Frame":
        """Return the frame after one more act."""
        total, steps = self.total + happiness, self.steps + 1
        return Frame(state, action, event, happiness, total, steps, before=self.state)

    @property
    def sentence(self) -> str:
        """The frame as a line of text."""
        if self.action is None or self.event is None:
            return "start"
        return (
            f"{self.steps}. {self.action.label}: {self.event.label}, "
            f"happiness {self.happiness:+.2f}, so far {self.total:+.2f}"
        )
