"""Measurements of this package and of a peer, alternating within one run."""

from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple


class Measurement(NamedTuple):
    """A row of the benchmark.

    Attributes:
        name: The subject.
        unit: The unit of the values.
        ours: A value per round.
        peer_name: The name of the peer, or "".
        peer: A value per round, each measured right after ours.
    """

    name: str
    unit: str
    ours: list[float]
    peer_name: str = ""
    peer: Sequence[float] = ()

    @property
    def ratio(self) -> float | None:
        """The median over the rounds of ours / peer; None without a peer."""
        return median(a / b for a, b in zip(self.ours, self.peer, strict=True)) if self.peer else None


class Scale(NamedTuple):
    """The amount of work: rounds per measurement, and steps per round (each measurement scales them)."""

    rounds: int
    steps: int


def alternate(
    rounds: int, ours: Callable[[], float], peer: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Measure this package and a peer alternately, so that changes of the machine's speed affect both."""
    pairs = [(ours(), peer()) for _ in range(rounds)]
    return [a for a, _ in pairs], [b for _, b in pairs]
