"""Exercise 2: the update of Q-learning for a step in the middle, and for the end of an episode."""

from cookie_jar.scripts.teaching.faults import Answers, FaultError, number, value_of

NAME = "new_number"
MIDDLE = (0.4, -0.01, [0.4, 0.9, 0.1], False, 0.25, 0.9)
END = (0.2, 1.0, [0.4, 0.9, 0.1], True, 0.25, 0.9)
OTHERS = (  # such as no rule that fits the two above by chance can know
    (-0.3, -0.02, [-0.5, -0.2, -0.4, -0.6], False, 0.1, 0.99),
    (0.7, 0.5, [0.0, 0.0], False, 1.0, 0.5),
    (1.1, -0.5, [0.3, 2.0, 0.1], True, 0.05, 0.99),
    (0.4, 0.0, [1.25], False, 0.0, 0.9),
)
QUESTIONS = {NAME: [list(case) for case in (MIDDLE, END, *OTHERS)]}


def right(
    before: float, reward: float, following: list[float], ended: bool, rate: float, gamma: float
) -> float:
    """Return the new number."""
    target = reward if ended else reward + gamma * max(following)
    return before + rate * (target - before)


def judge(answers: Answers) -> str:
    """Check the results: first with the known mistakes, then whether the rule always holds."""
    results = value_of(answers, NAME)
    found = [number(value, f"The result of {NAME}", -1e9, 1e9) for value in results]
    _check_middle(found[0])
    _check_end(found[1])
    for case, value in zip(OTHERS, found[2:], strict=True):
        if not _near(value, right(*case)):
            before, reward, following, ended, rate, gamma = case
            raise FaultError(
                f"{NAME} is right for one step, but not for another: with before {before:g}, reward "
                f"{reward:g}, next numbers {following}, ended {ended}, learning rate {rate:g} and gamma "
                f"{gamma:g} expected {right(*case):.4f}, found {value:.4f}. Use all the arguments, and no "
                "numbers of your own."
            )
    return (
        f"From {MIDDLE[0]:g} a quarter of the way to the target 0.80 is {found[0]:.2f}; at the end of an "
        f"episode, the target is the reward alone, so {END[0]:g} becomes {found[1]:.2f}. This is all of "
        "learning."
    )


def _check_middle(found: float) -> None:
    before, reward, following, _, rate, gamma = MIDDLE
    best = max(following)
    target = reward + gamma * best
    known = {
        before + rate * (reward + best - before): "the next number counts whole. Discount it: gamma times it",
        before
        + rate * (reward - before): "only the reward counts. Add what comes next: gamma times the largest",
        target: "the old number is gone. Go only a part of the way: learning_rate times the difference",
        before + rate * target: "the old number was not subtracted from the target",
        before + (target - before) * gamma: "the step is gamma. It should be the learning rate",
        rate * target: "the old number was subtracted too late: put brackets around target - before",
        before - rate * (target - before): "the number moves away from the target. Look at the signs",
        rate * (target - before): "the old number was not added. Begin with `before +`",
        before
        + rate * (reward + gamma * min(following) - before): "the smallest next number was taken. Take "
        "the largest: the child will choose the best action",
        before
        + rate * (reward + gamma * sum(following) - before): "all next numbers were added up. Take the "
        "largest: the child takes one action",
        before
        + rate * (reward + gamma * sum(following) / 3 - before): "the mean of the next numbers was taken. "
        "Take the largest: the child will choose the best action",
        before
        + rate * (reward + gamma * following[0] - before): "the first of the next numbers was taken. Take "
        "the largest",
        before: "nothing changed",
    }
    if _near(found, right(*MIDDLE)):
        return
    reasons = (f"So {text}" for value, text in known.items() if _near(found, value))
    reason = next(reasons, "Work it out by hand, formula by formula")
    case = f"before {before:g}, reward {reward:g}, next numbers {following}, learning rate {rate:g}"
    raise FaultError(
        f"With {case} and gamma {gamma:g}: the target is {target:.2f}, expected the new number "
        f"{right(*MIDDLE):.4f}, found {found:.4f}.\n{reason}."
    )


def _check_end(found: float) -> None:
    before, reward, following, _, rate, gamma = END
    expected = right(*END)
    if _near(found, expected):
        return
    reason = "Check how `ended` is used."
    if _near(found, right(before, reward, following, False, rate, gamma)):
        reason = (
            "The next numbers still count, but after the end nothing comes. Use `ended`: then the target is "
            "the reward."
        )
    elif _near(found, reward):
        reason = "The number jumped to the reward. At the end, too, it goes only a part of the way."
    elif _near(found, before):
        reason = "Nothing was learned at the end, although the reward is the greatest news."
    raise FaultError(
        f"The episode has ended with reward {reward:g}: the target is {reward:g}, expected from {before:g} "
        f"the new number {expected:.4f}, found {found:.4f}.\n{reason}"
    )


def _near(found: float, expected: float) -> bool:
    return abs(found - expected) < 1e-9
