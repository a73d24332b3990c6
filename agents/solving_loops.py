"""The compiled loops of value iteration and backward induction, for models of many states."""

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
NEVER = 1 << 62  # steps


@compiled
def sweep(
    next_state: NDArray[np.int32],
    probability: Floats,
    terminated: Bools,
    reward: Floats,
    gamma: float,
    values: Floats,
    backwards: bool,
) -> tuple[float, float]:
    """Update the value of each state in place: max_a r + gamma sum_k p_k v(s_k).

    Sutton and Barto 2018, equation 4.10. The sum is not a function, because its calls would cost ten times
    the time.

    Args:
        next_state: The next states [S, A, K].
        probability: The probabilities of the outcomes [S, A, K].
        terminated: Whether an outcome ends the episode [S, A, K].
        reward: The expected rewards [S, A].
        gamma: Discount factor.
        values: The values of the states [S], changed in place.
        backwards: Whether to begin with the last state.

    Returns:
        The largest change and the largest absolute value.
    """
    change = largest = 0.0
    states, actions, outcomes = next_state.shape
    for number in range(states):
        state = states - 1 - number if backwards else number
        best = -np.inf
        for action in range(actions):
            following = 0.0
            for k in range(outcomes):
                if not terminated[state, action, k]:
                    chance = probability[state, action, k] if outcomes > 1 else 1.0
                    following += chance * values[next_state[state, action, k]]
            value = reward[state, action] + gamma * following
            if value > best:
                best = value
        change = max(change, abs(best - values[state]))
        largest = max(largest, abs(best))
        values[state] = best
    return change, largest


@compiled
def greedy(
    next_state: NDArray[np.int32],
    probability: Floats,
    terminated: Bools,
    reward: Floats,
    gamma: float,
    values: Floats,
    rounding: float,
    action_values: Floats,
    best: Bools,
) -> None:
    """Fill in the action values, as in `sweep`, and whether they are best up to relative rounding [S, A]."""
    states, actions, outcomes = next_state.shape
    for state in range(states):
        highest, largest = -np.inf, 0.0
        for action in range(actions):
            following = 0.0
            for k in range(outcomes):
                if not terminated[state, action, k]:
                    chance = probability[state, action, k] if outcomes > 1 else 1.0
                    following += chance * values[next_state[state, action, k]]
            value = reward[state, action] + gamma * following
            action_values[state, action] = value
            highest, largest = max(highest, value), max(largest, abs(value))
        for action in range(actions):
            best[state, action] = action_values[state, action] >= highest - rounding * largest


@compiled
def steps_to_end(
    next_state: NDArray[np.int32], probability: Floats, terminated: Bools, allowed: Bools
) -> NDArray[np.int64]:
    """Return the smallest possible number of allowed actions to an end [S], by breadth-first search."""
    states, actions, outcomes = next_state.shape
    steps, queue, tail = np.full(states, NEVER), np.empty(states, np.int64), 0
    first = np.zeros(states + 1, np.int64)  # how many transitions lead to a state; then the first of them
    for state in range(states):
        for action in range(actions):
            for k in range(outcomes if allowed[state, action] else 0):
                if probability[state, action, k] > 0:
                    if not terminated[state, action, k]:
                        first[next_state[state, action, k]] += 1
                    elif steps[state] == NEVER:
                        steps[state], queue[tail], tail = 1, state, tail + 1
    first = first.cumsum()
    sources = np.empty(first[-1], np.int64)
    for state in range(states):
        for action in range(actions):
            for k in range(outcomes if allowed[state, action] else 0):
                if probability[state, action, k] > 0 and not terminated[state, action, k]:
                    target = next_state[state, action, k]
                    first[target] -= 1
                    sources[first[target]] = state
    head = 0
    while head < tail:
        target, head = queue[head], head + 1
        for place in range(first[target], first[target + 1]):
            if steps[sources[place]] == NEVER:
                steps[sources[place]] = steps[target] + 1
                queue[tail], tail = sources[place], tail + 1
    return steps


@compiled
def soonest(
    next_state: NDArray[np.int32], probability: Floats, terminated: Bools, allowed: Bools
) -> NDArray[np.int64]:
    """Return the first allowed action with the shortest possible path to an end [S]."""
    states, actions, outcomes = next_state.shape
    steps = steps_to_end(next_state, probability, terminated, allowed)
    policy = np.empty(states, np.int64)
    for state in range(states):
        fewest = NEVER + 1
        for action in range(actions):
            after = NEVER if allowed[state, action] else fewest
            for k in range(outcomes if allowed[state, action] else 0):
                if probability[state, action, k] > 0:
                    ends = terminated[state, action, k]
                    after = min(after, 0 if ends else steps[next_state[state, action, k]])
            if after < fewest:
                policy[state], fewest = action, after
    return policy


@compiled
def step_back(
    next_state: NDArray[np.int64],
    probability: Floats,
    terminated: Bools,
    gains: Floats,
    merit: Floats,
    totals: Floats,
    merits: Floats,
    new: Floats,
    best: NDArray[np.int64],
) -> None:
    """Fill in the new totals [S, 3] and the best action [S], as `exact._step_back`, for one outcome."""
    states, actions = merit.shape
    for state in range(states):
        highest = -np.inf
        for action in range(actions):
            goes_on = not terminated[state, action, 0]
            value = merit[state, action] + (merits[next_state[state, action, 0]] if goes_on else 0.0)
            if value > highest:
                highest, best[state] = value, action
        action = best[state]
        weight = 0.0 if terminated[state, action, 0] else probability[state, action, 0]
        for j in range(totals.shape[1]):
            following = weight * totals[next_state[state, action, 0], j]
            new[state, j] = gains[state, action, j] + following
