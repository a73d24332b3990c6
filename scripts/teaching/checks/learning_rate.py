"""Exercise 4: three children learn in the clumsy kitchen with the chosen learning rate."""

from cookie_jar.scripts.teaching.checks.worlds import SOLVED, listed, percents
from cookie_jar.scripts.teaching.faults import Answers, FaultError, number_of

NAME = "LEARNING_RATE"
QUESTIONS = {NAME: None}
ENV, STEPS = "CookieJarClumsy-v0", 200_000
SLOW, FAST = 0.05, 0.3  # beyond these, children fail


def judge(answers: Answers) -> str:
    """Check what the three children have learned."""
    rate = number_of(answers, NAME, 0, 1)
    if rate == 0:
        raise FaultError(f"{NAME}: with 0 no number ever changes, and a child learns nothing. Choose more.")
    scores = percents(ENV, STEPS, learning_rate=rate)
    found = f"With the learning rate {rate:g} the three children reach {listed(scores)} of what is possible"
    if min(scores) >= SOLVED:
        return f"{found}. Small enough to take the mean over good and bad luck, large enough to get there."
    if rate < SLOW:
        raise FaultError(
            f"{found}; expected at least {SOLVED} % of each. Each new experience changes a number by only "
            f"{100 * rate:g} % of the difference: the news about the cookie travels too slowly. Choose a "
            "larger one."
        )
    if rate == 1:
        raise FaultError(
            f"{found}; expected at least {SOLVED} % of each. With 1 a number is forgotten at each new "
            "experience: one slip, and a good action looks bad. Choose a smaller one."
        )
    raise FaultError(
        f"{found}; expected at least {SOLVED} % of each. A single slip changes a number by {100 * rate:g} % "
        "of the difference, so the numbers never settle. Choose a smaller one."
    )
