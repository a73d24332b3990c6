"""The words of a picture: the action, its event and the happiness, as text."""

from typing import NamedTuple

from ..dynamics import Event
from . import palette
from .frame import FELT, Frame

PHRASES = {
    Event.NOTHING: "nothing happens",
    Event.WALK: "walks",
    Event.BUMP: "bumps",
    Event.LIFT: "lifts the chair",
    Event.PUT: "puts it down",
    Event.UP: "climbs up",
    Event.DOWN: "climbs down",
    Event.VAIN: "reaches in vain",
    Event.OPEN: "opens the jar",
    Event.YUCK: "dislikes it",
    Event.YUM: "likes it!",
}
SPOKEN = {
    Event.BUMP: "ouch!",
    Event.VAIN: "too high!",
    Event.OPEN: "reached!",
    Event.YUCK: "yuck!",
    Event.YUM: "yum!",
    Event.NOTHING: "?",
}  # in a speech bubble


class Amount(NamedTuple):
    """A happiness as text, and the colour of that text."""

    text: str
    colour: palette.RGB


class Words(NamedTuple):
    """The text of a caption.

    Attributes:
        done: The action.
        phrase: The event; None while it is not yet known.
        gain: The happiness of the act; None while it is not yet known.
        total: The happiness since the start.
        steps: The number of acts since the start.
    """

    done: str
    phrase: str | None
    gain: Amount | None
    total: Amount
    steps: str


def words_of(frame: Frame, progress: float) -> Words:
    """Return the words of a frame; the result of its act appears at the progress `FELT`."""
    felt = progress >= FELT or frame.before is None
    event = frame.event if felt else None
    return Words(
        done="start" if frame.action is None else frame.action.label,
        phrase=None if event is None else PHRASES[event],
        gain=None if event is None else amount(frame.happiness),
        total=amount(frame.total if felt else frame.total - frame.happiness),
        steps=f"{frame.steps} act{'' if frame.steps == 1 else 's'}",
    )


def amount(happiness: float) -> Amount:
    """Return a happiness as text with its colour."""
    return Amount(signed(happiness), colour_of(happiness))


def signed(happiness: float) -> str:
    """Return a happiness with its sign, and "0.00" without one."""
    return "0.00" if abs(happiness) < 0.005 else f"{happiness:+.2f}"


def colour_of(happiness: float) -> palette.RGB:
    """Return blue for a positive happiness, orange for a negative one, and the colour of ink for 0."""
    if abs(happiness) < 0.005:
        return palette.INK
    return palette.UNHAPPY if happiness < 0 else palette.HAPPY
