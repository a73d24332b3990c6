"""The dynamics of the world: states, actions, events and the transition function.

No other module knows these rules; all tables are derived from `transition`.
"""

from enum import IntEnum
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np

from .arrays import Bools, Bytes, Floats, Ints, frozen
from .errors import ActionError, OptionError, StateError, shown
from .kitchen import Kitchen

CARRIED = -1  # the chair's "cell" while the child carries it
CLOSED = 8  # the jar's value while it is closed; an open jar is the set of places still filled, 0 to 7
FULL = 0b111


class Named(IntEnum):
    """An `IntEnum` with readable labels."""

    @property
    def label(self) -> str:
        """The name in lower case, with spaces."""
        return self.name.lower().replace("_", " ")


class Action(Named):
    """The actions of the child."""

    UP = 0
    DOWN = 1
    LEFT = 2
    RIGHT = 3
    CHAIR = 4  # lift the chair in this cell, or put it down
    CLIMB = 5  # climb on the chair, or off it
    REACH = 6
    PICK_LEFT = 7
    PICK_MIDDLE = 8
    PICK_RIGHT = 9


PICKS = (Action.PICK_LEFT, Action.PICK_MIDDLE, Action.PICK_RIGHT)


class Cookie(Named):
    """The three cookies, in their order in a jar that is not shuffled."""

    RAISIN = 0
    CHOCOLATE_CHIP = 1
    PLAIN = 2


ARRANGEMENTS = frozen(
    np.array(list(permutations(Cookie)), np.int64)
)  # [6, 3]: the cookies at left, middle, right


class Event(Named):
    """The event that an action causes. Each event has its happiness, and `YUM` ends the episode.

    The numbers are those of `info["event_id"]`; they never change.
    """

    NOTHING = 0
    WALK = 1
    BUMP = 2
    LIFT = 3
    PUT = 4
    UP = 5
    DOWN = 6
    VAIN = 7
    OPEN = 8
    YUCK = 9
    YUM = 10


NO_EVENT = -1  # the `event_id` at the start of an episode


class Happiness(NamedTuple):
    """The happiness of each kind of event: the reward without hints."""

    act: float = -0.01
    reach_in_vain: float = -0.02
    jar_reached: float = 0.50
    cookie_disliked: float = -0.50
    cookie_liked: float = 1.00

    def of_events(self) -> tuple[float, ...]:
        """Return the happiness of each `Event`, in the order of the events."""
        special = {
            Event.VAIN: self.reach_in_vain,
            Event.OPEN: self.jar_reached,
            Event.YUCK: self.cookie_disliked,
            Event.YUM: self.cookie_liked,
        }
        return tuple(special.get(event, self.act) for event in Event)


class State(NamedTuple):
    """A state of the world, or arrays of states of one shape.

    Attributes:
        child: The child's cell.
        chair: The chair's cell, or `CARRIED`.
        standing: 1 if the child stands on the chair, else 0.
        jar: `CLOSED`, or the set of places still filled (bit 0 left, bit 1 middle, bit 2 right).
        arrangement: The order of the cookies, a row of `ARRANGEMENTS`.
    """

    child: Any
    chair: Any
    standing: Any
    jar: Any
    arrangement: Any


def transition(kitchen: Kitchen, likes: int, state: State, action: Any) -> tuple[State, Ints]:
    """Compute the next state and the event of an action.

    Args:
        kitchen: The map.
        likes: The `Cookie` that ends the episode.
        state: A state, or arrays of states that broadcast with `action`.
        action: `Action` numbers.

    Returns:
        The next state and the `Event`, in the shape that state and action broadcast to.

    Raises:
        OptionError: If there is no such kitchen or cookie.
        StateError: If there is no such state in the kitchen.
        ActionError: If there is no such action, or state and action do not broadcast.
    """
    if not isinstance(kitchen, Kitchen):
        raise OptionError(f"transition: expected a Kitchen, got {shown(kitchen)}")
    if isinstance(likes, bool) or not isinstance(likes, (int, np.integer)) or not 0 <= likes < len(Cookie):
        raise OptionError(f"likes: expected the number of a Cookie, got {shown(likes)}")
    parts, inside = checked_parts(kitchen, state)
    if not inside.all():
        raise StateError(f"expected a State of this kitchen, got {shown(state)}")
    actions = whole_numbers(action)
    if actions is None or ((actions < 0) | (actions >= len(Action))).any():
        raise ActionError(f"expected actions below {len(Action)}, got {shown(action)}")
    try:
        np.broadcast_shapes(inside.shape, actions.shape)
    except ValueError:
        shapes = f"{inside.shape} and {actions.shape}"
        raise ActionError(f"expected states and actions that broadcast, got the shapes {shapes}") from None
    return outcomes(kitchen, likes, parts, actions)


def state_limits(kitchen: Kitchen) -> State:
    """Return the (first, last + 1) value of each part of a state."""
    cells = len(kitchen.places)
    return State((0, cells), (CARRIED, cells), (0, 2), (0, CLOSED + 1), (0, len(ARRANGEMENTS)))


