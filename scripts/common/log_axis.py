"""Ticks of logarithmic axes: few, round, and in plain words."""

import math


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers within a range, evenly spaced on a logarithmic axis, at most this many.

    They are the powers of ten, or every second or third of them; within one decade also their multiples by
    two and five.
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    powers = [10.0**exponent for exponent in range(first, last + 1)]
    inside = [tick for tick in powers if low * 0.999 <= tick <= high * 1.001]
    if len(inside) > 1:
        return inside[:: -(-len(inside) // most)]
    fine = [tick * part for tick in powers for part in (1, 2, 5)]
    inside = [tick for tick in fine if low * 0.999 <= tick <= high * 1.001]
    return inside[:: -(-len(inside) // most)] if inside else [low]


def steps_text(steps: float) -> str:
    """Return a number of steps in few letters, such as "500", "20k" or "3M"."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if steps >= size:
            return f"{steps / size:.3g}{letter}"
    return f"{steps:.3g}"


def seconds_text(seconds: float) -> str:
    """Return a duration in few letters, such as "10 ms" or "2 s"."""
    if seconds < 1e-3:
        return f"{1e6 * seconds:.3g} µs"
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"
