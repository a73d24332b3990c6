"""Boards as text, actions as letters, and random kitchens, for the tests of the environments."""

from textwrap import dedent

from hypothesis import strategies as st

from cookie_jar.envs import Action, Cookie, Event, Kitchen, KitchenError, State, transition
from cookie_jar.envs.ansi import draw_text, parse_text

LETTERS = dict(zip("udlrc^!123", Action, strict=True))


def acts(letters: str) -> list[Action]:
    return [LETTERS[letter] for letter in letters]


def board(text: str) -> str:
    return dedent(text).strip("\n")


def play(
    kitchen: Kitchen, before: str, letters: str, likes: Cookie = Cookie.CHOCOLATE_CHIP
) -> tuple[str, list[Event]]:
    """Return the board after some actions, and the event of each."""
    state, events = parse_text(kitchen, board(before)), []
    for action in acts(letters):
        state, event = transition(kitchen, likes, state, action)
        state = State(*map(int, state))
        events.append(Event(int(event)))
    return draw_text(kitchen, state), events


@st.composite
def maps(draw: st.DrawFn) -> str:
    """Draw random maps of any form; few of them are kitchens."""
    rows = draw(st.lists(st.text("#.TJSC x", max_size=6), max_size=6))
    return "\n".join(rows)


@st.composite
def kitchens(draw: st.DrawFn) -> Kitchen:
    """Draw random kitchens that can be solved."""
    width, height = draw(st.integers(3, 7)), draw(st.integers(3, 6))
    inside = draw(st.lists(st.sampled_from("..T#"), min_size=width * height, max_size=width * height))
    places = draw(st.permutations(range(width * height)))
    for place, character in zip(places, "JSC", strict=False):
        inside[place] = character
    wall = "#" * (width + 2)
    lines = ["".join(inside[row * width : (row + 1) * width]) for row in range(height)]
    try:
        return Kitchen.parse("\n".join([wall, *(f"#{line}#" for line in lines), wall]))
    except KitchenError:  # cannot be solved: remove tables and walls
        lines = [line.replace("T", ".").replace("#", ".") for line in lines]
        return Kitchen.parse("\n".join([wall, *(f"#{line}#" for line in lines), wall]))
