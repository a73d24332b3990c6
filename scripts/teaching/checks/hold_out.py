"""Exercise 10: the score of a child with a table in levels that it learned, and in others."""

import numpy as np

from cookie_jar.agents import evaluate, value_iteration
from cookie_jar.envs import Action
from cookie_jar.envs.levels import LEVEL_COUNT, level_kitchen
from cookie_jar.scripts.teaching.checks.worlds import model
from cookie_jar.scripts.teaching.faults import Answers, FaultError, number_of, value_of, whole_numbers

LEARNED, TEST, PERCENT = "LEARNED", "TEST", "PERCENT"
QUESTIONS = {LEARNED: None, TEST: None, PERCENT: None}
GIVEN = (0, 9)
FEWEST, MOST, TIME_LIMIT = 20, 100, 200


def judge(answers: Answers) -> str:
    """Check the levels, then the expected score."""
    if value_of(answers, LEARNED) != list(GIVEN):
        raise FaultError(
            f"{LEARNED}: the child has learned the levels {GIVEN}. Leave this line as it was; change {TEST}."
        )
    first, last = whole_numbers(value_of(answers, TEST), TEST, 2)
    _check_levels(first, last)
    percent = number_of(answers, PERCENT, 0, 100)
    found = _percent(first, last)
    if abs(percent - found) < 1:
        return (
            f"In the levels it learned, the child finds 100 % of the cookies, in the levels {first} to "
            f"{last} {found:.0f} %. It has not learned what to do, only what to do there. Only such a test "
            "shows it."
        )
    if percent == 100:
        reason = (
            "That is its score in the levels that it learned by heart; there are no such levels in your test."
        )
    elif percent == 50:
        reason = "Half was the result of a test that was half known. Nothing in your test is known."
    else:
        reason = "In a level without numbers the child goes up forever. Does it ever get the chair?"
    raise FaultError(
        f"{PERCENT}: you expect {percent:g} % for the levels {first} to {last}, found {found:.0f} %. {reason}"
    )


def _check_levels(first: int, last: int) -> None:
    if not 0 <= first <= last < LEVEL_COUNT:
        raise FaultError(
            f"{TEST}: expected the first and the last level, from 0 to {LEVEL_COUNT - 1:,}, the smaller one "
            f"first; found ({first}, {last})."
        )
    levels, known = last - first + 1, max(0, min(last, GIVEN[1]) - max(first, GIVEN[0]) + 1)
    if known == levels:
        raise FaultError(
            f"{TEST}: the child has learned all {levels} of these levels. It finds "
            f"{_percent(first, last):.0f} % of the cookies, but that tells only that it has learned them by "
            "heart. Choose others."
        )
    if known:
        raise FaultError(
            f"{TEST}: {known} of these {levels} levels {'was' if known == 1 else 'were'} learned. The child "
            f"would find {100 * known / levels:.0f} % of the cookies, all of them there. Choose levels that "
            "it has not learned."
        )
    if levels < FEWEST:
        raise FaultError(
            f"{TEST}: expected at least {FEWEST} levels, found {levels}. In so few, luck says more than "
            "skill."
        )
    if levels > MOST:
        raise FaultError(f"{TEST}: expected at most {MOST} levels, found {levels:,}: more take too long.")


def _percent(first: int, last: int) -> float:
    """Compute in what percentage of the levels the child finds the cookie."""
    found = [_finds(number) for number in range(first, last + 1)]
    return 100 * float(np.mean(found))


def _finds(number: int) -> bool:
    """Return whether the child finds the cookie: it takes the best way where it learned, and else goes up."""
    level = model(kitchen=str(level_kitchen(number)))
    known = GIVEN[0] <= number <= GIVEN[1]
    policy = value_iteration(level).policy if known else np.full(len(level.start), Action.UP)
    return evaluate(level, policy, TIME_LIMIT).success > 0.5
