"""Exercise 3: two functions of a Q-learner, of which one line has a bug; the symptoms of the five bugs."""

from typing import Any

from cookie_jar.scripts.teaching.faults import Answers, FaultError, is_number, shown, value_of

RANDOM, EPSILON = 1, 0.1
NUMBERS = [0.4, 0.1, 0.9, -0.2]
CHOICES = [
    [NUMBERS, EPSILON, 0.5, RANDOM],
    [NUMBERS, EPSILON, 0.05, RANDOM],
    [[-3.0, -1.0, -2.0], 0.0, 0.0, 0],
]
TABLE = [[0.2, 0.6, 0.0], [0.1, 0.9, 0.4], [0.0, -0.5, 0.3]]
RATE, GAMMA = 0.25, 0.9
STEPS = (  # state, action, reward, next state, ended
    (0, 0, -0.01, 1, False),
    (0, 0, 1.0, 1, True),
    (2, 1, 0.5, 2, False),
    (1, 2, -0.02, 0, False),
)
LEARNED = [[TABLE, *step, RATE, GAMMA] for step in STEPS]
QUESTIONS = {"choose": CHOICES, "learn": LEARNED}


def judge(answers: Answers) -> str:
    """Check the choices, then the tables."""
    _check_choices(value_of(answers, "choose"))
    tables = value_of(answers, "learn")
    for step, table in zip(STEPS, tables, strict=True):
        _check_step(step, table)
    return (
        "The Q-learner is sound again: it explores seldom, takes the best, and learns from what comes next."
    )


def _check_choices(found: list[Any]) -> None:
    greedy, explored, negative = found
    for action in found:
        if type(action) is not int:
            raise FaultError(f"choose: expected the number of an action, such as 2, found {shown(action)}.")
    if greedy == RANDOM and explored == 2:
        raise FaultError(
            "choose: with epsilon 0.1, a child acts at random in 10 of 100 cases. Yours does so in the other "
            f"90. For chance 0.5 expected the best action, 2 (of the numbers {NUMBERS}), found the random "
            f"one, {greedy}."
        )
    if greedy == 3 or negative == 0:
        raise FaultError(
            f"choose: of the numbers {NUMBERS} the child should take action 2, which promises 0.9; found "
            f"action {greedy}, which promises {_promised(greedy)}. Your child looks for unhappiness."
        )
    if greedy != 2 or negative != 1:
        raise FaultError(
            f"choose: for chance 0.5 and epsilon 0.1 expected the best of the numbers {NUMBERS}, action 2; "
            f"found {greedy}. Of [-3, -1, -2] the best is action 1, and found was {negative}."
        )
    if explored != RANDOM:
        raise FaultError(
            "choose: your child never explores. For chance 0.05, below epsilon 0.1, expected the random "
            f"action, {RANDOM}; found {explored}."
        )


def _promised(action: int) -> str:
    return f"{NUMBERS[action]:g}" if 0 <= action < len(NUMBERS) else "nothing"


def _check_step(step: tuple[int, int, float, int, bool], table: Any) -> None:
    state, action, reward, following, ended = step
    before = TABLE[state][action]
    target = reward if ended else reward + GAMMA * max(TABLE[following])
    expected = before + RATE * (target - before)
    found = _checked_table(table)[state][action]
    changed = [
        (s, a)
        for s, row in enumerate(table)
        for a, value in enumerate(row)
        if (s, a) != (state, action) and abs(value - TABLE[s][a]) > 1e-9
    ]
    if changed:
        s, a = changed[0]
        raise FaultError(
            f"learn: the child was in state {state} and took action {action}, so only "
            f"table[{state}][{action}] may change. But table[{s}][{a}] changed from {TABLE[s][a]:g} to "
            f"{table[s][a]:.4f}."
        )
    if abs(found - expected) < 1e-9:
        return
    ending = "the episode ended there" if ended else f"the next numbers are {TABLE[following]}"
    raise FaultError(
        f"learn: in state {state} the numbers were {TABLE[state]}. After action {action} with reward "
        f"{reward:g}, {ending}: with learning rate {RATE:g} and gamma {GAMMA:g} expected {expected:.4f}, "
        f"found {found:.4f}.\n{_symptom(step, found)}"
    )


def _checked_table(table: Any) -> list[list[float]]:
    shape = [len(row) for row in TABLE]
    if table is None:
        raise FaultError("learn: expected the table, found nothing (None). Its last line was `return table`.")
    if (
        not isinstance(table, list)
        or [len(row) if isinstance(row, list) else 0 for row in table] != shape
        or not all(is_number(value) for row in table for value in row)
    ):
        raise FaultError(f"learn: expected a table of 3 rows with 3 numbers each, found {shown(table)}.")
    return table


def _symptom(step: tuple[int, int, float, int, bool], found: float) -> str:
    """Return what went wrong, without naming the line."""
    state, action, reward, following, ended = step
    before, best = TABLE[state][action], max(TABLE[following])
    known = {
        before
        + RATE * (reward + GAMMA * best): "The number grows without end, for nothing pulls it back: its "
        "distance from the target should be what counts.",
        before
        + RATE * (reward + GAMMA * max(TABLE[state]) - before): "The child hopes for something from the "
        "state that it has just left. What counts is where it arrives.",
        before: "Nothing was learned.",
        reward + GAMMA * best: "The number jumped all the way to the target.",
    }
    if ended:
        known[before + RATE * (reward + GAMMA * best - before)] = (
            "The child still hopes for something after the end. Then nothing comes any more."
        )
    known[before + RATE * (reward + GAMMA * min(TABLE[following]) - before)] = (
        "The child expects that it will take the worst action next. It will take the best."
    )
    for value, text in known.items():
        if abs(value - found) < 1e-9:
            return text
    return "Work out `best`, `target` and the new number by hand, and compare each with your lines."
