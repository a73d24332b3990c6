"""Exercise 1: read the largest of ten numbers, also where all of them are negative."""

from functools import cache

from cookie_jar.agents import QLearning
from cookie_jar.envs import Action
from cookie_jar.scripts.teaching.checks.worlds import world
from cookie_jar.scripts.teaching.faults import Answers, FaultError, choice_of, number_of

START, JAR = "ACTION_AT_THE_START", "ACTION_AT_THE_JAR"
EXPECTED = "EXPECTED_AT_THE_JAR"
QUESTIONS = {START: None, JAR: None, EXPECTED: None}
STEPS = 1_610
TO_THE_JAR = ("right", "chair", "left", "chair", "climb", "reach")
ACTIONS = [action.label for action in Action]

Row = dict[str, float]


@cache
def memory() -> tuple[Row, Row]:
    """Return the numbers of the two situations by action, rounded to three decimals."""
    table = QLearning("CookieJarCorner-v0", seed=0).learn(STEPS).q_table
    kitchen = world(kitchen="corner")
    state = kitchen.state(0)
    for name in TO_THE_JAR:
        state = kitchen.after(state, ACTIONS.index(name))
    rows = table[[0, kitchen.number(state)]].round(3)
    first, second = (dict(zip(ACTIONS, row.tolist(), strict=True)) for row in rows)
    return first, second


def judge(answers: Answers) -> str:
    """Check the actions and the number."""
    start, jar = memory()
    _check_action(START, choice_of(answers, START, ACTIONS), start)
    _check_action(JAR, choice_of(answers, JAR, ACTIONS), jar)
    found, most = number_of(answers, EXPECTED, -1_000, 1_000), max(jar.values())
    if abs(found - most) < 1e-6:
        return (
            f"The child takes the largest of ten numbers: {max(start.values()):.3f} at the start, {most:.3f} "
            "at the jar. So its whole behaviour can be read in its memory."
        )
    if abs(found - sum(jar.values())) < 1e-6:
        raise FaultError(
            f"{EXPECTED}: {found:g} is the sum of the ten numbers, but the child acts once. Take one."
        )
    if abs(found + most) < 1e-6 or found in jar.values():
        owner = next((name for name, value in jar.items() if value == found), "no action")
        raise FaultError(
            f"{EXPECTED}: {found:g} is the number of {owner}, expected that of the action that the child "
            "takes."
        )
    raise FaultError(
        f"{EXPECTED}: {found:g} is none of the ten numbers. Copy that of the action the child takes."
    )


def _check_action(name: str, found: str, row: Row) -> None:
    best = max(row, key=lambda action: row[action])
    if found == best:
        return
    if row[found] == min(row.values()):
        raise FaultError(
            f"{name}: {found} has {row[found]:.3f}, the smallest of the ten numbers, and the child takes the "
            "largest. A number with a minus is smaller the further it is from 0."
        )
    above = sum(value > row[found] for value in row.values())
    raise FaultError(
        f"{name}: {found} has {row[found]:.3f}, but {above} of the ten numbers "
        f"{'is' if above == 1 else 'are'} larger. Go through all of them, and take the largest."
    )
