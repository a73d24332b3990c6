"""Exercise 7: a small kitchen in which three Q-learners find no cookie, although there is a way."""

import re

import gymnasium as gym

from cookie_jar.envs import Kitchen, KitchenError
from cookie_jar.scripts.teaching.checks.worlds import learned, listed
from cookie_jar.scripts.teaching.faults import Answers, FaultError, shown, value_of

NAME = "KITCHEN"
QUESTIONS = {NAME: None}
STEPS, MOST_CELLS = 150_000, 24
KITCHEN = "^kitchen[,:] "  # the beginning of its errors


def judge(answers: Answers) -> str:
    """Check the map, then what the three children learn."""
    text = value_of(answers, NAME)
    if not isinstance(text, str):
        raise FaultError(
            f"{NAME}: expected a map as text between three quotation marks, found {shown(text)}."
        )
    kitchen = _parsed(text)
    cells = int(kitchen.reachable.sum())
    if cells > MOST_CELLS:
        raise FaultError(
            f"{NAME}: expected at most {MOST_CELLS} free cells, found {cells}. Anything fails in a kitchen "
            "that is large enough; make it hard, not large."
        )
    scores = learned(gym.make("CookieJar-v0", kitchen=str(kitchen)), STEPS)
    found = sum(score.success > 0.5 for score in scores)
    percents = listed([score.percent for score in scores])
    acts = scores[0].optimum.length
    if found:
        advice = "Make the way to the chair and back to the jar longer." if acts < 30 else "A little longer."
        raise FaultError(
            f"{NAME}: {found} of the three children {'finds' if found == 1 else 'find'} the cookie after "
            f"{STEPS:,} actions ({percents} of what is possible); expected none. The shortest way takes "
            f"{acts:.0f} actions. {advice}"
        )
    return (
        f"None of the three finds the cookie ({percents}), though {acts:.0f} actions would do. Before the "
        "first cookie there is no news that could travel: the numbers along the way know nothing."
    )


def _parsed(text: str) -> Kitchen:
    try:
        return Kitchen.parse(text)
    except KitchenError as error:
        reason, *drawing = re.sub(KITCHEN, "", str(error)).split("\n")
        if "path" in reason:
            drawing.append("There must be a way for the child; only Q-learning should not find it.")
        raise FaultError("\n".join([f"{NAME}: {reason}.", *drawing])) from None
