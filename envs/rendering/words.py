"""The words of a picture: the action, its event, the happiness and other values, as text."""

from math import floor, isfinite, log10
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

RESIDUE = 1e-9  # a sum of rewards nearer to zero is zero: the rest is rounding
LARGE = 1e6  # from here numbers have exponents


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
    """Return a happiness with its sign, and "0.00" without one; see `number`."""
    if abs(happiness) < RESIDUE:
        return "0.00"
    return f"{'+' if happiness > 0 else ''}{number(happiness)}"


def number(value: float) -> str:
    """Return a value as text: with two decimals, more near zero, none from 100.

    Only zero is written "0.00": smaller values have the digits that they need.
    """
    if not isfinite(value):
        return str(float(value))
    size = abs(value)
    if size >= LARGE:
        return _scientific(f"{value:.1e}")
    if size >= 99.995:
        return f"{value:.0f}"
    if size >= 0.005 or value == 0:
        return f"{value + 0.0:.2f}"  # no minus sign for -0.0
    digits = -floor(log10(size))  # decimals up to the first digit that is not 0
    return f"{value:.{digits}f}" if digits <= 4 else _scientific(f"{value:.0e}")


def _scientific(text: str) -> str:
    """Return a number such as 1e-05 without the zeros of its exponent."""
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}"


def colour_of(happiness: float) -> palette.RGB:
    """Return blue for a positive happiness, orange for a negative one, and the colour of ink for 0."""
    if abs(happiness) < RESIDUE:
        return palette.INK
    return palette.UNHAPPY if happiness < 0 else palette.HAPPY
