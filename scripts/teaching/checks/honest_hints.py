"""Exercise 9: a hint for each pair of distances; whether the best policy stays the best, and why."""

import numpy as np
from numpy.typing import NDArray

from cookie_jar.agents import evaluate, value_iteration
from cookie_jar.envs.shaping import HINT_PER_STEP, fewest_steps
from cookie_jar.scripts.teaching.checks.worlds import model, world
from cookie_jar.scripts.teaching.faults import Answers, FaultError, number, value_of

NAME = "hint"
FARTHEST = 17  # actions to the cookie in the kitchen "home"
GAMMA, OTHER_GAMMA, TIME_LIMIT = 0.99, 0.9, 200
PAIRS = [
    (before, after)
    for before in range(1, FARTHEST + 1)
    for after in (before - 1, before, before + 1)
    if after <= FARTHEST
]  # an action changes the distance by 1 at most, but for a cookie that is eaten
QUESTIONS = {
    NAME: [[before, after, gamma] for gamma in (GAMMA, OTHER_GAMMA) for before, after in PAIRS],
}

Hints = dict[tuple[int, int], float]


def judge(answers: Answers) -> str:
    """Check the hints for two discount factors."""
    results = [number(value, f"The result of {NAME}", -100, 100) for value in value_of(answers, NAME)]
    hints = dict(zip(PAIRS, results[: len(PAIRS)], strict=True))
    others = dict(zip(PAIRS, results[len(PAIRS) :], strict=True))
    _check_direction(hints)
    plain, hinted = _returns(hints)
    if hinted < plain - 0.01:
        away, back = hints[5, 6], hints[6, 5]
        raise FaultError(
            f"{NAME}: with your hints the best policy gets {hinted:.2f} of true happiness instead of "
            f"{plain:.2f}: it never takes the cookie. A step away (5 to 6 actions) pays {away:+.3f}, and the "
            f"step back {back:+.3f}: {away + back:+.3f} for each round, forever. A step away must cost what "
            "the step back pays."
        )
    _check_formula(hints, others)
    return (
        f"The best policy with your hints is the best without: {hinted:.2f} of true happiness. Rounds pay "
        "nothing, for what is given on the way there is taken on the way back. Hints must use the child's "
        "own gamma: `hint_gamma` of the kitchens has to match it."
    )


def _check_direction(hints: Hints) -> None:
    nearer, farther = hints[5, 4], hints[5, 6]
    if all(value == 0 for value in hints.values()):
        raise FaultError(
            f"{NAME}: all hints are 0. That is no lie, but no help either. Expected more for coming nearer."
        )
    if nearer <= farther:
        raise FaultError(
            f"{NAME}: coming nearer (from 5 actions to 4) gives {nearer:+.3f}, going away (from 5 to 6) "
            f"{farther:+.3f}. Expected more for coming nearer. The values are negative: -0.1 for each action."
        )


def _returns(hints: Hints) -> tuple[float, float]:
    """Return the true happiness of the best policy without and with the hints, in the kitchen "home"."""
    plain = model(kitchen="home")
    distance = fewest_steps(world(kitchen="home").unshaped_model).astype(int)
    after = np.where(plain.terminated, 0, distance[plain.next_state])
    before = np.broadcast_to(distance[:, None, None], after.shape)
    hinted = plain._replace(reward=plain.reward + _table(hints)[before, after])
    policies = [value_iteration(rewards, GAMMA).policy for rewards in (plain, hinted)]
    without, found = (evaluate(plain, policy, TIME_LIMIT).mean_return for policy in policies)
    return without, found


def _table(hints: Hints) -> NDArray[np.float64]:
    """Return the hints as an array by the distances before and after."""
    table = np.zeros((FARTHEST + 1, FARTHEST + 1))
    for pair, value in hints.items():
        table[pair] = value
    return table


def _check_formula(hints: Hints, others: Hints) -> None:
    """Check that the hints are changes of a value, also for another discount factor."""
    if hints == others:
        raise FaultError(
            f"{NAME}: {NAME}(5, 4, {GAMMA:g}) and {NAME}(5, 4, {OTHER_GAMMA:g}) are both {hints[5, 4]:+.3f}. "
            "Expected a hint that uses gamma: a hint that is made for another gamma lies to a child that "
            "looks far ahead."
        )
    swapped = all(
        _near(value, _change(after, before, gamma, -1))
        for (before, after), value, gamma in _all(hints, others)
    )
    if swapped:
        raise FaultError(
            f"{NAME}: gamma stands before the wrong value. Expected it before the value after the action."
        )
    for (before, after), value, gamma in _all(hints, others):
        expected = _change(before, after, gamma)
        if not _near(value, expected):
            place = "the end, whose value is 0" if after == 0 else f"{after}"
            raise FaultError(
                f"{NAME}: from distance {before} to {place}, with gamma {gamma:g}: the value before is "
                f"{HINT_PER_STEP * before:z.1f}, the value after {HINT_PER_STEP * after:z.1f}; expected "
                f"{expected:+z.4f}, found {value:+z.4f}."
            )


def _all(hints: Hints, others: Hints) -> list[tuple[tuple[int, int], float, float]]:
    return [
        (pair, value, gamma)
        for gamma, table in ((GAMMA, hints), (OTHER_GAMMA, others))
        for pair, value in table.items()
    ]


def _change(before: int, after: int, gamma: float, sign: int = 1) -> float:
    """Return gamma times the value after minus the value before, or what it is if the two are swapped."""
    return sign * (gamma * HINT_PER_STEP * after - HINT_PER_STEP * before)


def _near(found: float, expected: float) -> bool:
    return abs(found - expected) < 1e-9
