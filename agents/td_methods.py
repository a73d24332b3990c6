"""Constants for the temporal-difference methods, for compiled code.

They are not in `td_loops` because importing Numba is slow. Numba renews its cache when
`td_loops.py` changes, not when this file does: to renumber the methods, change both.
"""

Q_LEARNING, SARSA, EXPECTED_SARSA = range(3)
