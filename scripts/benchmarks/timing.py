"""Timing: figures of ours and of a peer, measured in turn within one run."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple


class Measurement(NamedTuple):
    """One measurement.

    Attributes:
        name: what was measured.
        unit: of the values.
        ours: one value a round.
        peer_name: what it is compared with, or "".
        peer: one value a round, each measured right after ours.
    """

    name: str
    unit: str
    ours: list[float]
    peer_name: str = ""
    peer: Sequence[float] = ()

    @property
    def ratio(self) -> float | None:
        """The median over the rounds of ours / peer."""
        return median(a / b for a, b in zip(self.ours, self.peer, strict=True)) if self.peer else None


class Scale(NamedTuple):
    """How much to measure."""

    rounds: int
    steps: int


def alternate(
    rounds: int, ours: Callable[[], float], peer: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Measure both in turn, so that a change of the machine's speed hits both."""
    pairs = [(ours(), peer()) for _ in range(rounds)]
    return [a for a, _ in pairs], [b for _, b in pairs]