def whole_numbers(values: Any) -> Ints | None:
    """Return values as an int64 array; None if they are not whole numbers of 64 bits."""
    try:
        array = np.asarray(values)
    except Exception:  # ragged, or not convertible for a reason of its own
        return None
    if array.dtype.kind not in "iu" or (array > np.iinfo(np.int64).max).any():
        return None
    return array.astype(np.int64, copy=False)


def checked_parts(kitchen: Kitchen, state: Any) -> tuple[State, Bools]:
    """Return the parts of states as int64 arrays, and whether all parts of each state are in their limits.

    Raises:
        StateError: If there are not five parts, of whole numbers, whose shapes broadcast.
    """
    parts = [whole_numbers(part) for part in state] if isinstance(state, tuple) and len(state) == 5 else []
    arrays = [part for part in parts if part is not None]
    try:
        shape = np.broadcast_shapes(*(part.shape for part in arrays))
    except ValueError:
        arrays = []
    if len(arrays) != 5:
        raise StateError(f"expected a State of whole numbers, got {shown(state)}")
    inside = np.ones(shape, np.bool_)
    for part, (low, high) in zip(arrays, state_limits(kitchen), strict=True):
        inside = inside & (low <= part) & (part < high)
    return State(*arrays), inside


def outcomes(kitchen: Kitchen, likes: int, state: State, action: Any) -> tuple[State, Ints]:
    """Compute the next state and the event of an action, as `transition`, without checks."""
    actions, before = np.asarray(action), State(*map(np.asarray, state))
    shape = np.broadcast_shapes(actions.shape, *(part.shape for part in before))
    after, event = State(*(np.broadcast_to(part, shape).copy() for part in before)), np.zeros(shape, np.int64)
    for each in np.flatnonzero(np.bincount(actions.ravel())).tolist():
        then, happened = act(kitchen, likes, before, Action(each))
        where = actions == each
        for whole, new, old in zip((*after, event), (*then, happened), (*before, None), strict=True):
            if new is not old:
                np.copyto(whole, new, where=where)
    return after, event


def act(kitchen: Kitchen, likes: int, state: State, action: Action) -> tuple[State, Bytes]:
    """Compute the next states and the events of one action in several states (arrays that broadcast).

    Parts that the action never changes are returned as they are, and parts that it does not depend on do not
    enlarge the others: the compiler computes a walk once for all jars.
    """
    child, chair, standing, jar, arrangement = state
    on_floor = standing == 0
    if action <= Action.RIGHT:
        target = np.where(on_floor, kitchen.neighbours[:, action].astype(child.dtype)[child], child)
        event = _first(Event.BUMP, on_floor)
        return state._replace(child=target), _first(Event.WALK, target != child, event)
    if action == Action.CHAIR:
        lifts, puts = on_floor & (chair == child), chair == CARRIED
        chair = np.where(lifts, CARRIED, np.where(puts, child, chair))
        return state._replace(chair=chair), _first(Event.LIFT, lifts, _first(Event.PUT, puts))
    if action == Action.CLIMB:
        climbs = chair == child
        event = _first(Event.UP, climbs & on_floor, _first(Event.DOWN, climbs))
        return state._replace(standing=np.where(climbs, 1 - standing, standing)), event
    tall_enough, closed = ~on_floor & kitchen.beside_jar[child], jar == CLOSED
    if action == Action.REACH:
        opens = closed & tall_enough
        event = _first(Event.OPEN, opens, _first(Event.VAIN, closed))
        return state._replace(jar=np.where(opens, FULL, jar)), event
    place = action - Action.PICK_LEFT
    picks = tall_enough & ~closed & (jar >> place & 1 == 1)
    liked = (ARRANGEMENTS[:, place] == likes)[arrangement]
    event = _first(Event.YUM, picks & liked, _first(Event.YUCK, picks))
    return state._replace(jar=np.where(picks, jar & ~(1 << place), jar)), event


def _first(event: Event, happens: Bools, otherwise: Any = Event.NOTHING) -> Bytes:
    """Return the event where it happens, and otherwise another event or those of an array."""
    return np.where(happens, np.int8(event), np.int8(otherwise))


def slips(clumsiness: float) -> tuple[Ints, Floats]:
    """Return the actions that may happen instead of the intended action.

    A walk goes in each of the two perpendicular directions with probability clumsiness / 2.

    Returns:
        The possible actions for each intended action [A, K] and their probabilities [A, K]; the intended
        action comes first. K is 1 without clumsiness, else 3.
    """
    meant = np.array(Action, np.int64)
    if clumsiness == 0:
        return meant[:, None], np.ones((len(Action), 1))
    actions = np.repeat(meant[:, None], 3, axis=1)
    actions[[Action.UP, Action.DOWN], 1:] = Action.LEFT, Action.RIGHT
    actions[[Action.LEFT, Action.RIGHT], 1:] = Action.UP, Action.DOWN
    probability = np.zeros((len(Action), 3))
    probability[:, 0] = 1
    probability[: Action.RIGHT + 1] = 1 - clumsiness, clumsiness / 2, clumsiness / 2
    return actions, probability
