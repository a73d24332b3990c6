"""Exercise 5: exploration by random actions, and by a hopeful first number."""

from cookie_jar.scripts.teaching.checks.worlds import SOLVED, listed, percents
from cookie_jar.scripts.teaching.faults import Answers, FaultError, is_number, number_of, value_of

ANNA, BEN = "EXPLORATION_OF_ANNA", "FIRST_NUMBER_OF_BEN"
QUESTIONS = {ANNA: None, BEN: None}
ENV, STEPS = "CookieJar-v0", 100_000
IN_VAIN = -0.01 / (1 - 0.99)  # the value of useless actions forever


def judge(answers: Answers) -> str:
    """Check what the two children learn, for three seeds each."""
    share = value_of(answers, ANNA)
    if is_number(share) and 1 < share <= 100:
        raise FaultError(
            f"{ANNA}: expected a share from 0 to 1, found {share:g}. {share:g} % is {share / 100:g}."
        )
    share = number_of(answers, ANNA, 0, 1)
    anna = _scores(share, 0.0)
    if min(anna) < SOLVED:
        raise FaultError(
            f"{ANNA}: with the share {share:g}, Anna reaches {listed(anna)} in three attempts; expected at "
            f"least {SOLVED} %. Who nearly always acts at random gets 15 right actions in a row too seldom: "
            "less."
        )
    first = number_of(answers, BEN, -1_000, 1_000)
    ben = _scores(0.0, first)
    found = f"with the first number {first:g}, Ben reaches {listed(ben)} in three attempts"
    if min(ben) >= SOLVED:
        return (
            f"Anna reaches {listed(anna)}; {found}, without exploring. An action that was tried in vain "
            f"looks worse than one never tried, as long as the first number is above {IN_VAIN:z.0f}: hope "
            "explores."
        )
    if first <= IN_VAIN:
        raise FaultError(
            f"{BEN}: {found}; expected at least {SOLVED} %. Useless actions forever are worth -0.01 / (1 - "
            f"0.99) = {IN_VAIN:z.0f}. He hopes for {first:g} elsewhere, which is not more, so he repeats "
            "what he did first forever. Let him hope for more."
        )
    raise FaultError(
        f"{BEN}: {found}; expected at least {SOLVED} %. He hopes for so much that after {STEPS:,} actions he "
        "is still disappointed by everything, the right way included. Let him hope for less."
    )


def _scores(exploration: float, first: float) -> list[float]:
    rates = {"exploration_initial_eps": exploration, "exploration_final_eps": exploration}
    return percents(ENV, STEPS, **rates, initial_value=first)
