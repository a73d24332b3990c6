"""Key bindings and buttons: the only list of commands, which the windows and the help page share."""

from collections.abc import Iterable
from typing import Any

import pygame

from cookie_jar.envs import Action
from cookie_jar.envs.dynamics import PICKS
from cookie_jar.scripts.viewer.overlays import SWITCHES
from cookie_jar.scripts.viewer.widgets.buttons import Button

Keys = dict[str, tuple[str, tuple[int, ...], str]]

KEYS: Keys = {
    # command: names of its keys, the keys, the line in the help
    "pause": ("Space", (pygame.K_SPACE,), "pause or continue"),
    "forwards": ("Right", (pygame.K_RIGHT,), "one action forwards"),
    "back": ("Left", (pygame.K_LEFT,), "one action back"),
    "faster": ("Up", (pygame.K_UP, pygame.K_PLUS, pygame.K_KP_PLUS), "faster, up to 16 times"),
    "slower": ("Down", (pygame.K_DOWN, pygame.K_MINUS, pygame.K_KP_MINUS), "slower, down to a quarter"),
    "again": ("R", (pygame.K_r,), "the same episode from its start"),
    "other": ("N", (pygame.K_n,), "the next start (and the next kitchen, if there are several)"),
    "values": ("V", (pygame.K_v,), "values: the happiness to come (discounted), as colours on the floor"),
    "arrows": ("A", (pygame.K_a,), "arrows: the greedy action in each cell"),
    "probabilities": ("P", (pygame.K_p,), "the probability of each direction (policy gradients)"),
    "trail": ("T", (pygame.K_t,), "the child's trail"),
    "panel": ("B", (pygame.K_b,), "the panel with the bars"),
    "earlier": ("Page up", (pygame.K_PAGEUP, pygame.K_COMMA), "the previous snapshot"),
    "later": ("Page down", (pygame.K_PAGEDOWN, pygame.K_PERIOD), "the next snapshot"),
    "first": ("Home", (pygame.K_HOME,), "the first snapshot, before training"),
    "last": ("End", (pygame.K_END,), "the last snapshot"),
    "select": ("Tab", (pygame.K_TAB,), "select the next picture, if there are several"),
    "full": ("F", (pygame.K_f, pygame.K_F11), "full screen"),
    "help": ("H", (pygame.K_h, pygame.K_F1), "this page"),
    "close": ("Esc", (pygame.K_ESCAPE,), "close"),
}
PLAY_KEYS: Keys = {
    "walk": ("Arrows", (), "walk"),
    "chair": ("C", (), "lift the chair in this cell, or put it down"),
    "climb": ("Space", (), "climb on the chair, or off it"),
    "reach": ("R", (), "reach for the jar"),
    "pick": ("1 2 3", (), "eat the left, the middle or the right cookie"),
    "undo": ("Backspace", (pygame.K_BACKSPACE, pygame.K_u), "undo the last action"),
    "ask": ("A", (pygame.K_a,), "show the values that the agent expects here"),
    "again": ("Home", (pygame.K_HOME, pygame.K_F5), "start again"),
    "other": ("N", (pygame.K_n,), "the next start (and the next kitchen, if there are several)"),
    "save": ("S", (pygame.K_s,), "save the episode, for cookie-jar watch"),
    "full": KEYS["full"],
    "help": KEYS["help"],
    "close": KEYS["close"],
}
QUIZ_KEYS: Keys = {
    "answer": ("1 2 3 ...", (), "label the picture"),
    "undo": ("Backspace", (pygame.K_BACKSPACE, pygame.K_LEFT, pygame.K_u), "back to the previous picture"),
    "other": ("N", (pygame.K_n,), "other pictures, at the end"),
    "full": KEYS["full"],
    "help": KEYS["help"],
    "close": KEYS["close"],
}
ACTION_TIPS = {
    Action.UP: "Up: walk up",
    Action.DOWN: "Down: walk down",
    Action.LEFT: "Left: walk to the left",
    Action.RIGHT: "Right: walk to the right",
    Action.CHAIR: "C: lift the chair in this cell, or put it down",
    Action.CLIMB: "Space: climb on the chair, or off it",
    Action.REACH: "R: reach for the jar",
    Action.PICK_LEFT: "1: eat the left cookie",
    Action.PICK_MIDDLE: "2: eat the middle cookie",
    Action.PICK_RIGHT: "3: eat the right cookie",
}
SHORT_WORDS = {name: KEYS[name][0] for name in SWITCHES} | {
    pick.label: f"pick {number}" for number, pick in enumerate(PICKS, 1)
}  # words of the buttons in narrow windows


def command_of(event: Any, keys: Keys = KEYS) -> str | None:
    """Return the command of a key, "quit" if the window was closed, or None for other events."""
    if event.type == pygame.QUIT:
        return "quit"
    if event.type != pygame.KEYDOWN:
        return None
    return next((command for command, (_, numbers, _) in keys.items() if event.key in numbers), None)


def replay_buttons(paused: bool, speed: float, shown: set[str], missing: dict[str, str]) -> list[Button]:
    """Return the buttons of a replay.

    Args:
        paused: Whether the replay is paused.
        speed: The speed of the replay.
        shown: The names from `SWITCHES` that are on.
        missing: The names from `SWITCHES` that are not available, each with the reason.
    """
    return [
        Button("again", icon="again"),
        Button("back", icon="back"),
        Button("pause", icon="play" if paused else "pause", on=not paused),
        Button("forwards", icon="forwards"),
        Button("other", icon="other"),
        Button("slower", icon="less"),
        Button("speed", f"{speed:g}x".center(5), tip="the speed; press for the normal speed"),
        Button("faster", icon="more"),
        *(Button(name, name, on=name in shown, why_not=missing.get(name, "")) for name in SWITCHES),
        Button("help", "?"),
        Button("full", icon="full"),
    ]


def action_buttons(actions: Iterable[Action], cost: float, ended: bool) -> list[Button]:
    """Return a button for each action of a game; `cost` is the happiness of an action in vain."""
    over = "the episode is over" if ended else ""
    words = f"happiness {cost:+g}"
    return [Button(a.label, a.label, why_not=over, tip=f"{ACTION_TIPS[a]}; {words}") for a in actions]


def play_buttons(ended: bool, actions: int) -> list[Button]:
    """Return the buttons of a game after a number of actions, without those for the actions."""
    over, none = "the episode is over" if ended else "", "" if actions else "there is no action yet"
    return [
        Button("undo", "undo", icon="undo", why_not=none),
        Button("again", "again", icon="again", why_not=none),
        Button("other", "next", icon="other"),
        Button("ask", "ask the agent", why_not=over),
        Button("save", "save", why_not=none),
        Button("help", "?"),
        Button("full", icon="full"),
    ]


def quiz_buttons(position: int, *, ended: bool) -> list[Button]:
    """Return the buttons of a quiz at a picture, without those for the answers."""
    first = "" if position else "this is the first picture"
    return [
        Button("undo", "back", icon="undo", why_not="all pictures are labelled" if ended else first),
        Button("other", "other pictures", icon="other", why_not="" if ended else "first label all pictures"),
        Button("help", "?"),
        Button("full", icon="full"),
    ]
