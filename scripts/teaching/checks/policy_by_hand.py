"""Exercise 6: play a policy that is written down for each situation of the corner."""

from typing import Any

from cookie_jar.envs import Action, Event, State
from cookie_jar.envs.dynamics import CARRIED, CLOSED
from cookie_jar.scripts.teaching.checks.worlds import world
from cookie_jar.scripts.teaching.faults import Answers, FaultError, choice, shown, value_of

NAME = "POLICY"
QUESTIONS = {NAME: None}
ACTIONS = [action.label for action in Action]
SIDES = ("left", "right")


def judge(answers: Answers) -> str:
    """Play the policy from the start, until the cookie, a fault or a circle."""
    policy = _checked(value_of(answers, NAME))
    kitchen = world(kitchen="corner")
    state, happiness, acts, passed = kitchen.state(0), 0.0, list[str](), list[State]()
    event = Event.NOTHING
    while event != Event.YUM:
        here = situation(state)
        way = f"After {', '.join(acts)}" if acts else "At the start"
        if state in passed:
            raise FaultError(
                f'{way}: the situation is "{here}" again, so the child goes round forever: 200 actions, '
                "happiness -2.00. Change one of these actions."
            )
        if here not in policy:
            raise FaultError(
                f'{way}: the situation is "{here}", for which {NAME} has no action. Add it, or change what '
                "leads there."
            )
        acts.append(policy[here])
        passed.append(state)
        place = kitchen.number(state), ACTIONS.index(acts[-1]), 0
        event = Event(kitchen.event[place])
        happiness += float(kitchen.unshaped_model.reward[place])
        state = kitchen.after(state, place[1])
        _check_event(event, f'"{here}": {acts[-1]}', state == passed[-1])
    return (
        f"{len(acts)} actions, happiness {happiness:.2f}: no policy does better, and no computer was needed."
    )


def situation(state: State) -> str:
    """Return the words for a state of the corner."""
    side = SIDES[state.child]
    if state.standing:
        return f"child on the chair, {side}" + (", jar open" if state.jar != CLOSED else "")
    if state.chair == CARRIED:
        return f"child {side}, carries the chair"
    return f"child {side}, chair {SIDES[state.chair]}"


def _checked(policy: Any) -> dict[str, str]:
    if not isinstance(policy, dict) or "odd" in policy or not policy:
        raise FaultError(f"{NAME}: expected a dictionary from situations to actions, found {shown(policy)}.")
    return {here: choice(action, f'{NAME}, "{here:.60}"', ACTIONS) for here, action in policy.items()}


def _check_event(event: Event, act: str, stays: bool) -> None:
    if event == Event.YUCK:
        raise FaultError(
            f"{act} takes a cookie that the child does not like: -0.50. The liked one lies in the middle."
        )
    if event == Event.VAIN:
        raise FaultError(
            f"{act} is in vain here (-0.02), and the child does it again forever. To reach the jar, it must "
            "stand on the chair, beside the jar."
        )
    if stays:
        raise FaultError(
            f"{act} changes nothing here, so the child does it forever: 200 actions, happiness -2.00. Where "
            "is the child, and where is the chair?"
        )
