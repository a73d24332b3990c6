"""Exercise 8: the best policy for other rewards, found by value iteration."""

from typing import NamedTuple

from cookie_jar.agents import value_iteration
from cookie_jar.envs import Event
from cookie_jar.scripts.teaching.checks.worlds import model, world
from cookie_jar.scripts.teaching.faults import Answers, FaultError, number_of

VAIN, DISLIKED = "REACHING_IN_VAIN", "COOKIE_DISLIKED"
QUESTIONS = {VAIN: None, DISLIKED: None}
GAMMA, TIME_LIMIT = 0.99, 200


class Best(NamedTuple):
    """The best policy from the start.

    Attributes:
        events: What happens, until the end of the episode.
        value: The discounted sum of its rewards.
    """

    events: list[Event]
    value: float


def best(**happiness: float) -> Best:
    """Compute the best policy for other rewards in the corner."""
    kitchen = world(kitchen="corner", happiness=happiness)
    rewards, events, state = model(kitchen="corner", happiness=happiness), list[Event](), 0
    solution = value_iteration(rewards, GAMMA)
    while len(events) < TIME_LIMIT:
        place = state, int(solution.policy[state]), 0
        events.append(Event(kitchen.event[place]))
        if rewards.terminated[place]:
            break
        state = int(rewards.next_state[place])
    return Best(events, float(solution.values[0]))


def judge(answers: Answers) -> str:
    """Check the two rewards, each by itself."""
    vain = number_of(answers, VAIN, -1_000, 1_000)
    reaching = best(reach_in_vain=vain)
    if reaching.events.count(Event.VAIN) < TIME_LIMIT:
        raise FaultError(_too_little(vain, best().value))
    disliked = number_of(answers, DISLIKED, -1_000, 1_000)
    eating = best(cookie_disliked=disliked)
    eaten = eating.events.count(Event.YUCK)
    if eaten < 2 or Event.YUM not in eating.events:
        raise FaultError(_too_bitter(disliked, eaten))
    return (
        f"With {vain:g} for reaching in vain, the best policy does so {TIME_LIMIT} times and never wants a "
        f"cookie. With {disliked:g} for a disliked cookie, it eats both and then the liked one, in "
        f"{len(eating.events)} actions. Nobody cheated: the rewards said so."
    )


def _too_little(vain: float, usual: float) -> str:
    start = f"{VAIN}: with {vain:g} the best policy still fetches the cookie"
    if vain < 0:
        return f"{start}. Reaching in vain costs something; expected a reward that makes it worth while."
    if vain == 0:
        return f"{start}. Reaching in vain brings nothing forever, the cookie brings {usual:.2f}."
    return (
        f"{start}. For ever {vain:g} is worth {vain:g} / (1 - {GAMMA:g}) = {vain / (1 - GAMMA):.2f}, and the "
        f"way to the cookie is worth {usual:.2f}. Make the first larger than the second."
    )


def _too_bitter(disliked: float, eaten: int) -> str:
    start = (
        f"{DISLIKED}: with {disliked:g} the best policy eats {eaten} of the disliked cookies; expected both"
    )
    if disliked < 0:
        return f"{start}. The child loses happiness by them. Expected a reward that makes them worth while."
    if disliked == 0:
        return f"{start}. They bring nothing, and the liked cookie comes later. Expected more."
    return (
        f"{start}. Each of them brings {disliked:g}, but the liked cookie comes an action later: then it is "
        f"worth {GAMMA:g} instead of 1, a loss of about {1 - GAMMA:.2f}. Expected more."
    )
