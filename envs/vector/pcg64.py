"""PCG64 on unsigned integers or arrays of them: the numbers of `numpy.random.Generator.random`.

PCG XSL RR 128/64 (O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms
for Random Number Generation"). NumPy and the compiled loop use the same function.
"""

from typing import Any

import numpy as np

MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
HIGH, LOW = np.uint64(MULTIPLIER >> 64), np.uint64(MULTIPLIER & (1 << 64) - 1)
LOW_1, LOW_0 = LOW >> np.uint64(32), LOW & np.uint64(0xFFFFFFFF)
HALF, MASK = np.uint64(32), np.uint64(0xFFFFFFFF)
ONE, SHIFT, ROTATION, LAST, SIZE = (np.uint64(number) for number in (1, 11, 58, 63, 64))
UNIT = 2.0**-53


def next_uniform(high: Any, low: Any, increment_high: Any, increment_low: Any) -> tuple[Any, Any, Any]:
    """Return the next state, as its high and its low 64 bits, and the number from [0, 1) that it gives.

    All operands are unsigned: Numba turns a sum of signed and unsigned integers into a float.
    """
    low_1, low_0 = low >> HALF, low & MASK
    middle = low_1 * LOW_0 + (low_0 * LOW_0 >> HALF)
    other = low_0 * LOW_1 + (middle & MASK)
    carried = low_1 * LOW_1 + (middle >> HALF) + (other >> HALF)  # the high half of low * LOW
    high = high * LOW + low * HIGH + carried + increment_high
    product = low * LOW
    low = product + increment_low
    high = high + (((product & increment_low) | ((product | increment_low) & ~low)) >> LAST)  # its carry
    mixed, rotation = high ^ low, high >> ROTATION
    mixed = mixed >> rotation | mixed << (SIZE - rotation & LAST)
    return high, low, (mixed >> SHIFT) * UNIT


def draw(words: Any, indices: Any) -> Any:
    """Draw a number from each of some generators [n] of `VectorRng`, whose words are changed in place."""
    high, low, numbers = next_uniform(*words[:4, indices])
    words[0, indices], words[1, indices] = high, low
    words[4, indices] += ONE
    return numbers
