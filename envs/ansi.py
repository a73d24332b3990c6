"""States as text on the map of their kitchen, drawn and parsed."""

import re

from .dynamics import ARRANGEMENTS, CARRIED, CLOSED, FULL, Cookie, State
from .errors import StateError
from .kitchen import CHAIR, CHILD, FLOOR, Kitchen

TOGETHER, STANDING, CARRYING, OPEN_JAR = "B^&O"  # child beside the chair, on it, holding it; jar open


def draw_text(kitchen: Kitchen, state: State) -> str:
    """Draw the map with child, chair and jar.

    If the jar is open or shuffled, a line lists the cookies, with eaten ones in brackets.
    """
    board = [list(re.sub(f"[{CHILD}{CHAIR}]", FLOOR, row)) for row in kitchen.rows]
    if state.chair != CARRIED:
        row, column = kitchen.places[state.chair]
        board[row][column] = CHAIR
    row, column = kitchen.places[state.child]
    board[row][column] = _child(state)
    if state.jar != CLOSED:
        row, column = kitchen.jar
        board[row][column] = OPEN_JAR
    lines = ["".join(line) for line in board]
    if state.jar != CLOSED or state.arrangement != 0:
        lines.append(f"jar: {cookies_text(state)}")
    return "\n".join(lines)


def parse_text(kitchen: Kitchen, text: str) -> State:
    """Parse a drawing by `draw_text`, and return the state.

    Raises:
        StateError: If the text is not a drawing of a state of this kitchen.
    """
    *board, last = text.splitlines() or [""]
    if last.startswith("jar: "):
        arrangement, filled = _parse_cookies(last.removeprefix("jar: "))
    else:
        board, arrangement, filled = [*board, last], 0, FULL
    child, chair, standing, jar = None, CARRIED, 0, CLOSED
    for row, line in enumerate(board):
        for column, character in enumerate(line):
            cell = kitchen.cell_at.get((row, column), -1)
            if character in CHAIR + TOGETHER + STANDING:
                chair = cell
            if character in CHILD + TOGETHER + STANDING + CARRYING:
                child = cell
            if character == STANDING:
                standing = 1
            if character == OPEN_JAR:
                jar = filled
    if child is not None:
        state = State(child, chair, standing, jar, arrangement)
        if child >= 0 and draw_text(kitchen, state) == text:
            return state
    raise StateError(f"expected a drawing of a state in this kitchen\n{kitchen}\ngot\n{text}")


def cookies_text(state: State) -> str:
    """List the cookies at left, middle and right, with eaten ones in brackets."""
    filled = FULL if state.jar == CLOSED else state.jar
    names = [Cookie(cookie).label for cookie in ARRANGEMENTS[state.arrangement]]
    return ", ".join(name if filled >> place & 1 else f"({name})" for place, name in enumerate(names))


def _child(state: State) -> str:
    if state.standing:
        return STANDING
    if state.chair == CARRIED:
        return CARRYING
    return TOGETHER if state.chair == state.child else CHILD


def _parse_cookies(text: str) -> tuple[int, int]:
    words = text.split(", ")
    filled = sum(1 << place for place, word in enumerate(words) if not word.startswith("("))
    names = [word.strip("()") for word in words]
    for arrangement, cookies in enumerate(ARRANGEMENTS):
        if names == [Cookie(cookie).label for cookie in cookies]:
            return arrangement, filled
    raise StateError(f"expected the three cookies of the jar, got {text!r}")
